"""What the play process needs to know to start. Light, as the supervisor loads it too."""

from dataclasses import dataclass, field
from typing import Literal

from hitpoint.hosts.midi_clock import PositionUnit
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.outputs.open_output import OscTarget
from hitpoint.score.articulation import ArticulationMap
from hitpoint.score.midi_port import InputsWanted


@dataclass(frozen=True, slots=True)
class PlaySettings:
    """A value for the life of the daemon, however often play is started."""

    ports: tuple[str, ...] = ()
    """Names of the ports to open: "Hitpoint strings"."""
    output: str = "auto"
    """auto, jack, rtmidi, osc or null."""
    follow_jack: bool = False
    """JACK's transport leads, or may; the output must then be jack."""
    lead_jack: bool = False
    """The built-in host moves JACK's transport, which leads."""
    inputs: InputsWanted = field(default_factory=InputsWanted)
    """MIDI inputs, for clock and for controllers."""
    follow_clock: bool = False
    """A MIDI clock at one of the inputs leads."""
    song_position: PositionUnit | None = None
    """What its song position counts; None finds out."""
    timecode: TimecodeStart | None = None
    """MIDI time code at one of the inputs leads, or may, and the project begins there; None when it does not."""
    follow_positions: bool = False
    """A host leads that control tells the positions of."""
    several: tuple[str, ...] = ()
    """More than one may lead, of those in `leader`, most trusted first: nobody else does then."""
    follow_link: bool = False
    """An Ableton Link session leads, or may."""
    lead_link: bool = False
    """An Ableton Link session is told our tempo, phase, start and stop."""
    clock: Literal["real", "virtual"] = "real"
    """virtual plays as fast as it can, up to what each Advance allows; the output must not be jack then."""
    port_offsets_ms: dict[str, float] = field(default_factory=dict)
    """By port, added to the offsets of its parts; negative is earlier."""
    controllers: tuple[int, ...] = ()
    """Those that follow the dynamics on every pitched voice, and 64 for the pedal: each in EXPRESSIVE."""
    articulations: ArticulationMap = field(default_factory=ArticulationMap)
    """What selects how notes are played."""
    osc: OscTarget = field(default_factory=OscTarget)
    """Where the output osc sends to."""
    client: str = "Hitpoint"
    """The name by which JACK and ALSA know us."""
    sounding: str | None = None
    """Name of a `SoundingTable` that outlives this process: what is in it is silenced first. None makes one."""
    clock_out: str = ""
    """Name of one more port, for the MIDI clock that we send; empty for none."""

    @property
    def all_ports(self) -> tuple[str, ...]:
        """The ports, and after them that of the clock, where there is one."""
        return (*self.ports, *filter(None, (self.clock_out,)))

    @property
    def clock_port(self) -> int | None:
        """Number of the clock's port; None when there is none."""
        return len(self.ports) if self.clock_out else None
