"""What play holds, and what it must be given or told to drop, so that it holds what the pages do. No clock, no I/O.

In a loop play keeps what it holds from turn to turn. A bar that is over is then one that comes again: it stays, and is
looked at anew when it comes near.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from hitpoint.engine.pages import Pages, settled
from hitpoint.engine.played_bars import PlayedBars
from hitpoint.engine.splices import Changes
from hitpoint.planner.horizon import comes_again
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.turns import before_seam, before_turns, cleared_from, turn_in
from hitpoint.scheduler.performance import Schedule
from hitpoint.score.articulation import articulations_in
from hitpoint.score.ensemble import part_named
from hitpoint.score.note import Note
from hitpoint.score.pedal import pedals_in
from hitpoint.score.request import BarPlan, ComposedBar, Landing, Source, accents_of
from hitpoint.score.session import Session
from hitpoint.score.stem import Part
from hitpoint.timeline.meter import Bar

MOST_TAKEN_BACK = 64
"""Bars in which play is told to drop what another control may have given it: far more than one gives ahead."""


@dataclass(frozen=True, slots=True)
class Held:
    """What play holds of one part in one bar."""

    part: Part
    written: ComposedBar | None
    """None where it rests because a state has turned."""
    start: int
    end: int
    landings: tuple[Landing, ...] = ()
    level: float | None = None
    """The intensity its notes were written for; None for notes that stay as they are."""
    sent: tuple[Note, ...] = ()
    """As they were given: those over a turn end there, and who blows takes breath before a loop's end."""
    tension: float | None = None
    """Of the plan that they answer."""
    begun: bool = False
    """True from its beginning on; in a loop, until the turn."""
    whole: bool = True
    """False when a loop was set since: what was played before it is not in it."""
    rests_after: int | None = None
    """Where it rests: the first tick of the notes before that, which a loop would come to again; None for none."""

    @property
    def given_from(self) -> int:
        """The first tick at which play may have something of it."""
        return self.start if self.rests_after is None else self.rests_after

    @property
    def begins(self) -> int:
        """The first tick at which these notes differ from what play held before."""
        kept_until = None if self.written is None else self.written.kept_until
        return self.start if kept_until is None else kept_until

    def sounds(self, session: Session, tick: float) -> bool:
        """True while the transport is in the bar."""
        return session.transport.rolling and self.start <= tick < self.end

    def played_out(self, session: Session, plan: BarPlan, tick: float) -> bool:
        """True for a bar that has begun and still meets what it must: its notes are half heard, and half of another
        answer would be worse. With another metre it is another bar."""
        same = (self.start, self.end, self.landings) == (plan.bar.start, plan.bar.end, plan.landings)
        return same and self.sounds(session, tick) and self.begins <= tick


