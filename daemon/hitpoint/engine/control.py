"""The control process: one asyncio loop that owns the session and stands between people, hosts, compose and play.

Everything that can happen arrives on the loop as a value and is answered there, so there is nothing to lock, and
nothing here waits for another process.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from time import monotonic

from hitpoint.engine import own_transport
from hitpoint.engine.compose import Composed, ComposeFailed
from hitpoint.engine.compose_link import ComposeLink
from hitpoint.engine.conductor import WRITTEN_AHEAD_BARS, Conductor
from hitpoint.engine.control_settings import ControlSettings
from hitpoint.engine.controllers import Controllers
from hitpoint.engine.crew_pipes import Ending, Pipe, Post
from hitpoint.engine.host_desk import HostDesk
from hitpoint.engine.keepers import RECORD_SECONDS, SAVE_SECONDS, WRITING_SHARE, PlayedTake, SessionKeeper
from hitpoint.engine.keeping import Keeping
from hitpoint.engine.map_watch import LOOK_SECONDS, MapWatch
from hitpoint.engine.model_choice import ModelChoice
from hitpoint.engine.page_desk import PageDesk
from hitpoint.engine.play_link import PlayLink
from hitpoint.engine.repeated import repeat
from hitpoint.engine.routes import routing_for, silent_parts
from hitpoint.engine.station import Kept, Station, kept_before
from hitpoint.engine.status import Status, lives_told, states_told
from hitpoint.engine.surface import Surface
from hitpoint.engine.take_audition import Auditioned, TakeAudition
from hitpoint.engine.take_placed import placed
from hitpoint.engine.telling_play import change_of, introduction
from hitpoint.engine.troubles import Troubles
from hitpoint.engine.who_leads import WhoLeads
from hitpoint.errors import HitpointError, HostError, ModelError
from hitpoint.hosts import actions, built_in
from hitpoint.page.messages import TakeContent
from hitpoint.scheduler.audition import AuditionOver
from hitpoint.scheduler.performance import (
    ClockHeard,
    Finished,
    FromPlay,
    HostAt,
    LeaderHeard,
    MidiHeard,
    Panic,
    Played,
    Ready,
    Refused,
    Routing,
    Statistics,
    ToPlay,
    TransportChange,
    Trouble,
)
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.request import ComposedBar, Source
from hitpoint.score.session import ControllersBound, Event, Session
from hitpoint.score.when import When
from hitpoint.score.wish import Wish
from hitpoint.timeline.host_event import Located, LoopChanged, Started, Stopped, TempoMapChanged
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER

STEP_SECONDS = 0.02
"""How often control looks whether anything is wanted, when nothing wakes it."""
START_SECONDS = 45.0
"""A process that is not ready by then will not be. Less than the supervisor waits for us: it is we who say so."""
WRITTEN_AHEAD_SECONDS = 10.0
"""So long who starts at once waits for the first bars, at most."""

_log = logging.getLogger("hitpoint")


class Control:
    """The daemon, as far as one process is. Between `start` and `stop` it runs by itself.

    It may die and be made again: then it goes on with what was kept, and play, which has gone on playing, hears no
    difference.
    """

    def __init__(
        self, session: Session, settings: ControlSettings, post: Post, bars: Sequence[ComposedBar] = ()
    ) -> None:
        """post: its place in the crew. bars: what was written for this session before.

        What a control before this one kept goes before `session`.
        """
        self._kept = kept_before(post)
        if self._kept is not None:
            session = self._kept.session
        self._post = post
        self._settings = settings
        self._conductor = Conductor(session, settings.horizon)
        self._conductor.pages.keep(bars)
        self._troubles = Troubles(self._kept.troubles if self._kept else ())
        self._trouble = self._troubles.tell
        self._take = PlayedTake(settings.record, settings.journal, self._trouble)
        self._keeper = SessionKeeper(settings.session_file, self._trouble)
        self._leads = WhoLeads(settings.follow, session.timeline.tempo_map, settings.lead_jack)
        self._status = Status(bundle=settings.bundle, offsets_ms=dict(settings.offsets_ms))
        self._moves = 0
        self.ended = asyncio.Event()
        """Set when the supervisor wants it to end, or is gone."""
        self._wake = asyncio.Event()
        self.surface = Surface(self)
        self.controllers = Controllers(self.surface, self._bound, self._trouble, settings.bindings, session.bindings)
        self._hosts = HostDesk(
            settings.hosts,
            settings.follow,
            session.timeline.frame_rate,
            self._seconds_of,
            self._follow_project,
            lambda ask: self.surface.take(ask.address, ask.arguments),
            lambda host, seconds, at, rolling: self.tell_play(HostAt(seconds, at, rolling, host)),
            self._trouble,
        )
        self._keeping = Keeping(settings.controllers, self._hosts.give, self._trouble, self._hosts.pending)
        self._play = PlayLink(self._heard_play, self._met_play, self._trouble)
        self._models = ModelChoice(settings.bundle, settings.bundle_set)
        self._compose = ComposeLink(self._answered, self._trouble, self._met_model)
        self._audition = TakeAudition(self.tell_play, settings.client_name, settings.offsets_ms)
        self._page = PageDesk(self, self._conductor, self._trouble, settings.osc_host)
        self.surface.also = self._page.reported
        self._station: Station | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def session(self) -> Session:
        """As it is now."""
        return self._conductor.session

    async def start(self) -> None:
        """Open OSC and meet play and compose. Raises HitpointError, all down, if that can't be.

        Returns when both are ready; one that goes on from another before it does not wait for them.
        """
        settings = self._settings
        try:
            port = self._kept.osc_port if self._kept else settings.osc_port
            await self.surface.open(settings.osc_host, port, settings.osc_reply_port)
            self._use_kept_model()
            self._station = Station(self._post, self._linked, self.ended.set)
            if self._kept is None:
                async with asyncio.timeout(START_SECONDS):
                    await asyncio.gather(self._play.ready(), self._compose.ready())
            else:
                self._resume(self._kept)
        except TimeoutError:
            await self.stop()
            raise HostError(f"not ready after {START_SECONDS:g} s. See `hitpoint doctor`.") from None
        except HitpointError:
            await self.stop()
            raise
        self._tasks = [
            asyncio.create_task(self._step_forever()),
            asyncio.create_task(self._hosts.run()),
            asyncio.create_task(repeat(RECORD_SECONDS, self._write_recording, self._trouble, WRITING_SHARE)),
            asyncio.create_task(repeat(SAVE_SECONDS, self._save, self._trouble, WRITING_SHARE)),
        ]
        if settings.map_file is not None:
            watch = MapWatch(settings.map_file, self.session.timeline.frame_rate)
            look = partial(self._look_at_map, watch)
            self._tasks.append(asyncio.create_task(repeat(LOOK_SECONDS, look, self._trouble)))

    async def stop(self) -> None:
        """Take all down, in whatever state it is: play first, so that nothing sounds on."""
        for task in self._tasks:
            task.cancel()
        self.surface.close()
        self._compose.stop()
        if self._station is not None:
            self._post.say(Ending())
        await self._play.stop()
        await self._write_recording()
        await self._save()

    def apply(self, event: Event) -> None:
        """Take in an event as if a host or a person had made it, and tell play what concerns it."""
        if isinstance(event, Started | Stopped | Located):
            self.tell_play(TransportChange(event))
        self._conductor.apply(event)
        self._moves += isinstance(event, Started | Stopped | Located)
        if (change := change_of(event)) is not None:
            self.tell_play(change)
        self.surface.tell(event)
        self._wake.set()

    def ask(self, wish: Wish) -> None:
        """Take in what a person wants to happen in time. Raises HostError for what cannot be."""
        self.surface.tell(self._conductor.ask(wish, monotonic()))
        self._wake.set()

    def panic(self) -> None:
        """Silence everything that sounds, now. A rolling transport rolls on with what comes next."""
        self.tell_play(Panic())

    @property
    def stingers(self) -> tuple[str, ...]:
        """Names of the stingers there are."""
        return tuple(self._settings.stingers)

    def throw_in(self, name: str, when: When) -> None:
        """Let a stinger sound over the music. Raises HostError when there is none of that name, or no place for it."""
        if name not in self._settings.stingers:
            known = ", ".join(self._settings.stingers) or "none"
            raise HostError(f"there is no stinger {name[:40]!r}. There are: {known}; describe others under `stingers`.")
        self._conductor.throw_in(name, self._settings.stingers[name], when, monotonic())
        self._wake.set()

    def keep_take(self, asked: actions.KeepTake) -> None:
        """Have bars written into the host's arrangement. Raises HostError when no host is there, or nothing plays."""
        self._hosts.check()
        self._keeping.ask(self.session, asked)
        self._wake.set()

    @property
    def audition(self) -> Auditioned:
        """The take that is heard at the ports."""
        return self._audition.now

    def hear_take(self, take: TakeContent, second: float) -> None:
        """Play a take at the ports. Raises HostError while the host rolls."""
        self._audition.begin(take, second, self._routing(), self.session.transport.rolling, monotonic())
        self._wake.set()

    def hush_take(self) -> None:
        """No more of it."""
        self._audition.stop()
        self._wake.set()

    def keep_remembered(self, take: TakeContent, parts: frozenset[str]) -> tuple[int, str]:
        """Have a take written into the host's arrangement. Returns the bar, from 1, and what the person should know.

        Raises HostError when no host is there, or nothing is to be written.
        """
        self._hosts.check()
        where = placed(self.session, self.tick(), take, parts, self._hosts.pending.new_name())
        self._hosts.give(where.job)
        return where.bar, where.note

    def choose_model(self, bundle: str) -> None:
        """Have another model write what is not written yet. Raises ModelError when there is none of that name."""
        self._compose.use(self._models.folder_of(bundle))

    def undo(self) -> None:
        """Take back what a person asked last. Raises HostError when there is nothing."""
        for event in self._conductor.undo(monotonic()):
            self.surface.tell(event)
        self._wake.set()

    def transport(self, asked: actions.TransportAsked) -> None:
        """Drive the built-in host, or our place beside Link, which has none. Raises HostError when another leads."""
        for move in own_transport.moved(asked, self.session, self._leads, monotonic()):
            if isinstance(move, TransportChange):
                self.tell_play(move)
            else:
                self.apply(move)

    def mark(self, asked: actions.MarkersAsked) -> None:
        """Set, move or remove a marker. Raises HostError when there is none of that name."""
        for event in built_in.marked(asked, self.session):
            self.apply(event)

    def tick(self) -> float:
        """Where the host is now."""
        return max(0.0, self.session.transport.tick_at(monotonic(), self.session.timeline.tempo_map))

    def bars_ready(self) -> int:
        """How many bars in a row, from where the host is on, have all their notes, as far as is looked ahead."""
        return self._conductor.bars_ready(self.tick())

    async def written_ahead(self, show: Callable[[int, int], None] = lambda _, __: None) -> None:
        """Wait until the first bars are written, or for WRITTEN_AHEAD_SECONDS at most: the fallback plays what is not.

        show: told how many are, of how many.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(WRITTEN_AHEAD_SECONDS):
                while (ready := self.bars_ready()) < WRITTEN_AHEAD_BARS:
                    show(ready, WRITTEN_AHEAD_BARS)
                    await asyncio.sleep(STEP_SECONDS)

    def status(self) -> Status:
        """How it is running."""
        timeline, tick = self.session.timeline, self.tick()
        by_source, played = self._conductor.pages.by_source(), self._conductor.played
        return replace(
            self._status,
            **self._leads.status(monotonic()),
            rolling=self.session.transport.rolling,
            place=str(timeline.meter_map.bar_beat_tick_at(int(tick))),
            tempo_bpm=round(timeline.tempo_map.bpm_at(tick), 3),
            **states_told(self.session, tick),
            bars_by_model=by_source[Source.MODEL],
            bars_by_fallback=by_source[Source.FALLBACK],
            bars_ahead=self._conductor.bars_ahead(monotonic()),
            played=played,
            answer_seconds=round(self._conductor.pace.expected_seconds, 3),
            **lives_told(self._station.lives if self._station else {}),
            hosts=self._hosts.status(monotonic()),
            keeping=self._keeping.progress,
            rejected_packets=self.surface.rejected,
            dropped_packets=self.surface.dropped,
            midi_bindings=len(self.controllers.bound),
            midi_learning=self.controllers.learning,
            midi_unbound=self.controllers.unbound,
            page=self._page.is_,
            troubles=self._troubles.last,
        )

    def tell_play(self, message: ToPlay) -> None:
        """Send play a message, if there is a play: all it hears but who plays where goes through here."""
        self._play.tell(message)

    def _linked(self, peer: str, pipe: Pipe) -> None:
        links: dict[str, PlayLink | ComposeLink | PageDesk]
        links = {"play": self._play, "compose": self._compose, "page": self._page}
        links[peer].connect(pipe)

    def _resume(self, kept: Kept) -> None:
        """Go on where the control before this one was."""
        self._take.resume()
        self.surface.resume(kept.subscribers)

    def _keep(self) -> None:
        """Keep what a control after this one would need."""
        if self._station is not None and self.surface.port is not None:
            kept = Kept(self.session, self.surface.subscribers, self.surface.port, self._troubles.last)
            self._station.keep(kept, self._moves)

    def _met_play(self, ready: Ready) -> None:
        """A play process is there that was not before: a new one, or the old one that we are new to."""
        self._status = replace(self._status, ports=ready.ports, inputs=ready.inputs, output=ready.output)
        self._audition.forget()
        for message in introduction(self.session, ready.known, self._leads, monotonic()):
            self.tell_play(message)
        if ready.known is None:
            self._conductor.forget_play()
        else:
            self._conductor.adopt(replace(ready.known.transport, loop=self.session.transport.loop))
        self._wake.set()

    def _met_model(self, name: str) -> None:
        """That model answers from now on: another one, or the same in a new process."""
        self._status = replace(self._status, bundle=name)
        event = self._models.answers(name, self.session, chosen=self._compose.model is not None)
        if event is not None:
            self.apply(event)
        self.surface.report("/hitpoint/model")

    def _use_kept_model(self) -> None:
        """Have the model write that was chosen in this session before; where it is gone, the one of the settings."""
        if self._models.is_elsewhere(self.session):
            try:
                self.choose_model(self.session.model)
            except ModelError as error:
                self._trouble(f"The model of this session is gone: {error} {self._models.at_start} writes instead.")

    def _heard_play(self, message: FromPlay) -> None:
        match message:
            case Statistics():
                self._status = replace(self._status, play=asdict(message))
            case Trouble(text):
                self._trouble(text)
            case Played():
                self._take.take(message)
                self._page.played(message)
            case MidiHeard(port, data, at):
                asked = own_transport.asked_by(data, self.session.timeline, self._leads, self._settings.timecode)
                if asked is not None:
                    self.transport(asked)
                else:
                    self.controllers.heard(port, data, at)
            case ClockHeard():
                self._plan_by(self._leads.heard_clock(message, self.session.timeline.tempo_map, self.tick()))
            case AuditionOver(number):
                self._audition.over(number)
                self._wake.set()
            case LeaderHeard():
                why, tempo_map = self._leads.heard(message, self.session.timeline.tempo_map)
                if why:
                    _log.info("%s", why)
                self._plan_by(tempo_map)
            case Ready() | Refused() | Finished():
                pass
            case _:
                self._conductor.apply(message)
                self._moves += isinstance(message, Started | Stopped | Located)
                self.surface.tell(message)
                self._wake.set()

    def _plan_by(self, tempo_map: TempoMap | None) -> None:
        """Who leads has this tempo; None when it stays as it was."""
        if tempo_map is None:
            return
        event = TempoMapChanged(tempo_map, monotonic())
        if self._leads.several:
            # Play keeps the project's own.
            self._conductor.apply(event)
            self.surface.tell(event)
            self._wake.set()
        else:
            self.apply(event)

    def _follow_project(self, timeline: Timeline, loop: Loop | None) -> None:
        now = monotonic()
        self._follow(timeline, now)
        # Who is led by another transport has its loop; the built-in one has its own.
        if not self._leads.is_built_in and loop != self.session.transport.loop:
            self.apply(LoopChanged(loop, now))

    def _follow(self, timeline: Timeline, now: float) -> None:
        for event in self.session.timeline.changes_to(timeline, now):
            self.apply(event)

    def _seconds_of(self, quarter: float) -> float:
        return self._leads.own_tempo(self.session.timeline.tempo_map).seconds_at(quarter * TICKS_PER_QUARTER)

    def _bound(self, bindings: tuple[BoundControl, ...]) -> None:
        self.apply(ControllersBound(bindings))

    def _answered(self, answer: Composed | ComposeFailed) -> None:
        if isinstance(answer, Composed):
            self._conductor.composed(answer.bars, answer.seconds, monotonic())
        else:
            if answer.bar is not None:
                self._trouble(f"bar {answer.bar + 1} could not be composed: {answer.reason}")
            self._conductor.failed(lost=answer.bar is None)
        self._wake.set()

    async def _step_forever(self) -> None:
        while True:
            try:
                self._step()
            except Exception as error:
                # Whatever goes wrong in one step, the next may go right: the music must not end here.
                self._trouble(f"{type(error).__name__}: {error}", error)
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(STEP_SECONDS):
                    await self._wake.wait()

    def _step(self) -> None:
        self.controllers.step(monotonic())
        self._keeping.step(self._conductor)
        self._audition.step(monotonic())
        # First, and cheap: a fader is heard before anything is written anew for it.
        if (dynamics := self._conductor.dynamics(monotonic())) is not None:
            self.tell_play(dynamics)
        # Before what takes longer: who has done something sees it, and then what comes of it.
        self._page.step(monotonic())
        self._keep()
        stingers = self._settings.stingers.values()
        self.surface.watch()
        self._play.tell_who_plays(self._routing(), silent_parts(self.session, stingers))
        step = self._conductor.step(monotonic())
        for schedule in step.schedules:
            self.tell_play(schedule)
        if step.request is not None:
            self._compose.ask(step.request)

    def _routing(self) -> Routing:
        settings = self._settings
        return routing_for(self.session, settings.client_name, settings.offsets_ms, settings.stingers.values())

    async def _look_at_map(self, watch: MapWatch) -> None:
        timeline = await watch.changed()
        if timeline is not None:
            self._follow(timeline, monotonic())

    async def _save(self) -> None:
        await self._keeper.save(self.session, self._conductor.pages, int(self.tick()))

    async def _write_recording(self) -> None:
        await self._take.write(self.session.timeline, self._routing())
