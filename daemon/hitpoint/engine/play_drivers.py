"""Three ways to drive a player: by the clock, by JACK's cycles, by what has been composed."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event
from time import monotonic
from typing import Protocol

from hitpoint.engine.mailbox import Closed, Mailbox
from hitpoint.engine.player import Player
from hitpoint.engine.port_connections import PortConnections
from hitpoint.errors import PortError
from hitpoint.outputs.output import Cycle, CycleOutput, Output
from hitpoint.scheduler.clock import Clock, ClockFit
from hitpoint.scheduler.performance import Advance, Shutdown, ToPlay, TransportChange
from hitpoint.score.midi_message import HeardMessage, PortMessage
from hitpoint.timeline.host_event import Followed

AHEAD_SECONDS = 0.001
"""A window of the clock: what is due within it is sent before anything else is looked at."""
SPIN_SECONDS = 0.0005
"""Before a deadline the process stays awake this long: sleeps end 0.03 to 0.1 ms late with real-time priority, and
the spin takes that away. A longer one would eat the time of a machine with few cores."""
READ_MARGIN_SECONDS = 0.003
"""Messages are read while the next deadline is farther than this: one takes less than 1 ms to read and take in."""
HUNGRY_SECONDS = 0.02
"""However dense the music, a message is read at least this often."""
IDLE_SECONDS = 0.05
"""The longest sleep: reports are due, and signals are looked at."""
MESSAGE_SHARE = 0.2
"""Part of a cycle that may go into taking in messages: about 0.1 ms each, and cycles can be as short as 1 ms."""
FAILURE_SECONDS = 0.01
CALIBRATION_SECONDS = 0.25
SILENCE_SECONDS = 0.5
"""How long the driver's thread gets for the last window."""


class Driver(Protocol):
    """Runs a player until it is stopped."""

    def run(self) -> None:
        """Play until Shutdown, `stop`, or the end of control; everything is silent after."""

    def stop(self) -> None:
        """Ask `run` to end. Safe in a signal handler."""


class RealTimeDriver:
    """For outputs that send now. One thread: sleeps towards a deadline, stays awake before it, sends."""

    def __init__(
        self,
        player: Player,
        output: Output,
        mailbox: Mailbox,
        clock: Clock,
        heard: Callable[[], Sequence[HeardMessage]] = tuple,
    ) -> None:
        """heard: takes what has come in at MIDI inputs; who hands it over wakes the mailbox."""
        self._player = player
        self._output = output
        self._mailbox = mailbox
        self._clock = clock
        self._heard = heard
        self._stopped = False
        self._last_read = 0.0

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopped = True

    def run(self) -> None:
        """Play until told to end."""
        # Due at once: what a process before this one left sounding.
        self._send(self._player.window(self._clock.now(), self._clock.now()))
        while not self._stopped:
            try:
                self._turn()
            except Exception as error:
                self._player.trouble(f"the sender failed ({type(error).__name__}: {error}). Please report it.")
                # With real-time priority a failure without a pause would take a core from everybody.
                self._clock.sleep(FAILURE_SECONDS)
        now = self._clock.now()
        self._player.finish(now)
        self._send(self._player.window(now, now))
        self._player.last_words(self._clock.now())
        self._output.close()

    def _turn(self) -> None:
        now, due = self._clock.now(), self._player.next_due()
        if due - now > READ_MARGIN_SECONDS or now - self._last_read > HUNGRY_SECONDS:
            # Here and not after a sending: what a report takes would make a note late that follows closely.
            self._player.report(now)
            self._mailbox.flush()
            left = self._player.next_due() - self._clock.now()
            self._listen(max(0.0, min(left - READ_MARGIN_SECONDS, IDLE_SECONDS)))
            self._look_back(now, due)
            return
        # From here to the sending nothing else is done.
        if due - now > SPIN_SECONDS:
            self._clock.sleep(due - now - SPIN_SECONDS)
        self._look_back(now, due)
        now = self._clock.now()
        self._send(self._player.window(now, now + AHEAD_SECONDS))

    def _look_back(self, before: float, due: float) -> None:
        """Count what came due while nobody looked: it is let go of as of now, and would pass for punctual."""
        now = self._clock.now()
        if before <= due < now:
            self._player.late(now - due)

    def _listen(self, seconds: float) -> None:
        message = self._mailbox.receive(seconds)
        self._last_read = self._clock.now()
        if isinstance(message, Closed | Shutdown):
            self._stopped = True
        elif message is not None:
            self._player.hear(message, self._last_read)
        if heard := self._heard():
            self._player.listen(heard, self._last_read)

    def _send(self, messages: Sequence[PortMessage]) -> None:
        for message in messages:
            self._wait_until(message.at)
            late = self._clock.now() - message.at
            _send(message, late, self._output, self._player)
            self._player.late(late)
        self._player.sent()

    def _wait_until(self, at: float) -> None:
        left = at - self._clock.now()
        if left > SPIN_SECONDS:
            self._clock.sleep(left - SPIN_SECONDS)
        while self._clock.now() < at:
            pass


