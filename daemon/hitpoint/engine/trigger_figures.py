"""What came of a hand's moves and questions: how soon the daemon answered, from when things were sent and heard.

The fader goes from soft to loud and back, so far apart that a note's velocity tells by itself which it was sent for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hitpoint.outputs.osc_hand import HandReport, HeardOsc
from hitpoint.planner.horizon import Horizon, bars_to_commit
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.sync import LEAD_SECONDS, sync_tick
from hitpoint.scheduler.performance import Schedule
from hitpoint.score.dynamics import velocity_window
from hitpoint.score.session import ControlMoved, Session
from hitpoint.score.when import When

SOFT, LOUD = (0.1, 0.25), (0.75, 0.9)
"""Of the fader."""
LEAST_LOUD = velocity_window(LOUD[0] - 0.025)[0]
"""The softest note of a loud value, which is brought to a step of 0.05 first."""
SHORTEST_WAIT_SECONDS = 0.6
"""From one move to the next."""
ON_ITS_WAY_SECONDS = 0.1
"""A question's beat is chosen when it arrives: within this time of its sending."""

Told = Sequence[tuple[float, Schedule]]
"""What play was handed, and at which second of CLOCK_MONOTONIC."""


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


def fader_figures(session: Session, values: Sequence[float], report: HandReport, told: Told) -> dict[str, Any]:
    """Milliseconds, p50, p99 and max: from the packet to the first controller that moved; to the last note that still
    had the old level's velocity (0 where none came); to the first note with the new one's, which waits for the music
    to have a note; until every affected part's bars were handed to play anew, and for the last time before the next
    move; and beside them a question's way there and back.
    """
    ends = [*report.moves[1:], report.moves[-1] + SHORTEST_WAIT_SECONDS]
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


def _replaced(session: Session, move: _Move, told: Told) -> tuple[float, float] | None:
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


def beat_figures(session: Session, report: HandReport, told: Told) -> dict[str, Any]:
    """How many questions took hold at another beat than the first that was LEAD_SECONDS away or more; of how many some
    part was not handed its other answer before that beat; and how many milliseconds before it the last part was.

    The session has one variation for each question, in their order.
    """
    elsewhere, late, ahead = 0, 0, []
    for at, asked in zip(report.moves, session.variations, strict=True):
        beat = max(asked.first_tick, session.timeline.meter_map.bar(asked.first_bar).start)
        elsewhere += beat not in _beats(session, at)
        plan = plan_bar(session, session.timeline.meter_map.bar_at(beat).index)
        wanted = {part.name for part in plan.parts} if plan is not None else set()
        handed: dict[str, float] = {}
        for when, schedule in told:
            if when >= at and plan is not None and schedule.bar == plan.bar.index and schedule.part in wanted:
                handed.setdefault(schedule.part, when)
        due = session.transport.clock_at(beat, session.timeline.tempo_map)
        late += handed.keys() != wanted or max(handed.values(), default=due) > due
        ahead += [due - max(handed.values())] if handed else []
    return {
        "asked_at_the_next_beat": len(report.moves),
        "at_another_beat": elsewhere,
        "handed_after_the_beat": late,
        "handed_before_the_beat_ms": {
            "p50": round(1000.0 * _at(ahead, 0.5), 1),
            "least": round(1000.0 * min(ahead, default=0.0), 1),
        },
    }


def _beats(session: Session, at: float) -> set[int]:
    """The beats that are right for a question sent at that second, whenever it arrived."""
    tempo_map, transport = session.timeline.tempo_map, session.transport
    sent_and_arrived = (transport.tick_at(at + later, tempo_map) for later in (0.0, ON_ITS_WAY_SECONDS))
    return {sync_tick(session, tick, When.BEAT, LEAD_SECONDS) for tick in sent_and_arrived}


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
