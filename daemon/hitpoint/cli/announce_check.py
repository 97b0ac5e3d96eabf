"""Whether surfaces on the network find Hitpoint by themselves."""

from importlib import metadata

from hitpoint.cli.machine_checks import Finding, Health
from hitpoint.config.settings import Settings
from hitpoint.errors import PortError
from hitpoint.page.announce import LIBRARY, LICENCE, Opened, load_library, services


def announcing(settings: Settings) -> Finding:
    """What is announced, and whether the extra for it is there; one that nobody asked for may be missing."""
    check = "announcing"
    page, osc = settings.page, settings.osc
    # What is not served is announced as little as what is closed.
    opened = Opened(page.host, page.port or 1, page.lan), Opened(osc.host, osc.port or 1, osc.lan)
    wanted = services(*opened) if page.enabled else ()
    if not wanted:
        return Finding(check, Health.OK, "nothing is announced on a network (only with osc.lan, by the page)")
    try:
        load_library()
    except PortError as error:
        return Finding(check, Health.WARN, str(error), "Or give surfaces this machine's address by hand.")
    kinds = ", ".join(one.kind.removesuffix(".local.") for one in wanted)
    return Finding(check, Health.OK, f"{kinds} by {LIBRARY} {metadata.version(LIBRARY)} ({LICENCE})")