class CycleDriver:
    """For outputs that ask. Their thread plays; ours reads the pipe, keeps the clocks together, and passes on."""

    def __init__(
        self,
        player: Player,
        output: CycleOutput,
        mailbox: Mailbox,
        fit: ClockFit,
        connections: PortConnections | None = None,
        begun: Callable[[], None] = lambda: None,
    ) -> None:
        """connections: to be made as they were before anything is sent. begun: called when that is done."""
        self._player = player
        self._connections = connections
        self._begun = begun
        self._output = output
        self._mailbox = mailbox
        self._fit = fit
        self._inbox: deque[ToPlay] = deque()
        self._stopped = False
        self._silenced = Event()
        self._calibrate_at = 0.0

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopped = True

    def run(self) -> None:
        """Play until told to end, or until the driver is gone."""
        self._calibrate()
        # Only ports that play can be connected, and what is sent before that is heard nowhere.
        self._player.holds_left_over = True
        self._output.start(self._fill)
        if self._connections is not None:
            self._connections.restore()
        missing = self._connect_inputs()
        self._player.holds_left_over = False
        self._begun()
        self._tell_missing(missing)
        while not self._stopped and not self._output.gone:
            self._listen()
            self._calibrate()
            if self._connections is not None and not self._output.gone:
                self._connections.look()
            self._tell_missing(self._connect_inputs())
            self._mailbox.flush()
        self._stopped = True
        if self._output.gone:
            self._player.trouble(self._output.gone)
        else:
            self._silenced.wait(SILENCE_SECONDS)
        now = self._output.port_seconds()
        self._output.close()
        self._player.last_words(now)

    def _listen(self) -> None:
        message = self._mailbox.receive(IDLE_SECONDS)
        if isinstance(message, Closed | Shutdown):
            self._stopped = True
        elif message is not None:
            self._inbox.append(message)

    def _calibrate(self) -> None:
        now = monotonic()
        if now >= self._calibrate_at:
            self._calibrate_at = now + CALIBRATION_SECONDS
            before, port, after = monotonic(), self._output.port_seconds(), monotonic()
            self._fit.add((before + after) / 2.0, port)

    def _connect_inputs(self) -> Sequence[str]:
        return () if self._output.gone else self._output.connect_inputs()

    def _tell_missing(self, names: Sequence[str]) -> None:
        for name in names:
            self._player.trouble(f"there is no MIDI port {name!r} yet: it is listened to as soon as there is.")

    def _fill(self, cycle: Cycle) -> Sequence[PortMessage]:
        """Thread: the driver's. Must neither block nor raise."""
        if self._silenced.is_set():
            # Cycles go on until the ports are closed: nothing may be struck after the last note-off.
            return ()
        try:
            enough = monotonic() + MESSAGE_SHARE * (cycle.end - cycle.start)
            while self._inbox and monotonic() < enough:
                self._player.hear(self._inbox.popleft(), cycle.start)
            if cycle.heard:
                self._player.listen(cycle.heard, cycle.start)
            if cycle.host is not None:
                self._player.follow(cycle.host)
            ends = self._stopped
            if ends:
                self._player.finish(cycle.start)
            messages = self._player.window(cycle.start, cycle.start if ends else cycle.end)
            self._player.report(cycle.start)
            if ends:
                self._silenced.set()
        except Exception as error:
            self._player.trouble(f"a cycle failed ({type(error).__name__}: {error}). Please report it.")
            messages = ()
        if self._mailbox.has_unsent:
            self._mailbox.wake()
        return messages


class VirtualDriver:
    """Without real time: plays as far as each Advance allows, at once, and says how far it came."""

    def __init__(self, player: Player, output: Output, mailbox: Mailbox) -> None:
        self._player = player
        self._output = output
        self._mailbox = mailbox
        self._stopped = False
        self._now = 0.0

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopped = True

    def run(self) -> None:
        """Play until told to end."""
        while not self._stopped:
            message = self._mailbox.receive(IDLE_SECONDS)
            if isinstance(message, Closed | Shutdown):
                self._stopped = True
            elif isinstance(message, Advance):
                self._advance(message.until_tick)
            elif message is not None:
                self._hear(message)
            self._mailbox.flush()
        self._player.finish(self._now)
        self._play_until(self._now)
        self._player.last_words(self._now)
        self._output.close()

    def _hear(self, message: ToPlay) -> None:
        if isinstance(message, TransportChange):
            # Control's stamps are of another clock; here everything happens when it is heard.
            message = TransportChange(replace(message.event, at=self._now))
        self._player.hear(message, self._now)

    def _advance(self, tick: int) -> None:
        scheduler = self._player.scheduler
        if scheduler.rolling:
            self._play_until(max(self._now, scheduler.clock_at(tick)))
        self._player.report(self._now)
        self._player.say(Followed(scheduler.tick_at(self._now), monotonic()))

    def _play_until(self, until: float) -> None:
        for message in self._player.window(self._now, until):
            _send(message, 0.0, self._output, self._player)
        self._player.sent()
        self._now = until


def _send(message: PortMessage, late_seconds: float, output: Output, player: Player) -> None:
    """Whatever goes wrong with one message is told, and those after it go out: there may be note-offs among them."""
    try:
        output.send(message, late_seconds)
    except PortError as error:
        player.trouble(str(error))
    except Exception as error:
        player.trouble(f"a message could not be sent ({type(error).__name__}: {error}). Please report it.")
