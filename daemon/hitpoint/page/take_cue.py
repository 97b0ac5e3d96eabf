"""A cue that takes can be made of, as far as the page's server needs to know it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class CueToMake:
    """One cue."""

    name: str
    """As people call it; no two have the same."""
    sign: str
    """What it is like, as a digest: when it is another, takes that were made before are of another cue."""
    arguments: tuple[str, ...] = ()
    """Of `hitpoint takes make`."""
    fed: bytes = b""
    """To its standard input."""
    start: int | None = None
    """Tick of the host's timeline at which it enters; None where it is not there."""
    end: int | None = None
    """Tick at which it ends, or the next one enters; None for open."""


@dataclass(frozen=True, slots=True)
class CueList:
    """All of them."""

    cues: tuple[CueToMake, ...] = ()
    """In time order."""
    none: str = ""
    """Where there are none, what to do, for a person."""


class Cues(Protocol):
    """Where they come from."""

    def all(self) -> CueList:
        """All cues there are now. Blocks. Raises nothing."""


@dataclass(frozen=True, slots=True)
class Making:
    """What is made, for those who watch."""

    cues: CueList = field(default_factory=CueList)
    ready: int = 0
    """So many takes are kept ready of each cue; 0 for none."""
    there: Mapping[str, int] = field(default_factory=dict)
    """By a cue's name: takes that were made of it as it is now."""
    run: Mapping[str, Any] | None = None
    one: Mapping[str, Any] | None = None
    preparing: str = ""
    wrong: tuple[tuple[str, str], ...] = ()
    """Names of cues of which none could be made, and why."""
    made: int = 0
    """Takes since the page's process was started."""

    def told(self) -> dict[str, Any]:
        """As clients see it, see API.md."""
        cues = [
            {"name": cue.name, "start": cue.start, "end": cue.end, "there": self.there.get(cue.name, 0)}
            for cue in self.cues.cues
        ]
        return {
            "cues": cues,
            "none": self.cues.none,
            "ready": self.ready,
            "run": self.run,
            "one": self.one,
            "preparing": self.preparing,
            "wrong": [{"cue": cue, "why": why} for cue, why in self.wrong],
            "made": self.made,
        }
