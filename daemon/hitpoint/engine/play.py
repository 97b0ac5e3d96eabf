"""The play process: owns the ports, the clock and the scheduler, and nothing heavy.

Real time decides its shape. A driver that sends now is served by a loop that sleeps to absolute deadlines; JACK calls
for each of its cycles; with the virtual clock nothing waits at all. Messages are taken in between, a few at a time.
"""

import pickle
import signal
import sys
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from hitpoint.engine.crew_pipes import Failed, Keep, Post, Up
from hitpoint.engine.leader import MIDI
from hitpoint.engine.mailbox import Mailbox
from hitpoint.engine.play_drivers import CycleDriver, Driver, RealTimeDriver, VirtualDriver
from hitpoint.engine.play_settings import PlaySettings
from hitpoint.engine.player import Player
from hitpoint.engine.port_connections import PortConnections
from hitpoint.engine.realtime import prepare_process
from hitpoint.errors import HitpointError, PortError
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.inputs.link_session import LinkSession, open_link
from hitpoint.outputs.open_output import open_output
from hitpoint.outputs.output import Connectable, CycleOutput, MovesTransport, Output, PortPair
from hitpoint.outputs.quiet import quiet_libraries
from hitpoint.scheduler.clock import ClockFit, MonotonicClock
from hitpoint.scheduler.performance import Finished, Ready, Refused
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.sounding import SoundingTable, sounding_table
from hitpoint.timeline.tempo_map import TempoMap

if TYPE_CHECKING:
    from hitpoint.inputs.midi_listener import MidiListener

LAST_WORDS_SECONDS = 2.0
"""How long the last reports may take to be read by control."""
OPEN_AGAIN_SECONDS = 2.0
"""For so long a driver may hold the ports of the process that died, and with them their names."""
_TRY_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class _Past:
    """What one life of the process leaves to the next."""

    output: str = ""
    """The kind that `auto` found: another one would not be the ports that a DAW knows."""
    connections: frozenset[PortPair] = frozenset()


def play_main(connection: "Connection[Any, Any]", settings: PlaySettings) -> None:
    """Play until told to stop, or control is gone. The target of a spawned process.

    Says Ready or Refused first and Finished last. Control handles Ctrl-C; SIGTERM ends in good order.
    """
    _serve(Mailbox(connection), settings, _Past())


def play_member(post: Post, settings: PlaySettings) -> None:
    """The same for one of the supervisor's crew: play until the supervisor is gone or says so, or control does."""
    past = _Past() if post.kept is None else pickle.loads(post.kept)
    if past.output:
        settings = replace(settings, output=past.output)
    _serve(Mailbox(post.links.get("control"), post), settings, past, again=post.life > 0)


def _serve(mailbox: Mailbox, settings: PlaySettings, past: _Past, again: bool = False) -> None:
    mailbox.wake_on_signals()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with sounding_table(len(settings.ports), settings.sounding) as table:
        try:
            _play(mailbox, settings, table, past, again)
        except HitpointError as error:
            mailbox.say(Refused(str(error)))
            mailbox.tell_supervisor(Failed(str(error)))
        mailbox.flush_all(LAST_WORDS_SECONDS)
    mailbox.close()


def _play(mailbox: Mailbox, settings: PlaySettings, table: SoundingTable, past: _Past, again: bool) -> None:
    # Before priority is taken: the library's own threads need none.
    link = _link(settings)
    with quiet_libraries():
        output, remark = _opened(settings, OPEN_AGAIN_SECONDS if again else 0.0)
        listener, unheard = _listener(settings, output, mailbox)
    offsets = {port: milliseconds / 1000.0 for port, milliseconds in settings.port_offsets_ms.items()}
    refused = prepare_process() if settings.clock == "real" else ""
    realtime = not refused and (not isinstance(output, CycleOutput) or output.realtime)
    inputs = output.inputs if isinstance(output, CycleOutput) else listener.ports if listener else ()
    ready = Ready(output.ports, output.kind, realtime, inputs=inputs)
    fit = ClockFit()
    losses = output.losses if isinstance(output, CycleOutput) else None
    scheduler = Scheduler(settings.ports, offsets, settings.controllers, settings.clock_port, settings.articulations)
    player = Player(scheduler, table, fit, mailbox.say, losses, ready)
    if again and settings.clock_port is not None:
        player.end_clock_of_before(settings.clock_port)
    if settings.lead_jack and isinstance(output, MovesTransport):
        player.lead_jack(output)
    elif settings.several:
        led_by = link if settings.follow_link else None
        player.follow_several(settings.several, settings.timecode or TimecodeStart(), settings.song_position, led_by)
    elif settings.follow_clock:
        player.follow_clock(settings.song_position)
    elif settings.timecode is not None or settings.follow_positions:
        player.follow_positions(settings.timecode)
    elif settings.follow_link and link is not None:
        player.follow_link(link)
    if settings.lead_link and link is not None:
        player.lead_link(link)

    def begun() -> None:
        mailbox.say(ready)
        mailbox.tell_supervisor(Keep(pickle.dumps(replace(past, output=output.kind))))
        mailbox.tell_supervisor(Up())
        lost = _not_known_to_be_connected(output) if again else ""
        for trouble in filter(None, (remark, refused, lost, *unheard)):
            player.trouble(trouble)

    if isinstance(output, CycleOutput):
        connections = _connections(output, past, mailbox, player)
        driver: Driver = CycleDriver(player, output, mailbox, fit, connections, begun)
    else:
        driver = _driver(settings, output, player, mailbox, listener)
        begun()
    signal.signal(signal.SIGTERM, lambda *_: driver.stop())
    driver.run()
    if listener is not None:
        listener.close()
    if link is not None:
        link.close()
    mailbox.say(Finished())


