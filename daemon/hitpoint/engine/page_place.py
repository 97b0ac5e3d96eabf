"""What the page process needs of the settings. Light, as the supervisor loads it too."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where the page is served, and to whom."""

    host: str
    port: int
    lan: bool = False
    """Other machines may come in, paired."""
    open_to_all: tuple[str, ...] = ()
    """Paths that they may see unpaired."""
    osc_lan: bool = False
    """Other machines may send OSC."""
    config: Path | None = None
    """The settings file that the daemon was given."""
    takes: Path | None = None
    """The take memory that it shows; None for none."""
    sheet: Path | None = None
    """The sheet whose cues takes are made of; None where they are the host's."""
    soundfont: str = "auto"
    """What the settings say of the SoundFont."""
