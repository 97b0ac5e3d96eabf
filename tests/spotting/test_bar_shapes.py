"""Every way from a hit to the next covers the gap, and puts the hit on a beat."""

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.spotting.bar_shapes import Shape, ways
from hitpoint.timeline.meter import Meter

SHAPES = st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(7, 8), Meter(5, 4), Meter(2, 2)]).map(Shape.of)


@given(base=SHAPES, open_bar=SHAPES, phase=st.integers(0, 13), gap=st.integers(1, 80))
def test_the_bars_cover_the_gap_and_the_hit_is_on_a_beat(base: Shape, open_bar: Shape, phase: int, gap: int) -> None:
    phase = phase % open_bar.length // open_bar.beat * open_bar.beat
    for way in ways(base, open_bar, phase, gap):
        around = way.reshaped or open_bar
        last = way.bars[-1] if way.bars else around
        assert way.reshaped is None or phase % around.beat == 0
        assert way.phase % last.beat == 0
        covered = sum(bar.length for bar in way.bars) + (around.length - phase if phase else 0)
        assert covered - gap == (last.length - way.phase if way.phase else 0)


@given(base=SHAPES, gap=st.integers(2, 80))
def test_from_a_bar_line_every_gap_of_two_eighths_or_more_has_a_way(base: Shape, gap: int) -> None:
    assert ways(base, base, 0, gap)


def test_a_metre_of_sixteenths_has_no_shape() -> None:
    assert Shape.of(Meter(7, 16)) is None
    assert Shape.of(Meter(1, 8)) is None
