from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.dynamics import Dynamics, LevelPoint
from hitpoint.score.expression import CONTROLLER_RANGES, EXPRESSION, MODULATION, controller_value, moves_until
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

BOTH = tuple(CONTROLLER_RANGES)
END = 9600
TEMPI = (TempoMap.constant(97.5), TempoMap((TempoPoint(0, 60.0, Ramp.LINEAR_IN_BEATS), TempoPoint(END, 200.0))))
curves = st.lists(st.builds(LevelPoint, st.integers(0, END), st.floats(0, 1)), min_size=1, max_size=6).map(
    lambda given: tuple(sorted(given, key=lambda point: point.tick))
)


@given(curves, st.sampled_from(TEMPI))
def test_moves_follow_the_curve_and_none_says_what_is_known(curve: tuple[LevelPoint, ...], tempo: TempoMap) -> None:
    dynamics = Dynamics(curve, curve)
    moves = list(moves_until(dynamics, tempo, BOTH, END))
    for controller in BOTH:
        own = [move for move in moves if move.controller == controller]
        assert all(one.tick <= other.tick and one.value != other.value for one, other in pairwise(own))
        for tick in range(curve[0].tick, END, 37):
            value = next((move.value for move in reversed(own) if move.tick <= tick), None)
            # What it was at most one look ago.
            ago = tempo.fractional_tick_at(max(tempo.seconds_at(curve[0].tick), tempo.seconds_at(tick) - 0.021))
            # At a step its level is the one after it.
            corners = [at for point in curve for at in (point.tick - 1e-6, point.tick) if ago <= at <= tick]
            seen = [dynamics.level_at(place) for place in (ago, *corners, tick)]
            low, high = controller_value(controller, min(seen)), controller_value(controller, max(seen))
            assert value is not None
            assert low - 1 <= value <= high + 1


def test_a_step_moves_controllers_on_its_very_tick() -> None:
    curve = (LevelPoint(0, 0.1), LevelPoint(1937, 0.1), LevelPoint(1937, 1.0))
    moves = list(moves_until(Dynamics(curve, curve), TempoMap.constant(97.5), (EXPRESSION,), END))
    assert [(move.tick, move.value) for move in moves] == [(0, 85), (1937, 127)]


def test_what_is_soft_is_not_silent() -> None:
    assert controller_value(EXPRESSION, 0.0) == 80
    assert controller_value(MODULATION, 0.0) == 20
    assert controller_value(MODULATION, 1.0) == controller_value(EXPRESSION, 1.0) == 127


def test_without_controllers_nothing_moves() -> None:
    curve = (LevelPoint(0, 0.1), LevelPoint(900, 1.0))
    assert list(moves_until(Dynamics(curve, curve), TempoMap(), (), END)) == []
