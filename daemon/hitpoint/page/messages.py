"""What control and the page process say to each other through their pipe.

    control → page    Told
    page → control    Asked, NotesAsked, TakeHeard, TakeHushed, TakeKept, PageIs

Control tells its own values as they are: to make JSON of them is the page's work, so that control has less.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hitpoint.score.midi_score import MidiScore
from hitpoint.score.note import Note
from hitpoint.score.session import Session


@dataclass(frozen=True, slots=True)
class Asked:
    """Do what a packet with these would ask, or tell the value."""

    number: int
    """Of the question; the answer has it."""
    address: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class NotesAsked:
    """Tell the notes of some bars."""

    number: int
    bars: tuple[int, ...]
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class TakeContent:
    """A remembered take: control itself reads no memory."""

    id: str
    cue: str
    """Empty for none."""
    bars: int
    score: MidiScore
    session: Session
    """What its bars were planned from."""


@dataclass(frozen=True, slots=True)
class TakeHeard:
    """Play a take at the ports."""

    number: int
    take: TakeContent
    second: float
    """Of the take, to begin with."""


@dataclass(frozen=True, slots=True)
class TakeHushed:
    """No take at the ports any more."""

    number: int


@dataclass(frozen=True, slots=True)
class TakeKept:
    """Write a take into the host's arrangement."""

    number: int
    take: TakeContent
    parts: frozenset[str]
    """Names of parts or stems; empty for all."""


@dataclass(frozen=True, slots=True)
class PageIs:
    """How the page is, told whenever it changes."""

    address: str = ""
    """Where a browser on this machine finds it; empty while it is served nowhere."""
    lan_address: str = ""
    """Where one on another machine does; empty where none may."""
    code: str = ""
    """The six digits that other machines need; empty on loopback."""
    clients: int = 0
    """Sockets that are open."""
    dropped: int = 0
    """Sockets that were closed because they read too slowly or sent nonsense."""
    trouble: str = ""
    """Why it is served nowhere, for the person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question."""

    number: int
    value: Any = None
    """Of Asked the values of an address; of NotesAsked a tuple of BarNotes; of TakeKept a bar, from 1, and a note."""
    error: str | None = None
    """What was wrong with it; None when it was done."""
    seconds: float = 0.0
    """How long it took control."""


@dataclass(frozen=True, slots=True)
class PartNotes:
    """What one part has in one bar."""

    part: str
    by: str
    """A value of Source."""
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class BarNotes:
    """What is written in one bar."""

    bar: int
    """Counted from 1."""
    revision: int
    """As the section `written` has it."""
    parts: tuple[PartNotes, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What has changed since the last one."""

    sections: Mapping[str, Any] = field(default_factory=dict)
    """By name of the state's field: its new value, see `state`."""
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """By address: what it tells now, for those who listen over OSCQuery."""
    answers: tuple[Answer, ...] = ()


Question = Asked | NotesAsked | TakeHeard | TakeHushed | TakeKept
ToControl = Question | PageIs