def _opened(settings: PlaySettings, patience_seconds: float) -> tuple[Output | CycleOutput, str]:
    deadline = monotonic() + patience_seconds
    while True:
        try:
            return _output(settings)
        except PortError:
            if monotonic() > deadline:
                raise
        sleep(_TRY_SECONDS)


def _output(settings: PlaySettings) -> tuple[Output | CycleOutput, str]:
    kind = settings.output
    if settings.clock == "virtual":
        # auto means what is best to hear; without real time nobody listens.
        kind = "null" if kind == "auto" else kind
        if kind == "jack":
            raise PortError("output jack keeps real time, which the virtual clock does not. Choose output null.")
    return open_output(kind, settings.all_ports, settings.client, settings.follow_jack, settings.osc, settings.inputs)


def _link(settings: PlaySettings) -> LinkSession | None:
    """Our peer in the Link session, where one leads or is led."""
    if not (settings.follow_link or settings.lead_link) or settings.clock == "virtual":
        return None
    return open_link(TempoMap().bpm_at(0), ClockFit())


def _listener(
    settings: PlaySettings, output: Output | CycleOutput, mailbox: Mailbox
) -> "tuple[MidiListener | None, list[str]]":
    """Ears for outputs that have none, and what is not heard, though somebody asked for it."""
    inputs = settings.inputs
    led = settings.follow_clock or settings.timecode is not None or MIDI in settings.several
    asked = led or bool(inputs.sources)
    wanted = asked or (inputs.port and output.kind == "rtmidi")
    if isinstance(output, CycleOutput) or settings.clock == "virtual" or not wanted:
        return None, []
    # Imported here: python-rtmidi is a driver, and drivers are for who asks for them.
    from hitpoint.inputs.midi_listener import MidiListener

    try:
        listener = MidiListener(inputs, settings.client, mailbox.wake)
    except PortError as error:
        return None, [str(error)] if asked else []
    missing = (name for name in listener.missing if name in inputs.sources or led)
    advice = "Plug it in, or make it, and start Hitpoint again."
    return listener, [f"there is no MIDI port {name!r} to listen to. {advice}" for name in missing]


def _driver(
    settings: PlaySettings, output: Output, player: Player, mailbox: Mailbox, listener: "MidiListener | None"
) -> Driver:
    if settings.clock == "virtual":
        return VirtualDriver(player, output, mailbox)
    return RealTimeDriver(player, output, mailbox, MonotonicClock(), listener.take if listener else tuple)


def _connections(output: Output | CycleOutput, past: _Past, mailbox: Mailbox, player: Player) -> PortConnections | None:
    if not isinstance(output, Connectable):
        return None

    def keep(connections: frozenset[PortPair]) -> None:
        mailbox.tell_supervisor(Keep(pickle.dumps(_Past(output.kind, connections))))

    return PortConnections(output, past.connections, keep, player.trouble)


def _not_known_to_be_connected(output: Output | CycleOutput) -> str:
    """What to say of ports that were made anew and that nobody can tell us about who was connected to them."""
    if output.kind != "rtmidi" or sys.platform == "win32":
        return ""
    return (
        f"the ports were made anew: where a host does not find them again, connect {', '.join(output.ports)} by hand."
    )
