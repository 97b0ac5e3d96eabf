"""How soon a hand on the fader is answered, by a whole daemon with its own model at work.

Another process moves `intensity` over OSC and hears the notes and controllers that come of it, over OSC too: from
packet to packet, with nothing of ours between but the daemon. Values change from soft to loud and back, so far apart
that a note's velocity tells by itself which of the two it was sent for.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random
from time import monotonic
from typing import Any

from hitpoint.config.settings import Settings
from hitpoint.engine.control import Control, ControlSettings
from hitpoint.engine.crew_pipes import Post
from hitpoint.engine.leader import BUILT_IN
from hitpoint.engine.local_crew import local_crew
from hitpoint.engine.startup import control_settings
from hitpoint.errors import HostError
from hitpoint.hosts.commands import Play, Stop
from hitpoint.outputs.osc_hand import LOOPBACK, Fader, HandReport, HeardOsc, osc_hand_main
from hitpoint.planner.horizon import Horizon, bars_to_commit
from hitpoint.planner.plan import plan_bar
from hitpoint.scheduler.performance import Schedule, ToPlay
from hitpoint.score.dynamics import velocity_window
from hitpoint.score.expression import CONTROLLER_RANGES
from hitpoint.score.session import ControlMoved, Session

DIRECTION = "tense, strings, winds, 120 bpm, D minor"
SOFT, LOUD = (0.1, 0.25), (0.75, 0.9)
LEAST_LOUD = velocity_window(LOUD[0] - 0.025)[0]
"""The softest note of a loud value, which is brought to a step of 0.05 first."""
WAIT_SECONDS = (0.6, 1.8)
WARM_SECONDS = 3.0
"""Music before the first move."""
HEAR_SECONDS = 30.0
"""How long the hand may take beyond its own time."""


def measure_triggers(settings: Settings, moves: int = 60) -> dict[str, Any]:
    """Move the fader that often at random times while the daemon plays. Blocks: for about 1.2 s a move.

    Returns milliseconds, p50, p99 and max: from the packet to the first controller that moved; to the last note that
    still had the old level's velocity (0 where none came); to the first note with the new one's, which waits for the
    music to have a note; until every affected part's bars were handed to play anew, and written for the last time
    before the next move; and beside them a question's way there and back.
    """
    with _hand() as hand:
        settings = _heard_at(settings, hand.recv())
        with local_crew(settings) as post:
            return asyncio.run(_measured(settings, post, hand, _values(moves)))


async def _measured(
    settings: Settings, post: Post, hand: "Connection[Any, Any]", values: tuple[float, ...]
) -> dict[str, Any]:
    session = Session(direction=DIRECTION).apply(ControlMoved("intensity", SOFT[0]))
    control = _Watched(session, control_settings(settings), post)
    await control.start()
    try:
        await control.written_ahead()
        control.transport(Play())
        await asyncio.sleep(WARM_SECONDS)
        assert control.surface.port is not None  # it has started
        question = "/hitpoint/transport/get"
        hand.send(Fader(control.surface.port, "/hitpoint/control/intensity", values, WAIT_SECONDS, question))
        report = await asyncio.to_thread(_answer, hand, len(values) * WAIT_SECONDS[1] + HEAR_SECONDS)
        playing = control.session
        control.transport(Stop())
    finally:
        await control.stop()
    return _figures(playing, values, report, control.told)


def _answer(hand: "Connection[Any, Any]", seconds: float) -> HandReport:
    if not hand.poll(seconds):
        raise HostError("the hand of the trigger bench does not answer. Run it again on a quieter machine.")
    report: HandReport = hand.recv()
    return report


def _values(moves: int) -> tuple[float, ...]:
    random = Random(moves)
    return tuple(round(random.uniform(*(LOUD, SOFT)[place % 2]), 3) for place in range(moves))


def _heard_at(settings: Settings, ear: int) -> Settings:
    """The same, with the notes and controllers going to that port, and whatever else could lead the daemon left out."""
    osc = replace(settings.osc, host=LOOPBACK, port=0, reply_port=None, notes=(LOOPBACK, ear), dialect="hitpoint")
    output = replace(settings.output, kind="osc", expression=tuple(CONTROLLER_RANGES), offsets_ms={}, record=None)
    return replace(settings, output=output, osc=osc, follow=BUILT_IN)


class _Watched(Control):
    """Notes when play is handed what."""

    def __init__(self, session: Session, settings: ControlSettings, post: Post) -> None:
        super().__init__(session, settings, post)
        self.told: list[tuple[float, Schedule]] = []

    def tell_play(self, message: ToPlay) -> None:
        """Hand it over, and note that."""
        super().tell_play(message)
        if isinstance(message, Schedule):
            self.told.append((monotonic(), message))


@contextmanager
def _hand() -> Iterator["Connection[Any, Any]"]:
    # A thread of ours would wait for our own work; a process of its own hears at once.
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=osc_hand_main, args=(there, None), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join(3.0)
        if process.is_alive():
            process.kill()


# What came of it


@dataclass(frozen=True, slots=True)
class _Move:
    """One move, and the time until the next."""

    at: float
    until: float
    value: float

    def during(self, heard: Sequence[HeardOsc], kind: str) -> Iterator[HeardOsc]:
        """What was heard of a kind between this move and the next."""
        return (one for one in heard if self.at <= one.at < self.until and one.address.endswith(kind))

    def fits(self, velocity: int) -> bool:
        """True for a note of this move's level."""
        return (velocity >= LEAST_LOUD) == (self.value >= LOUD[0])


