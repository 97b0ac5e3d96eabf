"""What `hitpoint doctor` says of the control page."""

import socket

from hitpoint.cli.machine_checks import Finding, Health
from hitpoint.config.settings import PageSettings


def page(settings: PageSettings, running: str) -> Finding:
    """Whether its port is free. running: what is known of a daemon that runs; empty for none."""
    if not settings.enabled:
        return Finding("control page", Health.OK, "not served (page.enabled is false)")
    where = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # What was closed a moment ago still holds the port for others, but not for us.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
    except OSError as error:
        if running:
            return Finding("control page", Health.OK, f"{where} is the running Hitpoint's")
        advice = "Stop what uses it, or set page.port (0 for any). All else works without the page."
        return Finding("control page", Health.WARN, f"{where}: {error.strerror or error}", advice)
    return Finding("control page", Health.OK, f"{where} is free")
