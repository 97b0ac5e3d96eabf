"""The play process: owns the ports, the clock and the scheduler, and nothing heavy.

Real time decides its shape. A driver that sends now is served by a loop that sleeps to absolute deadlines; JACK calls
for each of its cycles; with the virtual clock nothing waits at all. Messages are taken in between, a few at a time.
"""

import signal
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Literal

from hitpoint.engine.mailbox import Mailbox
from hitpoint.engine.play_drivers import CycleDriver, Driver, RealTimeDriver, VirtualDriver
from hitpoint.engine.player import Player
from hitpoint.engine.realtime import prepare_process
from hitpoint.errors import HitpointError, PortError
from hitpoint.outputs.open_output import OscTarget, open_output
from hitpoint.outputs.output import CycleOutput, Output
from hitpoint.outputs.quiet import quiet_libraries
from hitpoint.scheduler.clock import ClockFit, MonotonicClock
from hitpoint.scheduler.performance import Finished, Ready, Refused
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.sounding import SoundingTable

LAST_WORDS_SECONDS = 2.0
"""How long the last reports may take to be read by control."""


@dataclass(frozen=True, slots=True)
class PlaySettings:
    """What the play process needs to know to start."""

    ports: tuple[str, ...] = ()
    """Names of the ports to open: "Hitpoint strings"."""
    output: str = "auto"
    """auto, jack, rtmidi, osc or null."""
    follow_jack: bool = False
    """JACK's transport leads; the output must then be jack."""
    clock: Literal["real", "virtual"] = "real"
    """virtual plays as fast as it can, up to what each Advance allows; the output must not be jack then."""
    port_offsets_ms: dict[str, float] = field(default_factory=dict)
    """By port, added to the offsets of its parts; negative is earlier."""
    controllers: tuple[int, ...] = ()
    """Those that follow the dynamics on every pitched voice, each in CONTROLLER_RANGES."""
    osc: OscTarget = field(default_factory=OscTarget)
    """Where the output osc sends to."""
    client: str = "Hitpoint"
    """The name by which JACK and ALSA know us."""
    sounding: str | None = None
    """Name of a `SoundingTable` that outlives this process: what is in it is silenced first. None makes one."""


def play_main(connection: "Connection[Any, Any]", settings: PlaySettings) -> None:
    """Play until told to stop, or control is gone. The target of a spawned process.

    Says Ready or Refused first and Finished last. Control handles Ctrl-C; SIGTERM ends in good order.
    """
    mailbox = Mailbox(connection)
    mailbox.wake_on_signals()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    table = SoundingTable(len(settings.ports), settings.sounding)
    try:
        _play(mailbox, settings, table)
    except HitpointError as error:
        mailbox.say(Refused(str(error)))
    mailbox.flush_all(LAST_WORDS_SECONDS)
    table.close()
    if settings.sounding is None:
        table.unlink()
    with suppress(OSError):
        connection.close()


def _play(mailbox: Mailbox, settings: PlaySettings, table: SoundingTable) -> None:
    with quiet_libraries():
        output, remark = _output(settings)
    offsets = {port: milliseconds / 1000.0 for port, milliseconds in settings.port_offsets_ms.items()}
    scheduler = Scheduler(settings.ports, offsets, settings.controllers)
    fit = ClockFit()
    losses = output.losses if isinstance(output, CycleOutput) else None
    player = Player(scheduler, table, fit, mailbox.say, losses)
    driver = _driver(settings, output, player, mailbox, fit)
    signal.signal(signal.SIGTERM, lambda *_: driver.stop())
    refused = prepare_process() if settings.clock == "real" else ""
    realtime = not refused and (not isinstance(output, CycleOutput) or output.realtime)
    mailbox.say(Ready(output.ports, output.kind, realtime))
    for trouble in filter(None, (remark, refused)):
        player.trouble(trouble)
    driver.run()
    mailbox.say(Finished())


def _output(settings: PlaySettings) -> tuple[Output | CycleOutput, str]:
    kind = settings.output
    if settings.clock == "virtual":
        # auto means what is best to hear; without real time nobody listens.
        kind = "null" if kind == "auto" else kind
        if kind == "jack":
            raise PortError("output jack keeps real time, which the virtual clock does not. Choose output null.")
    return open_output(kind, settings.ports, settings.client, settings.follow_jack, settings.osc)


def _driver(
    settings: PlaySettings, output: Output | CycleOutput, player: Player, mailbox: Mailbox, fit: ClockFit
) -> Driver:
    if isinstance(output, CycleOutput):
        return CycleDriver(player, output, mailbox, fit)
    if settings.clock == "virtual":
        return VirtualDriver(player, output, mailbox)
    return RealTimeDriver(player, output, mailbox, MonotonicClock())
