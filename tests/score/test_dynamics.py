from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.dynamics import LOUDEST_PLAIN, Dynamics, LevelPoint, velocity_at, velocity_window

levels = st.floats(0, 1)
points = st.lists(st.builds(LevelPoint, st.integers(0, 9600), levels), min_size=1, max_size=8).map(
    lambda given: tuple(sorted(given, key=lambda point: point.tick))
)


@given(levels, levels)
def test_a_note_written_in_one_window_is_in_the_window_of_the_level_it_is_sent_at(written: float, level: float) -> None:
    softest, loudest = velocity_window(written)
    lowest, highest = velocity_window(level)
    for velocity in (softest, (softest + loudest) // 2, loudest):
        # One beside it, as both windows are rounded.
        assert lowest - 1 <= velocity_at(velocity, written, level) <= highest + 1


@given(levels, st.integers(1, LOUDEST_PLAIN))
def test_at_the_level_it_was_written_for_a_note_is_as_written(level: float, velocity: int) -> None:
    assert velocity_at(velocity, level, level) == velocity


@given(levels, levels, st.integers(1, 127))
def test_more_level_never_makes_a_note_softer_nor_a_plain_one_an_accent(
    one: float, other: float, velocity: int
) -> None:
    sent = velocity_at(velocity, min(one, other), max(one, other))
    assert sent >= velocity
    assert velocity > LOUDEST_PLAIN or sent <= LOUDEST_PLAIN


@given(levels, levels, st.integers(LOUDEST_PLAIN + 1, 127))
def test_an_accent_stays_an_accent(written: float, level: float, velocity: int) -> None:
    assert velocity_at(velocity, written, level) == velocity


@given(points, st.floats(0, 10_000))
def test_a_curve_stays_between_its_neighbouring_points(curve: tuple[LevelPoint, ...], tick: float) -> None:
    dynamics = Dynamics(curve, curve)
    assert min(point.level for point in curve) <= dynamics.level_at(tick) <= max(point.level for point in curve)
    following = dynamics.next_point(tick)
    assert following is None or following > tick


@given(points)
def test_of_two_points_at_one_tick_the_last_holds_from_there(curve: tuple[LevelPoint, ...]) -> None:
    dynamics, last = Dynamics(curve, curve), {point.tick: point.level for point in curve}
    for tick, level in last.items():
        assert dynamics.level_at(tick) == level
        assert dynamics.step_at(tick) == level


def test_half_way_the_level_is_half_way() -> None:
    dynamics = Dynamics((LevelPoint(0, 0.0),), (LevelPoint(0, 0.2), LevelPoint(960, 0.4), LevelPoint(960, 1.0)))
    assert round(dynamics.level_at(480), 6) == 0.3
    assert dynamics.moves_at(480)
    assert dynamics.level_at(960) == 1.0
    assert not dynamics.moves_at(960)


@given(levels, levels, st.floats(-1, 1), st.integers(0, 10_000))
def test_a_swell_never_turns_more_intensity_into_less_nor_leaves_the_range(
    one: float, other: float, swell: float, tick: int
) -> None:
    low, high = (
        Dynamics((LevelPoint(0, level),), (LevelPoint(0, level),), (LevelPoint(0, swell),)).expressed_at(tick)
        for level in (min(one, other), max(one, other))
    )
    assert 0.0 <= low <= high + 1e-12
    assert high <= 1.0


def test_silence_and_the_greatest_accent_have_no_swell() -> None:
    for level in (0.0, 1.0):
        assert (
            Dynamics((LevelPoint(0, level),), (LevelPoint(0, level),), (LevelPoint(0, 1.0),)).expressed_at(5) == level
        )
