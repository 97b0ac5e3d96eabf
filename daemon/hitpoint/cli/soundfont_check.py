"""What `hitpoint doctor` says of the SoundFont that takes are heard with on the page."""

from hitpoint.cli.machine_checks import Finding, Health
from hitpoint.config.host_folders import Machine
from hitpoint.config.settings import OFF, PageSettings
from hitpoint.config.sound_fonts import sound_font
from hitpoint.errors import ConfigError


def soundfont(settings: PageSettings, machine: Machine | None = None) -> Finding:
    """Which one the page plays takes with; without one it has a plain tone."""
    if not settings.enabled or settings.soundfont == OFF:
        return Finding("SoundFont", Health.OK, "not wanted (page.enabled or page.soundfont is off)")
    try:
        path = sound_font(settings.soundfont, machine)
    except ConfigError as error:
        return Finding("SoundFont", Health.WARN, "none: takes have a plain tone on the page", str(error))
    return Finding("SoundFont", Health.OK, f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
