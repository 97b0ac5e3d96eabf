"""A composer with an index never writes a telling run of it again; without one it writes what it always did."""

from fakes.fake_model import FakeModel
from hitpoint.engine.composer import Composer
from hitpoint.originality.build import IndexBuilder
from hitpoint.originality.catalogue import note_lines
from hitpoint.originality.index import Index, Piece
from hitpoint.originality.verdict import Verdict, compare
from hitpoint.score.controls import Controls, Key
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, BarRequest, WrittenBar
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap

NAMES = ("flute", "french horn", "cello")
PARTS = tuple(Part(name, instrument_named(name)) for name in NAMES)
BARS = 14


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
    other = {"flute": [Note(480 * place, 60 + place * place % 11, 480, 80) for place in range(60)]}
    composer = Composer(FakeModel(end_bias=0.5), index=index_of(other))
    assert cue(composer) == usual
    assert composer.keys_refused == 0
