"""Labels and frames, in every rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import HostError
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

RATES = ("23.976", "24", "25", "29.97", "29.97df", "30")


@pytest.mark.parametrize("name", RATES)
def test_every_label_of_a_stretch_of_each_hour_names_its_own_frame(name: str) -> None:
    rate = FrameRate.named(name)
    hour = frame_at("01:00:00:00", rate)
    for start in (0, hour - 400, 23 * hour + 17_900):
        for frame in range(start, start + 20_000):
            assert frame_at(label_at(frame, rate), rate) == frame


@pytest.mark.slow
@pytest.mark.parametrize("name", RATES)
def test_every_label_of_a_day_is_its_own_and_comes_back(name: str) -> None:
    rate = FrameRate.named(name)
    day = 24 * frame_at("01:00:00:00", rate)
    labels = [label_at(frame, rate) for frame in range(day)]
    assert labels == sorted(set(labels))
    assert all(frame_at(label, rate) == frame for frame, label in enumerate(labels))


@given(frame=st.integers(0, 2_589_407), name=st.sampled_from(RATES))
def test_label_and_frame_are_inverse(frame: int, name: str) -> None:
    rate = FrameRate.named(name)
    frame %= 24 * frame_at("01:00:00:00", rate)
    assert frame_at(label_at(frame, rate), rate) == frame


def test_drop_frame_leaves_out_108_labels_an_hour() -> None:
    assert frame_at("01:00:00;00", FrameRate.named("29.97df")) == 107_892
    assert label_at(1800, FrameRate.named("29.97df")) == "00:01:00;02"
    assert label_at(17_982, FrameRate.named("29.97df")) == "00:10:00;00"


@pytest.mark.parametrize(
    ("label", "rate", "says"),
    [
        ("1:2:3", "24", "HH:MM:SS:FF"),
        ("00:00:00:24", "24", "frames to 23"),
        ("00:61:00:00", "24", "does not exist"),
        ("00:01:00;00", "29.97df", "leaves out"),
        ("00:00:01;00", "25", "is a drop-frame label"),
    ],
)
def test_a_label_that_the_rate_does_not_have_is_refused(label: str, rate: str, says: str) -> None:
    with pytest.raises(HostError, match=says):
        frame_at(label, FrameRate.named(rate))
