"""Limits hold whatever is drawn: notes that stay come, a rhythm has its onsets, and only allowed keys are struck."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fakes.fake_model import FakeModel
from hitpoint.engine.drawing import draw_part
from hitpoint.inference.generate import Generator
from hitpoint.inference.model import Sampling
from hitpoint.inference.sampler import NoiseSource
from hitpoint.score.controls import Controls
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap
from hitpoint.tokens import encode
from hitpoint.tokens.bar_grid import bar_grid
from hitpoint.tokens.grammar import PartGrammar
from hitpoint.tokens.limits import Demand, LimitedGrammar, Limits
from hitpoint.tokens.playability import playable
from hitpoint.tokens.vocabulary import END, HEAD_SIZES

BAR = MeterMap.constant(4, 4).bar(0)
PLAN = BarPlan(BAR, "1m01", Controls(), 120, ())
INSTRUMENTS = ("flute", "violin", "piano", "drums")
SEEDS = st.integers(0, 10**9)


def drawn_by(grammar: PartGrammar, part: Part, seed: int, end_bias: float) -> list[tuple[int, ...]]:
    generator = Generator(FakeModel(end_bias=end_bias))
    generator.prompt(np.concatenate([encode.start_row(), encode.bar_row(PLAN), encode.fill_row(part, 0)]))
    return draw_part(generator, part, grammar, NoiseSource(str(seed), sum(HEAD_SIZES)), Sampling())


def some_demands(random: Random, part: Part, pitch_stays: bool) -> tuple[Demand, ...]:
    low, high = part.instrument.low, part.instrument.high
    found = {}
    for _ in range(random.randint(0, 8)):
        position, pitch = random.randrange(0, 96, 6), random.randint(low, high)
        found[position, pitch] = Demand(position, Note(position * 40, pitch, 240, 64), pitch_stays, True)
    return tuple(found[key] for key in sorted(found))


@given(SEEDS, st.sampled_from(INSTRUMENTS), st.sampled_from((-1.0, 1.0, 4.0)))
def test_notes_that_stay_come_in_order_among_what_is_drawn(seed: int, name: str, end_bias: float) -> None:
    random = Random(seed)
    part = Part(name, instrument_named(name))
    demands = some_demands(random, part, True)
    grammar = LimitedGrammar(PLAN, part, bar_grid(PLAN), limits=Limits(demands))
    drawn = drawn_by(grammar, part, seed, end_bias)
    met = [demand for demand in grammar.met if demand is not None]
    assert met == list(demands)
    assert [codes[:2] for codes in drawn] == sorted({codes[:2] for codes in drawn})
    for codes, demand in zip(drawn, grammar.met, strict=True):
        if demand is not None:
            assert codes[:2] == (demand.position, demand.note.pitch)


@given(SEEDS, st.sampled_from(INSTRUMENTS))
def test_what_is_drawn_beside_notes_that_stay_can_be_struck_with_them(seed: int, name: str) -> None:
    part = Part(name, instrument_named(name))
    demands = some_demands(Random(seed), part, True)
    grammar = LimitedGrammar(PLAN, part, bar_grid(PLAN), limits=Limits(demands))
    drawn = drawn_by(grammar, part, seed, -1.0)
    by_position: dict[int, list[int]] = {}
    for codes in drawn:
        by_position.setdefault(codes[0], []).append(codes[1])
    for position, chord in by_position.items():
        stays = [demand.note.pitch for demand in demands if demand.position == position]
        assert playable(part.instrument, chord) or chord == stays


@given(SEEDS, st.sampled_from(INSTRUMENTS), st.booleans())
def test_no_more_than_so_many_begin_by_each_position_beside_notes_that_stay(seed: int, name: str, early: bool) -> None:
    """Also where keys are allowed only where nothing may begin, and a bar is not to be left empty."""
    random = Random(seed)
    part = Part(name, instrument_named(name))
    demands = some_demands(random, part, True) if random.random() < 0.5 else ()
    most = np.sort([random.randrange(12) for _ in range(END)])
    most[:24] = 0
    allowed = np.ones((END, 128), bool)
    allowed[12:] &= not early
    grammar = LimitedGrammar(PLAN, part, bar_grid(PLAN), (), True, Limits(demands, allowed=allowed, most_new=most))
    drawn = drawn_by(grammar, part, seed, -6.0)
    new = [codes[0] for codes, demand in zip(drawn, grammar.met, strict=True) if demand is None]
    assert all(count <= most[position] for count, position in enumerate(new, 1))
    assert len(drawn) - len(new) == len(demands)
    assert bool(new) != early or demands


@given(SEEDS, st.sampled_from(("flute", "violin", "drums")))
def test_a_rhythm_has_each_of_its_onsets_and_no_other(seed: int, name: str) -> None:
    part = Part(name, instrument_named(name))
    demands = some_demands(Random(seed), part, False)
    grammar = LimitedGrammar(PLAN, part, bar_grid(PLAN), limits=Limits(demands, only=True))
    drawn = drawn_by(grammar, part, seed, 9.0)
    assert {codes[0] for codes in drawn} == {demand.position for demand in demands}
    assert [codes[:2] for codes in drawn] == sorted({codes[:2] for codes in drawn})
    assert all(part.instrument.low <= codes[1] <= part.instrument.high for codes in drawn)


@given(SEEDS, st.sampled_from(INSTRUMENTS))
def test_no_key_is_struck_where_it_is_not_allowed(seed: int, name: str) -> None:
    part = Part(name, instrument_named(name))
    allowed = np.zeros((END, 128), bool)
    random = np.random.default_rng(seed)
    for first in range(0, END, 24):
        allowed[first : first + 24] = random.random(128) < 0.1
    grammar = LimitedGrammar(PLAN, part, bar_grid(PLAN), limits=Limits(allowed=allowed))
    for position, pitch, *_ in drawn_by(grammar, part, seed, -2.0):
        assert allowed[position, pitch]


@given(SEEDS, st.sampled_from(INSTRUMENTS))
def test_without_limits_it_draws_what_the_plain_grammar_draws(seed: int, name: str) -> None:
    part = Part(name, instrument_named(name))
    plain = PartGrammar(PLAN, part, bar_grid(PLAN))
    limited = LimitedGrammar(PLAN, part, bar_grid(PLAN))
    assert drawn_by(limited, part, seed, 0.0) == drawn_by(plain, part, seed, 0.0)
