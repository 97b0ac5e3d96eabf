from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.outputs.frame_count import FRAME_COUNTER, FrameCount

FRAMES = 256


def begin(count: FrameCount, told: int, host: int | None = None) -> tuple[int, bool]:
    return count.begin(told % FRAME_COUNTER, FRAMES, host)


def test_cycles_in_turn_are_counted_across_the_wrap() -> None:
    first = FRAME_COUNTER - 3 * FRAMES
    count = FrameCount(first)

    assert [begin(count, first + n * FRAMES) for n in range(6)] == [(first + n * FRAMES, True) for n in range(6)]


def test_a_server_that_catches_up_has_not_jumped() -> None:
    # As jackd 1.9.21 told it under load: two cycles at once, both with the later one's time.
    count = FrameCount(0)

    assert [begin(count, told) for told in (0, 512, 512, 768)] == [(0, True), (256, False), (512, True), (768, True)]


def test_a_jump_that_lasts_is_believed_in_the_second_cycle() -> None:
    count = FrameCount(0)

    assert [begin(count, told)[0] for told in (0, 768, 1024, 1280)] == [0, 256, 1024, 1280]


def test_a_jump_that_the_transport_made_too_is_believed_at_once() -> None:
    count = FrameCount(0)

    assert begin(count, 0, host=5000) == (0, True)
    assert begin(count, 768, host=5768) == (768, False)


def test_a_transport_that_goes_on_in_turn_outweighs_the_time_told() -> None:
    count = FrameCount(0)

    assert begin(count, 0, host=5000) == (0, True)
    assert begin(count, 512, host=5256) == (256, False)
    assert begin(count, 512, host=5512) == (512, True)


@given(st.lists(st.sampled_from((0, 0, 0, 256, 512, 1024)), max_size=40))
def test_the_count_never_runs_back_and_ends_where_the_server_is(gaps: list[int]) -> None:
    count, told, starts = FrameCount(0), 0, []
    for gap in [*gaps, 0, 0, 0]:
        told += gap
        starts.append(begin(count, told)[0])
        told += FRAMES

    assert all(later - earlier >= FRAMES for earlier, later in pairwise(starts))
    assert starts[-1] == told - FRAMES
