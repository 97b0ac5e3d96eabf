from collections.abc import Sequence
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fakes.timelines import LAST_TICK, timelines
from hitpoint.planner.dynamics import dynamics_of
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.phrases import PHRASE_BARS, REACH_BARS, leading_part, phrases_of
from hitpoint.planner.plan import plan_bar
from hitpoint.score.dynamics import Dynamics, LevelPoint
from hitpoint.score.expression import CONTROLLER_RANGES, MODULATION, moves_until
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

BAR, BEAT = 3840, 960
CUE = Marker(0, "1m01 calm, violin, cello, D minor")
TINY_BARS = Timeline(meter_map=MeterMap(tuple(MeterChange(tick, Meter(1, 2)) for tick in range(98, 102))))
PLAIN = tuple(LevelPoint(tick, 0.45) for tick in (0, 1))


def plans_of(session: Session, bars: int) -> list[BarPlan]:
    return [plan for index in range(bars) if (plan := plan_bar(session, index)) is not None]


def plain_plans(bars: int, *markers: Marker, bpm: float = 120.0) -> list[BarPlan]:
    return plans_of(Session(Timeline(TempoMap.constant(bpm), markers=(CUE, *markers))), bars)


def ends(points: Sequence[LevelPoint]) -> list[int]:
    return [point.tick for point in points if point.level == -1.0]


def line(*notes: Note) -> dict[int, list[Note]]:
    return {bar: [note for note in notes if note.tick // BAR == bar] for bar in range(40)}


def with_line(plans: Sequence[BarPlan], *notes: Note) -> tuple[LevelPoint, ...]:
    of_bars = line(*notes)
    return phrases_of(plans, lambda part, bar: of_bars[bar] if part.startswith("violin") else [])


def test_where_nothing_is_written_a_phrase_is_four_bars_with_its_peak_past_the_middle() -> None:
    points = phrases_of(plain_plans(8))
    assert ends(points) == [0, 4 * BAR, 8 * BAR]
    peaks = [point.tick / BAR for point in points if point.level == 1.0]
    assert [2 < peak % 4 < 3 for peak in peaks] == [True, True]


def test_the_leading_line_is_the_violins_and_its_highest_note_is_the_peak() -> None:
    plans = plain_plans(4)
    assert (leading_part(plans[0]) or "").startswith("violin")
    notes = [Note(tick, 72 if tick == 2 * BAR else 60, BEAT, 80) for tick in range(0, 4 * BAR, BEAT)]
    assert [point.tick for point in with_line(plans, *notes) if point.level == 1.0] == [2 * BAR]


def test_a_breath_near_four_bars_ends_the_phrase_there() -> None:
    notes = [Note(tick, 60, BEAT, 80) for tick in range(0, 8 * BAR, BEAT)]
    rested = [note for note in notes if note.tick != 4 * BAR + BEAT]
    assert ends(with_line(plain_plans(8), *notes)) == [0, 4 * BAR, 8 * BAR]
    assert ends(with_line(plain_plans(8), *rested)) == [0, 4 * BAR + 2 * BEAT, 8 * BAR]
    held = [note for note in notes if not 3 * BAR <= note.tick < 3 * BAR + 3 * BEAT] + [Note(3 * BAR, 60, 3 * BEAT, 80)]
    assert ends(with_line(plain_plans(8), *sorted(held))) == [0, 3 * BAR + 3 * BEAT, 8 * BAR]


def test_what_the_music_must_meet_ends_a_phrase_on_its_tick() -> None:
    hit = 5 * BAR + 137
    assert hit in ends(phrases_of(plain_plans(9, Marker(hit, "HIT door"))))


@settings(deadline=None, max_examples=60)
@given(timelines, st.booleans())
def test_phrases_are_in_order_and_within_one_and_the_level_within_its_range(timeline: Timeline, written: bool) -> None:
    plans = plans_of(Session(timeline, direction="tense, orchestra"), timeline.meter_map.bar_at(LAST_TICK).index + 2)
    points = phrases_of(plans, fallback_line(plans) if written else lambda *_: ())
    assert all(one.tick <= other.tick for one, other in pairwise(points))
    assert all(-1.0 <= point.level <= 1.0 for point in points)
    dynamics = dynamics_of(plans)
    assert all(0.0 <= dynamics.expressed_at(tick) <= 1.0 for tick in range(0, LAST_TICK, 777))


@settings(deadline=None, max_examples=40)
@given(timelines, st.integers(0, 20), st.integers(1, 7))
@example(TINY_BARS, 0, 1)
def test_a_phrase_is_the_same_from_wherever_it_is_looked_at(timeline: Timeline, index: int, one_in: int) -> None:
    session = Session(timeline, direction="calm, strings")
    plans = plans_of(session, index + 2 * REACH_BARS)
    near = [plan for plan in plans if abs(plan.bar.index - index) <= REACH_BARS]
    line = fallback_line(plans)

    def notes(name: str, index: int) -> list[Note]:
        # Rests of all lengths, the same ones wherever they are looked at from.
        return [note for note in line(name, index) if note.tick * 7919 // 97 % one_in == 0]

    bar = timeline.meter_map.bar(index)
    if any(plan.bar.index == index for plan in plans):
        whole, seen = dynamics_of(plans, notes), dynamics_of(near, notes)
        for tick in range(bar.start, bar.end, 97):
            assert abs(whole.expressed_at(tick) - seen.expressed_at(tick)) < 1e-9


def fallback_line(plans: Sequence[BarPlan]):  # type: ignore[no-untyped-def]
    parts = {(part.name, plan.bar.index): (plan, part) for plan in plans for part in plan.parts}
    return lambda name, index: fallback_bar(*parts[name, index], ()).notes


@settings(deadline=None, max_examples=40)
@given(
    st.floats(40, 280), st.lists(st.integers(1, 16 * BAR), max_size=5), st.lists(st.integers(0, 16 * 8), max_size=60)
)
def test_a_swell_moves_controllers_by_two_at_most_and_twenty_times_a_second(
    bpm: float, hits: list[int], eighths: list[int]
) -> None:
    plans = plain_plans(16, *(Marker(tick, f"HIT {tick}") for tick in sorted(set(hits))), bpm=bpm)
    notes = [Note(place * 480, 60 + place % 13, 480, 80) for place in sorted(set(eighths))]
    tempo_map, dynamics = TempoMap.constant(bpm), Dynamics(PLAIN, PLAIN[:1], with_line(plans, *notes))
    moves = list(moves_until(dynamics, tempo_map, tuple(CONTROLLER_RANGES), 16 * BAR))
    assert len(moves) >= 2 * PHRASE_BARS
    for controller in CONTROLLER_RANGES:
        own = [move for move in moves if move.controller == controller]
        assert all(abs(one.value - other.value) <= 2 for one, other in pairwise(own))
        seconds = [tempo_map.seconds_at(move.tick) for move in own]
        assert all(later - earlier >= 1.0 - 0.05 for earlier, later in zip(seconds, seconds[21:], strict=False))


def test_a_phrase_of_four_seconds_or_more_moves_modulation_by_about_ten_up_and_down() -> None:
    dynamics = Dynamics(PLAIN, PLAIN[:1], phrases_of(plain_plans(4)))
    values = [move.value for move in moves_until(dynamics, TempoMap.constant(120), (MODULATION,), 4 * BAR)]
    assert (min(values), max(values)) == (59, 78)
