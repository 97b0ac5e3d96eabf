"""Laws of how often parts are asked to strike."""

from math import log

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.planner.plan import plan_bar
from hitpoint.planner.rates import (
    MOST_OF_PAD,
    OF_INSTRUMENT,
    QUICKEST,
    QUICKEST_OF_OTHERS,
    RATE_FIELD,
    SPREAD,
    rates_for,
)
from hitpoint.score.direction import parse
from hitpoint.score.ensemble import parts_for
from hitpoint.score.session import Session
from hitpoint.score.stem import INSTRUMENTS
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

PARTS = parts_for(parse("violin, viola, cello, french horn, timpani, drums"))
NAMES = [part.name for part in PARTS]
roles = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["melody", "bass", "inner", "figure"]))
seeds = st.integers(0, 2**64 - 1)
tempi = st.floats(30, 300)


@given(roles, st.floats(0, 1), st.floats(0, 1), tempi, seeds, seeds)
def test_more_density_never_asks_a_part_to_strike_less(
    roles: dict[str, str], one: float, other: float, bpm: float, phrase: int, bar: int
) -> None:
    few, many = (dict(rates_for(PARTS, roles, density, bpm, phrase, bar)) for density in sorted((one, other)))
    assert few.keys() == many.keys()
    assert all(0 < few[name] <= many[name] for name in few)


@given(roles, st.floats(0, 1), tempi, seeds, seeds)
def test_nobody_is_asked_for_more_than_they_play_in_a_second(
    roles: dict[str, str], density: float, bpm: float, phrase: int, bar: int
) -> None:
    for name, rate in rates_for(PARTS, roles, density, bpm, phrase, bar):
        instrument = PARTS[NAMES.index(name)].instrument.name
        assert rate * bpm / 60 <= QUICKEST.get(instrument, QUICKEST_OF_OTHERS) + 0.006 * bpm / 60


def test_brass_strikes_where_strings_run() -> None:
    asked = [dict(rates_for(PARTS, {}, 0.9, 120, seed, seed + 1)) for seed in range(200)]
    horn, violin = (sum(one[name] for one in asked) for name in ("french horn", "violin 1"))
    assert 0.5 < horn / violin < 0.65


def test_every_instrument_of_the_tables_is_one() -> None:
    assert {*OF_INSTRUMENT, *QUICKEST} <= {instrument.name for instrument in INSTRUMENTS}


def test_drums_and_percussion_are_left_to_the_model() -> None:
    asked = dict(rates_for(PARTS, {"timpani": "percussion"}, 0.5, 100, 1, 2))
    assert set(asked) == {name for name in NAMES if name not in ("timpani", "drums")}


def test_a_pad_is_held_however_dense_the_bar_is() -> None:
    asked = [dict(rates_for(PARTS, {"viola": "pad"}, 1.0, 100, seed, seed))["viola"] for seed in range(200)]
    assert sum(asked) / len(asked) < 1.5 * MOST_OF_PAD


def test_rates_spread_from_bar_to_bar_about_what_the_corpus_has() -> None:
    asked = sorted(dict(rates_for(PARTS, {}, 0.45, 100, seed, -seed))["cello"] for seed in range(400))
    assert 1.2 < asked[200] < 1.4
    # The 84th of a hundred lies one standard deviation above the middle.
    assert 0.8 * SPREAD < log(asked[336] / asked[200]) < 1.2 * SPREAD


def test_a_plan_asks_for_rates_only_of_a_model_that_reads_them() -> None:
    cue = Timeline(markers=(Marker(0, "1m01 tense, violin, cello, D minor"),))
    plain, told = (plan_bar(Session(cue, model_reads=reads), 2) for reads in (frozenset(), frozenset({RATE_FIELD})))
    assert plain is not None
    assert told is not None
    assert plain.rates == ()
    assert {name for name, _ in told.rates} == {part.name for part in told.parts}
    assert plain.basis("cello") != told.basis("cello")