class InPlay:
    """Process: control."""

    def __init__(self, changes: Changes) -> None:
        self.played = PlayedBars()
        """Who wrote what was heard so far."""
        self.ahead: int | None = None
        """Index of the bar that sounds, where what is given of it is for its next turn. None where it is not."""
        self._changes = changes
        self._held: dict[tuple[str, int], Held] = {}
        self._counted: set[int] = set()
        """Bars of `played` that have not ended yet."""
        self._taken_back: set[tuple[int, int]] | None = None
        """Spans of the bars in which play has been told to drop what this did not give it; None when there is nothing
        that it could hold."""

    def at(self, part: str, bar: int) -> Held | None:
        """What play has of a part in the bar of that index."""
        return self._held.get((part, bar))

    def forget(self) -> None:
        """Play holds nothing: it was started anew, or went elsewhere."""
        self._held.clear()
        self._taken_back = None

    def adopt(self) -> None:
        """Play may hold what another control gave it."""
        self._taken_back = set()

    def break_off(self) -> None:
        """What was begun will not be ended: when it begins again it counts again."""
        self._counted.clear()

    def turn(self) -> None:
        """The loop has turned: all of its bars are to begin anew."""
        self._held = {key: replace(held, begun=False) for key, held in self._held.items()}
        self._counted.clear()

    def change_loop(self) -> None:
        """Another loop is set: play has in it only what was not played before."""
        self._held = {key: replace(held, whole=False) for key, held in self._held.items()}

    def begin(self, session: Session, pages: Pages, tick: float) -> None:
        """Count the bars that have begun, and keep for good what they began with: it will be half heard."""
        if not session.transport.rolling:
            return
        begun: dict[int, list[Source]] = {}
        for (name, index), held in self._held.items():
            if held.begun or not held.begins <= tick < held.end or held.written is None:
                continue
            written = settled(held.written)
            self._held[name, index] = replace(held, written=written, begun=True)
            if pages.at(name, index) != written:
                pages.keep((written,))
            begun.setdefault(index, []).append(written.source)
        for index, sources in begun.items():
            if index not in self._counted:
                self._counted.add(index)
                self.played = self.played.after(sources)

    def give(self, session: Session, pages: Pages, index: int, tick: float) -> list[Schedule]:
        """What play must be given of a bar."""
        plan, bar = plan_bar(session, index), session.timeline.meter_map.bar(index)
        turn = turn_in(session, bar.start, bar.end)
        parts = self._parts_of(session, pages, plan) if plan is not None else ()
        schedules = []
        for part in parts:
            written = pages.valid(plan, part, session) if plan is not None else None
            if plan is not None and written is not None:
                schedules += self._give(session, plan, part, written, turn, tick)
        return schedules + (self._fall_silent(session, pages, parts, index, turn) if turn is not None else [])

    def _give(
        self, session: Session, plan: BarPlan, part: Part, written: ComposedBar, turn: int | None, tick: float
    ) -> list[Schedule]:
        bar, held, next_turn = plan.bar, self._held.get((part.name, plan.bar.index)), False
        level = None if session.stays(part, bar) or plan.repeats is not None else plan.controls.intensity
        if held is not None and held.written == written:
            if held.whole and held.level == level:
                return []
            # Locked, or let go: the same notes, whose velocities stay or follow. Or in another loop.
            sent = held.sent if held.whole else _sent(session, plan, part, written)
            given = replace(held, level=level, whole=True, sent=sent)
        else:
            sent = _sent(session, plan, part, written)
            given = Held(part, written, bar.start, bar.end, plan.landings, level, sent, plan.controls.tension)
            if held is not None and held.played_out(session, plan, tick) and given.begins <= held.begins:
                if not comes_again(session, bar):
                    return []
                next_turn = True
        if next_turn or bar.index == self.ahead:
            next_turn, given = True, replace(given, begun=True)
        self._held[part.name, bar.index] = given
        return [replace(_schedule(session, given, bar.index, turn), next_turn=next_turn)]

    def _fall_silent(
        self, session: Session, pages: Pages, playing: Sequence[Part], index: int, turn: int
    ) -> list[Schedule]:
        """End what sounds of the parts that play no more after a turn in the bar."""
        end, names = session.timeline.meter_map.bar(index).end, {part.name for part in playing}
        schedules = []
        for part in known_parts(pages.parts - names):
            name = part.name
            held = self._held.get((name, index))
            rests = held is not None and held.written is None and held.start == turn
            if not rests and not session.keeps(part):
                after = None if held is None else held.given_from
                self._held[name, index] = Held(part, None, turn, end, rests_after=after)
                schedules.append(Schedule(name, index, min(turn, cleared_from(session, turn)), end, (), turn))
        return schedules

    def _parts_of(self, session: Session, pages: Pages, plan: BarPlan) -> tuple[Part, ...]:
        """The plan's parts, and those it left out that are locked and have notes here."""
        left_out = known_parts(pages.parts - {part.name for part in plan.parts}) if session.locked else ()
        locked = (part for part in left_out if session.keeps(part))
        return plan.parts + tuple(part for part in locked if pages.at(part.name, plan.bar.index) is not None)

    def withdraw(
        self, session: Session, tick: float, near: Sequence[int], heard: Callable[[int], Session]
    ) -> list[Schedule]:
        """Take back what play holds and no plan asks for. Of a loop that is done when its bars come near: until then
        the old notes are better than none, should nobody come to it.

        near: indices of the bars that play should hold. heard: the session as the bar of an index is heard in it.
        """
        schedules, loop = [], session.transport.turning
        # By ticks: where the metre has changed a bar's index is another's.
        coming = [session.timeline.meter_map.bar(index) for index in near]
        for (name, index), held in list(self._held.items()):
            if held.end <= tick and (loop is None or not loop.holds(held.start, held.end)):
                del self._held[name, index]
                self._counted.discard(index)
                continue
            comes = held.end > tick or any(bar.start < held.end and held.start < bar.end for bar in coming)
            if comes and not self._holds(heard(index), index, held, tick):
                del self._held[name, index]
                schedules.append(Schedule(name, index, held.given_from, held.end, (), next_turn=index == self.ahead))
        return schedules

    def unknown(self, session: Session, pages: Pages, near: Sequence[int]) -> list[Schedule]:
        """Empty spans for all that another control may have given to play, and this one does not; once for each bar
        that comes near: without a loop others come near than in it."""
        if self._taken_back is None:
            return []
        bars = [session.timeline.meter_map.bar(index) for index in near]
        anew = [bar for bar in bars if (bar.start, bar.end) not in self._taken_back]
        self._taken_back.update((bar.start, bar.end) for bar in anew)
        if len(self._taken_back) > MOST_TAKEN_BACK:
            self._taken_back = None
        written = sorted(pages.parts) if anew else ()
        return [
            Schedule(name, bar.index, bar.start, bar.end, ())
            for bar in anew
            for name in written
            if not self._gives_within(name, bar)
        ]

    def _gives_within(self, part: str, bar: Bar) -> bool:
        # One that rests from a turn on says nothing of what comes before it.
        return any(
            name == part and held.written is not None and held.start < bar.end and bar.start < held.end
            for (name, _), held in self._held.items()
        )

    def _holds(self, session: Session, index: int, held: Held, tick: float) -> bool:
        if session.keeps(held.part):
            return True
        if held.written is None:
            plan, turned = plan_bar(session, index), turn_in(session, held.start, held.start + 1) is not None
            return turned and (plan is None or held.part not in plan.parts)
        for change in self._changes.within(session, index):
            # What is still right before a change in the bar stays until the new notes are there.
            if held.part in change.plan.parts and (
                held.written.basis == change.plan.basis(held.part.name) or held.played_out(session, change.plan, tick)
            ):
                return True
        return False


