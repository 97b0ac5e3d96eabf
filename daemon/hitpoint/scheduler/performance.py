"""What control and play say to each other: plain values through a pipe.

    control → play   Routing Dynamics Schedule Cancel TempoChange MeterChange LoopChange TransportChange HostAt LedBy
                     Mute Panic Audition AuditionMore AuditionStop
                     Advance Introduce Shutdown
    play → control   Ready | Refused, then Started Stopped Located Followed, Played MidiHeard ClockHeard LeaderHeard
                     AuditionOver Statistics Trouble, at last Finished

Clock times are seconds of CLOCK_MONOTONIC in both directions, whatever clock a port runs on. Notes carry ticks only.
Stopped and Located silence what sounds and drop what is queued; control sends anew what it still wants.
What is scheduled in a loop is played every turn, until it is replaced, cancelled, or the loop is another.
"""

from dataclasses import dataclass

from hitpoint.scheduler.audition import Audition, AuditionMore, AuditionOver, AuditionStop
from hitpoint.score.articulation import Articulated
from hitpoint.score.dynamics import Dynamics
from hitpoint.score.expression import ControllerMove
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Located, Started, Stopped, TransportEvent
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.transport import Transport


@dataclass(frozen=True, slots=True)
class Route:
    """Where a part is heard."""

    part: str
    """Its name."""
    port: str
    """One of the ports that play was started with: "Hitpoint strings"."""
    channel: int
    """0 to 15."""
    program: int | None
    """General MIDI program, 0 to 127, sent when routed and at every start; None sends none."""
    offset_ms: float = 0.0
    """Sent this much later than written; negative is earlier, for sounds that speak slowly. Note-offs move with it."""


@dataclass(frozen=True, slots=True)
class Routing:
    """All routes there now are. What sounds on a route that is gone or changed is ended."""

    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The notes of a part over a span of ticks: they replace the queued ones there. What sounds, sounds on, but for
    `cut_at`."""

    part: str
    bar: int
    """Index of the bar, for reports."""
    start: int
    """First tick of the span."""
    end: int
    """The tick after its last."""
    notes: tuple[Note, ...]
    """Onsets in the span; they may last beyond it."""
    cut_at: int | None = None
    """What the part has struck, or will, before this tick ends there at the latest; None cuts nothing."""
    level: float | None = None
    """The intensity, 0 to 1, that they were written for: where the Dynamics say another, plain notes are sent softer or
    louder by as much. None for notes that are to stay as they are."""
    next_turn: bool = False
    """True leaves this turn of the loop as it is: they are for the next one on."""
    once: bool = False
    """True for notes that sound in one turn of the loop only, this one or the next. A part has all of its notes so, or
    none."""
    pedal: tuple[Note, ...] = ()
    """When the sustain pedal is down, as `score.pedal` has it; cut and ended as the notes are. Left out unless
    controller 64 is asked for."""
    articulations: tuple[Articulated, ...] = ()
    """How what begins at each tick is played: it is switched to before. Left out where no switch is known for it."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Drop the queued notes of a part (None: of all) from a tick on. What sounds keeps its note-off."""

    part: str | None
    from_tick: int


@dataclass(frozen=True, slots=True)
class TransportChange:
    """The built-in host did something. `at` may lie a little ahead: a start told early has its first note on time."""

    event: Started | Stopped | Located


@dataclass(frozen=True, slots=True)
class HostAt:
    """Where a host is that leads, as its bridge tells it: at every report, and as soon as it starts, stops or jumps.

    Such reports come late and never early.
    """

    seconds: float
    """On its timeline, from its start."""
    at: float
    """When that was so, as far as is known: when it came, less the least that it takes to come."""
    rolling: bool
    host: str = ""
    """Which one it is, where several may lead."""


@dataclass(frozen=True, slots=True)
class LedBy:
    """Where several may lead: who did, by a control that knew before this process was there, and where the music is."""

    leader: str
    moves: tuple[Started | Located, ...]


@dataclass(frozen=True, slots=True)
class TempoChange:
    """Another tempo map holds from now on; the position stays at its tick. Costs nothing: the queue is in ticks."""

    tempo_map: TempoMap


@dataclass(frozen=True, slots=True)
class MeterChange:
    """Where bar lines fall. Notes need none: it is for who leads, or is led, by phase."""

    meter_map: MeterMap


@dataclass(frozen=True, slots=True)
class LoopChange:
    """Another loop holds from now on, or none; the position stays at its tick. What is queued inside it is kept."""

    loop: Loop | None


@dataclass(frozen=True, slots=True)
class Mute:
    """The parts that are not heard, all of them: they end now, and their notes pass in silence."""

    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Panic:
    """Note-offs, pedal up, all notes off and all sound off on every channel in use, now. The queue plays on."""


@dataclass(frozen=True, slots=True)
class Advance:
    """With the virtual clock: all up to this tick is scheduled, so play on as fast as you can, up to it."""

    until_tick: int


