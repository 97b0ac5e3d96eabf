"""What control needs to know to start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hitpoint.engine.host_desk import HostPlaces
from hitpoint.engine.leader import BUILT_IN
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.planner.horizon import Horizon
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.stinger import Stinger


@dataclass(frozen=True, slots=True)
class ControlSettings:
    """A value for the life of the daemon, however often control is started."""

    horizon: Horizon
    bundle: str
    """Name of the model's bundle."""
    bundle_set: str = ""
    """The bundle as the settings have it, a name or a path; empty where it can't be chosen again."""
    client_name: str = "Hitpoint"
    """What port names begin with."""
    session_file: Path | None = None
    """Keeps what people set up and what was written; None for nowhere."""
    map_file: Path | None = None
    """The file that the session's timeline was read from: read again when it changes; None for none."""
    record: Path | None = None
    """MIDI file that keeps what was played."""
    journal: Path | None = None
    """File that keeps it until it is in that one."""
    offsets_ms: Mapping[str, float] = field(default_factory=dict)
    """By part or stem; positive is later."""
    stingers: Mapping[str, Stinger] = field(default_factory=dict)
    """By name."""
    osc_host: str = "127.0.0.1"
    osc_port: int = 19790
    """0 for any free port."""
    osc_reply_port: int | None = None
    """None answers to the port that asked."""
    bindings: tuple[BoundControl, ...] = ()
    """What MIDI controls drive from the start, whatever the session adds."""
    follow: tuple[str, ...] = (BUILT_IN,)
    """Who leads the transport, of those in `leader`; of several, the most trusted first."""
    lead_jack: bool = False
    """What is asked of the built-in host is asked of JACK's transport, and that one leads."""
    timecode: TimecodeStart = field(default_factory=TimecodeStart)
    """Where the project begins for machine control, which says places in time code."""
    hosts: HostPlaces = field(default_factory=HostPlaces)
    """Where the scripts inside hosts are met."""
    controllers: tuple[int, ...] = ()
    """Those that follow the dynamics in the clips that a host is given."""
