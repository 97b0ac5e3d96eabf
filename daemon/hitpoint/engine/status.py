"""How it is running, as one value."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hitpoint.engine.bar_states import BarState
from hitpoint.engine.crew_pipes import Life
from hitpoint.engine.host_bridges import HostStatus
from hitpoint.engine.played_bars import PlayedBars
from hitpoint.page.messages import PageIs
from hitpoint.scheduler.performance import SourceHeard
from hitpoint.score.session import Session


@dataclass(frozen=True, slots=True)
class Status:
    """What a person, a page or a bug report wants to know. Made by control on request."""

    rolling: bool = False
    place: str = "1|1|0"
    """Bar|beat|tick of the host."""
    tempo_bpm: float = 120.0
    state: str = ""
    """The state that holds; empty for what the timeline says."""
    coming_state: str | None = None
    """The state that was called and has not come; empty for a return to the timeline, None for none."""
    coming_at: str = ""
    """Bar|beat|tick at which it comes."""
    frozen_bar: int | None = None
    """The bar that repeats, counted from 1; None when the music goes on."""
    leader: str = "built-in"
    """Who leads the transport."""
    bundle: str = ""
    """The model at work; empty while it loads."""
    output: str = ""
    """What the ports are of: jack, rtmidi, osc or null."""
    ports: tuple[str, ...] = ()
    """As the DAW sees them."""
    offsets_ms: dict[str, float] = field(default_factory=dict)
    """By part or stem, how much later its notes are sent than they fall, in milliseconds; less than 0 is sooner."""
    inputs: tuple[str, ...] = ()
    """MIDI inputs that are listened to."""
    why: str = ""
    """Why it does, where several may; empty where only one may."""
    leads_seconds: float | None = None
    """For how long it has led, likewise."""
    sources: tuple[SourceHeard, ...] = ()
    """All that may lead, most trusted first, likewise."""
    clock: dict[str, str | float | None] = field(default_factory=dict)
    """The MIDI clock that leads: its state, for how many seconds it has been in it, bpm, jitter in ms; of Link its
    peers, too, and for jitter how far off we are. Empty when none leads or nothing was heard."""
    bars_by_model: int = 0
    """Bars of single parts that the model wrote."""
    bars_by_fallback: int = 0
    """Bars of single parts that the fallback wrote; back-ups that the model may still replace are not among them."""
    bars_ahead: tuple[BarState, ...] = ()
    """The bar that the host is in, and the next ones."""
    played: PlayedBars = field(default_factory=PlayedBars)
    """Who wrote what was heard."""
    answer_seconds: float = 0.0
    """How long the model's next answer is expected to take, on the safe side, for as many parts as its last."""
    processes: dict[str, int] = field(default_factory=dict)
    """Process ids of supervisor, control, compose, play and page; 0 for one that is being started again."""
    restarts: dict[str, int] = field(default_factory=dict)
    """How often each was started again."""
    restart_seconds: dict[str, float | None] = field(default_factory=dict)
    """How long the last restart of each took, from its death to being ready; null before it and meanwhile."""
    hosts: tuple[HostStatus, ...] = ()
    """Hosts whose scripts have told their project."""
    keeping: tuple[int, int] = (0, 0)
    """Bars that are written of the take that is to be kept, and how many it has."""
    rejected_packets: int = 0
    """OSC packets that were malformed or asked for what there is not."""
    dropped_packets: int = 0
    """OSC packets that were not read, because their sender sent too many."""
    midi_bindings: int = 0
    """How many targets MIDI controls drive."""
    midi_learning: str = ""
    """The target that waits for a control to be moved; empty for none."""
    midi_unbound: str = ""
    """The last MIDI message that drove nothing, in words; empty when there was none."""
    page: PageIs = field(default_factory=PageIs)
    """Where the control page is, and who looks at it."""
    troubles: tuple[str, ...] = ()
    """The last few things that went wrong, newest last."""
    play: dict[str, float] = field(default_factory=dict)
    """What the play process measured: events sent, lateness in ms, losses."""

    def as_json(self) -> dict[str, object]:
        """The same as plain values."""
        return asdict(self)


def states_told(session: Session, tick: float) -> dict[str, Any]:
    """What a status says of states and of a frozen bar, where the host is at `tick`."""
    holding, coming = session.states.at(int(tick)), session.states.pending(tick)
    return {
        "state": holding[-1].name if holding else "",
        "coming_state": None if coming is None else coming.stack[-1].name if coming.stack else "",
        "coming_at": "" if coming is None else str(session.timeline.meter_map.bar_beat_tick_at(coming.tick)),
        "frozen_bar": None if session.frozen is None else session.frozen.bar + 1,
    }


def lives_told(lives: Mapping[str, Life]) -> dict[str, Any]:
    """What a status says of the processes, as control, which is asked, knows of the others."""
    # The supervisor's own is our parent's, unless control runs in it.
    parent = {"supervisor": os.getppid()} if "control" in lives else {}
    return {
        "processes": {**parent, "control": os.getpid(), **{name: life.pid for name, life in lives.items()}},
        "restarts": {name: life.restarts for name, life in lives.items()},
        "restart_seconds": {name: life.restart_seconds for name, life in lives.items()},
    }