def known_parts(names: Iterable[str]) -> tuple[Part, ...]:
    """The parts of these names, in the order of their names. A control that was started anew knows names only."""
    return tuple(part for name in sorted(names) if (part := part_named(name)) is not None)


def _sent(session: Session, plan: BarPlan, part: Part, written: ComposedBar) -> tuple[Note, ...]:
    if session.keeps(part):
        return written.notes
    return before_seam(session, plan, part, before_turns(session, written.notes))


def _schedule(session: Session, held: Held, index: int, turn: int | None) -> Schedule:
    """The bar as play gets it: at a turn what sounded before ends, and its last notes before it are dropped."""
    start, cut_at = held.start, None
    if turn is not None and not session.keeps(held.part):
        start, cut_at = min(start, cleared_from(session, turn)), turn
    elif held.begins > held.start:
        cut_at = next((note.tick for note in held.sent if note.tick >= held.begins), None)
    beat = session.timeline.meter_map.bar_at(held.start).meter.beat_ticks
    met = [landing.tick for landing in held.landings]
    pedal = pedals_in(held.part.instrument, held.sent, held.start, held.end, beat, met)
    played = articulations_in(held.part.instrument, held.sent, beat, held.tension, accents_of(held.landings))
    return Schedule(
        held.part.name, index, start, held.end, held.sent, cut_at, held.level, pedal=pedal, articulations=played
    )  # fmt: skip


def without_replaced(withdrawn: Sequence[Schedule], given: Sequence[Schedule]) -> list[Schedule]:
    """What is withdrawn and nothing given takes the place of: play must not be found without it in between."""
    return [one for one in withdrawn if not any(_covers(other, one) for other in given)]


def _covers(given: Schedule, withdrawn: Schedule) -> bool:
    return given.part == withdrawn.part and given.start <= withdrawn.start and withdrawn.end <= given.end
