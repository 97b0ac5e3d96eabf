import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import ConfigError
from hitpoint.score.control_curve import read_curve
from hitpoint.score.controls import CONTROL_RANGES

names = st.sampled_from(sorted(CONTROL_RANGES))
hundredths = st.integers(0, 100).map(lambda number: number / 100)


def over(text: str, bars: int, name: str = "intensity") -> list[float]:
    curve = read_curve(name, text, bars)
    return [round(curve.at(bar), 6) for bar in range(bars)]


@pytest.mark.parametrize(
    ("text", "bars", "values"),
    [
        ("0.7", 3, [0.7, 0.7, 0.7]),
        ("0.2,0.3,0.9", 5, [0.2, 0.3, 0.9, 0.9, 0.9]),
        (" 0.2  0.3 , 0.9 ", 3, [0.2, 0.3, 0.9]),
        ("0.2>0.8", 4, [0.2, 0.4, 0.6, 0.8]),
        ("0.2 > 0.8 > 0.4", 5, [0.2, 0.5, 0.8, 0.6, 0.4]),
        ("0.2>0.8", 1, [0.2]),
        ("2:0.2 4:0.8", 5, [0.2, 0.2, 0.5, 0.8, 0.8]),
        ("1:0.2,2:0.8", 2, [0.2, 0.8]),
    ],
)
def test_each_way_of_writing_a_curve_gives_its_values(text: str, bars: int, values: list[float]) -> None:
    assert over(text, bars) == values


@given(names, hundredths, st.integers(1, 40))
def test_what_is_constant_is_the_same_however_it_is_written(name: str, value: float, bars: int) -> None:
    at_bars = f"1:{value}" if bars == 1 else f"1:{value} {bars}:{value}"
    ways = (f"{value}", ",".join([f"{value}"] * bars), f"{value}>{value}", at_bars)
    assert {tuple(read_curve(name, way, bars).at(bar) for bar in range(bars)) for way in ways} == {(value,) * bars}


@given(st.lists(hundredths, min_size=2, max_size=9), st.integers(1, 40))
def test_a_line_begins_and_ends_with_what_it_says_and_stays_between(values: list[float], bars: int) -> None:
    found = over(">".join(map(str, values)), bars)
    assert found[0] == values[0]
    assert bars == 1 or found[-1] == values[-1]
    assert all(min(values) <= value <= max(values) for value in found)


@given(st.text(max_size=30) | st.text("0123456789.:,> -", max_size=12))
def test_whatever_is_written_is_a_curve_within_its_range_or_is_refused_in_one_line(text: str) -> None:
    values, refusal = [], ""
    try:
        values = over(text, 4)
    except ConfigError as error:
        refusal = str(error)
    assert all(0.0 <= value <= 1.0 for value in values)
    assert values or len(refusal.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("1.01", "1.01, which is outside 0 to 1"),
        ("nan", "outside"),
        ("loud", "'loud'"),
        ("0.1>", "''"),
        ("0.1,0.2,0.3,0.4,0.5", "5 values for 4 bars"),
        ("0:0.1", "bars 1 to 4"),
        ("5:0.1", "bars 1 to 4"),
        ("1:0.1 0.5", "'0.5' without a bar"),
        ("2:0.1 2:0.3", "bar 2 after bar 2"),
        ("0.1," * 20_000, "50,000"),
    ],
)
def test_a_mistake_is_told(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as told:
        read_curve("intensity", text, 4)
    assert says in str(told.value)