@dataclass(frozen=True, slots=True)
class Introduce:
    """Say Ready: another control listens now."""


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Silence everything, close the ports, say Finished, end."""


ToPlay = (
    Routing
    | Dynamics
    | Schedule
    | Cancel
    | TempoChange
    | MeterChange
    | LoopChange
    | TransportChange
    | HostAt
    | LedBy
    | Mute
    | Panic
    | Audition
    | AuditionMore
    | AuditionStop
    | Advance
    | Introduce
    | Shutdown
)


@dataclass(frozen=True, slots=True)
class Ready:
    """The ports are open."""

    ports: tuple[str, ...]
    """Their names; empty for the null output."""
    output: str
    """Which kind it is: jack, rtmidi, osc or null."""
    realtime: bool
    """True when the system gave the sender real-time priority."""
    known: "Known | None" = None
    """What it has been told already, by a control before this one; None when it must be told everything."""
    inputs: tuple[str, ...] = ()
    """Names of the MIDI inputs that are listened to."""


@dataclass(frozen=True, slots=True)
class Known:
    """Where a play process that has outlived its control is, and by which tempo it goes."""

    transport: Transport
    """Its `at` is the daemon's clock, as everywhere."""
    tempo_map: TempoMap


@dataclass(frozen=True, slots=True)
class Refused:
    """The ports cannot be opened; the process ends. The message is for the person."""

    message: str


@dataclass(frozen=True, slots=True)
class Played:
    """Notes that have ended, as they were really sent: at their own tick when on time, cut where they were cut."""

    roll: int
    """Counts starts, jumps and turns of a loop, from 1: what a later roll passes over, it replaces."""
    start: int
    """Tick at which the roll began."""
    end: int
    """Tick that it has reached."""
    notes: tuple[tuple[str, Note], ...]
    """Part and note."""
    moves: tuple[ControllerMove, ...] = ()
    """What controllers did, on all pitched parts alike."""
    pedals: tuple[tuple[str, Note], ...] = ()
    """Part, and when its pedal was down, as `score.pedal` has it."""


@dataclass(frozen=True, slots=True)
class MidiHeard:
    """A whole message came in at a MIDI input. Clock never does: play keeps it to itself."""

    port: str
    """Name of the input as the settings have it: "Hitpoint in", or a controller's port."""
    data: bytes
    """Status byte first."""
    at: float
    """When it came, by the driver's stamp."""


@dataclass(frozen=True, slots=True)
class ClockHeard:
    """How the clock, time code or host that leads is followed: told when that changes, and twice a second while it is
    heard."""

    state: str
    """stopped, unlocked, locking, locked or freewheeling."""
    since: float
    """When that began."""
    bpm: float | None
    """Quarters a minute, heard while it stands, too; None while too few pulses agree on it, or positions lead."""
    jitter_ms: float
    """Of its pulses or reports, standard deviation; with Link, how far off we are."""
    at: float
    peers: int | None = None
    """How many others are in the Link session that leads; None when none does."""


@dataclass(frozen=True, slots=True)
class SourceHeard:
    """How one of several that may lead is followed."""

    name: str
    state: str
    """never heard, silent, here (of the built-in host), or as in ClockHeard."""
    silent_seconds: float | None
    """Since it was heard last; None where it never was, or need not be."""
    off_ms: float | None
    """By how much it says to be ahead of our music; None while it says nothing, and of the built-in host."""
    jitter_ms: float


@dataclass(frozen=True, slots=True)
class LeaderHeard:
    """Who leads, where several may: told when that changes, and twice a second."""

    leader: str
    since: float
    """When it took over."""
    rolling: bool
    """Whether the music does."""
    sources: tuple[SourceHeard, ...]
    """Most trusted first."""
    at: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts since play started, told about once a second."""

    notes_sent: int = 0
    notes_late: int = 0
    """Sent late, by at most LATEST_SECONDS."""
    notes_dropped: int = 0
    """So late that they were left out whole."""
    cycles_lost: int = 0
    """JACK cycles with messages in them that were filled too late, so that they may not have arrived."""
    notes_lost: int = 0
    """Note-ons in them: these cannot be sent again."""
    offs_repaired: int = 0
    """Note-offs sent again, to be sure."""
    midi_passed_over: int = 0
    """Messages at MIDI inputs that came faster than anything plays or turns, and were not looked at."""
    worst_late_ms: float = 0.0
    """Of the last second: how long after its time a message was handed to the driver."""
    least_lead_ms: float | None = None
    """Of the last second: how long before its time the most belated bar arrived; None when none did."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something is wrong that play can live with, told once. The message is for the person."""

    message: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Nothing sounds, the ports are closed; the process ends."""


FromPlay = (
    Ready
    | Refused
    | TransportEvent
    | Played
    | MidiHeard
    | ClockHeard
    | LeaderHeard
    | AuditionOver
    | Statistics
    | Trouble
    | Finished
)
