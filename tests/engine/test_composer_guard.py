"""A composer with an index never writes a telling run of it again; without one it writes what it always did."""

import pytest

from fakes.fake_model import FakeModel
from hitpoint.engine.composer import Composer
from hitpoint.engine.drawing import PartGuard, draw_part
from hitpoint.inference.generate import Generator
from hitpoint.inference.model import Sampling
from hitpoint.inference.sampler import NoiseSource
from hitpoint.originality.build import IndexBuilder
from hitpoint.originality.catalogue import note_lines
from hitpoint.originality.guard import CopyGuard
from hitpoint.originality.index import Index, Piece
from hitpoint.originality.verdict import Verdict, compare
from hitpoint.score.controls import Controls, Key
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, BarRequest, Landing, LandingKind, WrittenBar
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap
from hitpoint.tokens import encode
from hitpoint.tokens.bar_grid import bar_grid
from hitpoint.tokens.grammar import PartGrammar
from hitpoint.tokens.vocabulary import HEAD_SIZES

NAMES = ("flute", "french horn", "cello")
PARTS = tuple(Part(name, instrument_named(name)) for name in NAMES)
BARS = 14
OTHER = {"flute": [Note(480 * place, 60 + place * place % 11, 480, 80) for place in range(60)]}


def cue(composer: Composer) -> dict[str, list[Note]]:
    """The notes of each part in a few bars of D minor."""
    key = Key(2, "minor")
    past: list[WrittenBar] = []
    for bar in range(BARS):
        controls = Controls(key=key, density=0.6)
        plan = BarPlan(MeterMap.constant(4, 4).bar(bar), "1m01", controls, 120, PARTS, scale=key.scale, seed=7)
        past.append(WrittenBar(plan, composer.compose(BarRequest(plan, NAMES, past=tuple(past)))))
    return {
        name: [note for bar in past for part in bar.parts if part.part == name for note in part.notes] for name in NAMES
    }


def index_of(notes: dict[str, list[Note]]) -> Index:
    builder = IndexBuilder(1)
    builder.add(Piece("a piece"), [line for part in notes.values() for line in note_lines(part)])
    return builder.finish()


def test_what_it_would_have_written_it_writes_otherwise_when_that_is_indexed() -> None:
    usual = cue(Composer(FakeModel(end_bias=0.5)))
    index = index_of(usual)
    assert all(compare(index, note_lines(part)).verdict is Verdict.BLOCK for part in usual.values())
    composer = Composer(FakeModel(end_bias=0.5), index=index)
    guarded = cue(composer)
    assert composer.keys_refused > 0
    for name in NAMES:
        assert compare(index, note_lines(guarded[name])).verdict is not Verdict.BLOCK
        assert guarded[name] != usual[name]


def test_an_index_of_other_music_changes_nothing() -> None:
    usual = cue(Composer(FakeModel(end_bias=0.5)))
    composer = Composer(FakeModel(end_bias=0.5), index=index_of(OTHER))
    assert cue(composer) == usual
    assert composer.keys_refused == 0


class _Refusing(PartGuard):
    """As if every one of those keys would complete a run."""

    keys: frozenset[int] = frozenset()

    def refuses(self, codes: tuple[int, ...]) -> bool:
        return codes[1] in self.keys


@pytest.mark.parametrize("name", ["contrabass", "cello", "piano"])
def test_a_last_chord_whose_roots_are_all_refused_stands_on_another_of_its_notes(name: str) -> None:
    lowest = last_chord(name, frozenset(range(2, 128, 12)))[0]
    assert lowest % 12 in (5, 9)


def test_where_every_key_is_refused_the_first_answer_stands() -> None:
    assert last_chord("contrabass", frozenset(range(1, 128))) == last_chord("contrabass", frozenset())


def last_chord(name: str, refused: frozenset[int]) -> list[int]:
    """The keys that a part strikes in a last chord of D minor, those refused left out if that can be."""
    key, bar, part = Key(2, "minor"), MeterMap.constant(4, 4).bar(3), Part(name, instrument_named(name))
    parts = (part, *PARTS[:1])
    end = Landing(bar.start, LandingKind.END, "END", frozenset(one.name for one in parts), key.tonic_triad)
    controls = Controls(key=key)
    plan = BarPlan(bar, "1m01", controls, 120, parts, (end,), scale=key.scale, last_tick=bar.start)
    positions, generator = bar_grid(plan), Generator(FakeModel())
    generator.append(encode.bar_row(plan))
    generator.append(encode.part_row(plan, part))
    guard = _Refusing(CopyGuard(index_of(OTHER)), positions)
    guard.keys = refused
    noise = NoiseSource("a last chord", sum(HEAD_SIZES))
    drawn = draw_part(generator, part, PartGrammar(plan, part, positions), noise, Sampling(), guard)
    return [codes[1] for codes in drawn if codes[0] == drawn[0][0]]
