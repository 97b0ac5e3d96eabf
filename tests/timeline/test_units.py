from fractions import Fraction

import pytest

from hitpoint.errors import ConfigError
from hitpoint.timeline.units import FrameRate


@pytest.mark.parametrize(
    ("name", "exact", "drop"),
    [("23.976", Fraction(24000, 1001), False), ("24", Fraction(24), False), ("29.97df", Fraction(30000, 1001), True)],
)
def test_rates_are_exact(name: str, exact: Fraction, drop: bool) -> None:
    rate = FrameRate.named(name)
    assert (rate.frames_per_second, rate.drop_frame) == (exact, drop)


def test_names_are_taken_as_people_write_them() -> None:
    assert FrameRate.named(" 29.97DF ") == FrameRate.named("29.97df")


def test_frames_are_signed() -> None:
    assert FrameRate.named("24").frames_in(-0.5) == -12


def test_an_unknown_rate_is_never_guessed() -> None:
    with pytest.raises(ConfigError, match=r"'48' is not one of 23\.976, 24, 25"):
        FrameRate.named("48")
