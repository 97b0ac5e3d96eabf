"""What `hitpoint run` was asked, as its processes hear it. Light, as the supervisor loads it too."""

from dataclasses import dataclass
from pathlib import Path

from hitpoint.config.settings import Settings


@dataclass(frozen=True, slots=True)
class RunStart:
    """The settings in effect, and what is not a setting."""

    settings: Settings
    folder: Path = Path()
    """For this run alone, made by the supervisor: what a control that dies leaves to the next."""
    map_file: Path | None = None
    """Where tempo, metre and markers come from."""
    direction: str = ""
    """What to play where no marker says anything."""
    session_file: Path | None = None
    """Keeps the session beyond this run; None for nowhere."""
    play: bool = False
    """Roll at once."""
    config: Path | None = None
    """The settings file that was given."""
    takes: Path | None = None
    """The take memory that the page shows."""
    sheet: Path | None = None
    """The sheet that the map is; None where it is none."""
    as_json: bool = False
    """Greet in JSON."""
