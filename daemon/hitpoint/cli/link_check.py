"""Whether Ableton Link can be followed and led here, and by whose licence."""

from importlib import metadata

from hitpoint.cli.machine_checks import Finding, Health
from hitpoint.config.settings import Settings
from hitpoint.engine.leader import LINK
from hitpoint.errors import PortError
from hitpoint.inputs.link_session import LIBRARY, LICENCE, load_library


def link(settings: Settings) -> Finding:
    """Whether the extra is installed and loads; one that nobody asked for may be missing."""
    try:
        load_library()
        return Finding("Link", Health.OK, f"{LIBRARY} {metadata.version(LIBRARY)} ({LICENCE})")
    except PortError as error:
        wanted = LINK in settings.follow or settings.output.link
        if wanted:
            return Finding("Link", Health.WARN, str(error), "Install it, or follow and lead otherwise.")
        return Finding(
            "Link", Health.OK, f"{LIBRARY} is not there or does not load: only needed for follow: link and output.link"
        )
    except metadata.PackageNotFoundError:
        return Finding("Link", Health.OK, f"a {LIBRARY} of unknown version ({LICENCE})")