def _figures(
    session: Session, values: Sequence[float], report: HandReport, told: Sequence[tuple[float, Schedule]]
) -> dict[str, Any]:
    ends = [*report.moves[1:], report.moves[-1] + WAIT_SECONDS[0]]
    moves = [_Move(*one) for one in zip(report.moves, ends, values, strict=True)]
    controllers, old, new = [], [], []
    for move in moves:
        controllers += [one.at - move.at for one in move.during(report.notes, "/cc")][:1]
        notes = [
            (one.at - move.at, move.fits(one.values[1])) for one in move.during(report.notes, "/note") if one.values[1]
        ]
        old.append(max((after for after, fits in notes if not fits), default=0.0))
        new += [after for after, fits in notes if fits][:1]
    replaced = [times for move in moves if (times := _replaced(session, move, told))]
    pings = _pings(report)
    return {
        "moves": len(moves),
        "heard_by": "another process, over OSC on this machine",
        "moves_without_answer": len(moves) - len(controllers),
        "controller_ms": _spread(controllers),
        "last_note_of_old_level_ms": _spread(old),
        "first_note_of_new_level_ms": _spread(new),
        "moves_with_all_parts_replaced": len(replaced),
        "all_parts_replaced_ms": _spread([first for first, _ in replaced]),
        "last_rewritten_ms": _spread([last for _, last in replaced]),
        "question_and_answer_ms": _spread(pings),
        "controller_p99_to_question_p99": round(_at(controllers, 0.99) / max(1e-9, _at(pings, 0.99)), 2),
    }


def _replaced(session: Session, move: _Move, told: Sequence[tuple[float, Schedule]]) -> tuple[float, float] | None:
    """How long until every part of every bar that play held, and had not begun, was there anew; and for the last time.

    None where the next move or the bar came before.
    """
    session = session.apply(ControlMoved("intensity", move.value))
    tick = session.transport.tick_at(move.at, session.timeline.tempo_map)
    plans = [plan for bar in bars_to_commit(session, tick, Horizon()) if (plan := plan_bar(session, bar)) is not None]
    wanted = {(part.name, plan.bar.index): plan.controls.intensity for plan in plans for part in plan.parts}
    wanted = {key: level for key, level in wanted.items() if session.timeline.meter_map.bar(key[1]).start > tick}
    first: dict[tuple[str, int], float] = {}
    last: dict[tuple[str, int], float] = {}
    for at, schedule in told:
        key = schedule.part, schedule.bar
        if move.at <= at < move.until and key in wanted and schedule.level == wanted[key]:
            first.setdefault(key, at - move.at)
            last[key] = at - move.at
    if first.keys() != wanted.keys() or not wanted:
        return None
    return max(first.values()), max(last.values())


def _pings(report: HandReport) -> list[float]:
    answers = [one.at for one in report.answers if one.address == "/hitpoint/transport"]
    found = []
    for asked, until in zip(report.questions, (*report.questions[1:], float("inf")), strict=True):
        found += [at - asked for at in answers if asked <= at < until][:1]
    return found


def _at(values: Sequence[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0


def _spread(values: Sequence[float]) -> dict[str, float]:
    """Milliseconds."""
    shares = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: round(1000.0 * _at(values, share), 2) for name, share in shares.items()}
