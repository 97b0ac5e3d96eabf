import pytest

from hitpoint.errors import HostError
from hitpoint.timeline.loop import Loop


@pytest.mark.parametrize(("start", "end"), [(0, 0), (960, 960), (960, 0), (-1, 5)])
def test_a_loop_without_length_is_refused(start: int, end: int) -> None:
    with pytest.raises(HostError, match="loop"):
        Loop(start, end)


def test_a_loop_holds_the_spans_it_has_a_tick_of() -> None:
    loop = Loop(960, 1920)
    assert loop.holds(0, 961)
    assert loop.holds(1919, 3840)
    assert not loop.holds(0, 960)
    assert not loop.holds(1920, 3840)


def test_a_loop_lies_in_the_spans_that_hold_all_of_it() -> None:
    assert Loop(960, 1920).lies_in(960, 1920)
    assert not Loop(960, 1920).lies_in(961, 3840)
