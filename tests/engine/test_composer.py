"""What a composer promises: the same request gives the same notes, whatever came before and however it is cut."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.bar_checker import violations
from fakes.fake_model import FakeModel
from fakes.older_bundle import older_bundle
from fakes.plans import plans
from hitpoint.engine.composer import Composer
from hitpoint.errors import ModelError, ScoreError
from hitpoint.score.controls import Controls, Key
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, BarRequest, ComposedBar, WrittenBar
from hitpoint.score.stem import INSTRUMENTS, Part, instrument_named
from hitpoint.timeline.meter import MeterMap
from hitpoint.tokens.grammar import MOST_NOTES

SMALL = Path(__file__).parents[2] / "models" / "small-2"
PARTS = tuple(Part(name, instrument_named(name)) for name in ("flute", "french horn", "piano", "cello"))
NAMES = tuple(part.name for part in PARTS)
KEY = Key(2, "minor")


def plan_of(bar: int, numerator: int = 4, denominator: int = 4) -> BarPlan:
    """A plain bar for four parts in D minor."""
    meters = MeterMap.constant(numerator, denominator)
    return BarPlan(meters.bar(bar), "1m01", Controls(key=KEY, density=0.6), 120, PARTS, scale=KEY.scale, seed=7)


def written(composer: Composer, bars: int) -> list[WrittenBar]:
    """The first bars of a cue."""
    past: list[WrittenBar] = []
    for bar in range(bars):
        past.append(WrittenBar(plan_of(bar), composer.compose(BarRequest(plan_of(bar), NAMES, past=tuple(past)))))
    return past


@pytest.fixture(scope="module")
def real() -> Composer:
    """The bundle in the repository."""
    return Composer.load(SMALL)


def test_what_was_read_ahead_changes_no_note_and_is_not_read_again() -> None:
    plain, ahead = Composer(FakeModel(220, 0.0)), Composer(FakeModel(220, 0.0))
    past: list[WrittenBar] = []
    for bar in range(12):
        request = BarRequest(plan_of(bar), NAMES, past=tuple(past))
        began = ahead._generator.rows_read
        found = ahead.compose(request)
        assert found == plain.compose(request)
        past.append(WrittenBar(request.plan, found))
        own = sum(len(part.notes) + 1 for part in found)
        # Its own rows, read in pairs, and what opens each part: no bar before it.
        assert ahead._generator.rows_read - began <= 2 * own + 5 * len(PARTS)
        ahead.read_ahead()
    assert ahead._generator.rows_read <= plain._generator.rows_read + 12


def test_the_same_request_gives_the_same_notes_whatever_was_asked_before(real: Composer) -> None:
    past = written(real, 9)
    for bar in (8, 3, 0, 5):
        request = BarRequest(plan_of(bar), NAMES, past=tuple(past[:bar]))
        assert real.compose(request) == past[bar].parts
    assert Composer.load(SMALL).compose(BarRequest(plan_of(8), NAMES, past=tuple(past[:8]))) == past[8].parts


def test_guided_notes_are_others_and_keep_the_same_promise(real: Composer) -> None:
    composer = Composer.load(SMALL, guidance=2.0)
    past = written(composer, 6)
    assert [bar.parts for bar in past] != [bar.parts for bar in written(real, 6)]
    for bar in (5, 2, 0, 4):
        assert composer.compose(BarRequest(plan_of(bar), NAMES, past=tuple(past[:bar]))) == past[bar].parts
    assert Composer.load(SMALL, 2.0).compose(BarRequest(plan_of(5), NAMES, past=tuple(past[:5]))) == past[5].parts


def test_parts_asked_for_one_by_one_are_those_asked_for_together(real: Composer) -> None:
    past = tuple(written(real, 3))
    together = real.compose(BarRequest(plan_of(3), NAMES, past=past))
    one_by_one: tuple[ComposedBar, ...] = ()
    for name in NAMES:
        one_by_one += real.compose(BarRequest(plan_of(3), (name,), one_by_one, past))
    assert one_by_one == together


def said_in(plan: BarPlan, part: str = "piano", keys: tuple[int, ...] = (62, 64, 65, 69)) -> ComposedBar:
    """A line of quarters that is said again."""
    notes = tuple(Note(plan.bar.start + 960 * beat, key, 960, 70) for beat, key in enumerate(keys))
    return ComposedBar(part, plan.bar.index, plan.basis(part), notes)


def test_what_is_said_again_is_played_and_all_others_are_written_around_it(real: Composer) -> None:
    past = tuple(written(real, 3))
    plain = real.compose(BarRequest(plan_of(3), NAMES, past=past))
    said = real.compose(BarRequest(plan_of(3), NAMES, past=past, said=said_in(plan_of(3))))
    assert [(note.tick, note.pitch) for note in said[2].notes] == [
        (note.tick, note.pitch) for note in said_in(plan_of(3)).notes
    ]
    assert [bar.part for bar in said] == list(NAMES)
    # Those too that come before it in the score.
    assert said[0].notes != plain[0].notes
    assert violations(plan_of(3), said) == []


@pytest.mark.parametrize("order", [NAMES, tuple(reversed(NAMES)), ("piano", "flute", "cello", "french horn")])
def test_parts_asked_for_one_by_one_around_what_is_said_again_hear_it_too(
    real: Composer, order: tuple[str, ...]
) -> None:
    past, said = tuple(written(real, 3)), said_in(plan_of(3))
    first = real.compose(BarRequest(plan_of(3), order[:1], past=past, said=said))
    alone = real.compose(BarRequest(plan_of(3), order[:1], past=past, said=said))
    assert first == alone
    one_by_one: tuple[ComposedBar, ...] = ()
    for name in NAMES:
        one_by_one += real.compose(BarRequest(plan_of(3), (name,), one_by_one, past, said=said))
    assert one_by_one == real.compose(BarRequest(plan_of(3), NAMES, past=past, said=said))


@settings(max_examples=20)
@given(plans(), st.lists(st.integers(0, 127), min_size=1, max_size=6), st.integers(1, 4000))
def test_what_is_said_again_keeps_to_the_plan_whatever_it_is(plan: BarPlan, keys: list[int], length: int) -> None:
    part = plan.parts[-1].name
    step = max(1, plan.bar.ticks // len(keys))
    notes = tuple(Note(plan.bar.start + step * place, key, length, 100) for place, key in enumerate(keys))
    said = ComposedBar(part, plan.bar.index, plan.basis(part), notes)
    answer = Composer(FakeModel()).compose(BarRequest(plan, tuple(one.name for one in plan.parts), said=said))
    assert violations(plan, answer) == []


def test_what_nobody_can_play_is_left_to_the_model(real: Composer) -> None:
    past = tuple(written(real, 3))
    plain = real.compose(BarRequest(plan_of(3), NAMES, past=past))
    out_of_key = said_in(plan_of(3), keys=(61, 63, 66, 68))
    assert real.compose(BarRequest(plan_of(3), NAMES, past=past, said=out_of_key)) == plain


def test_another_answer_is_another_one_and_leaves_the_rest_alone(real: Composer) -> None:
    plan = plan_of(0)
    varied = replace(plan, variations=(("cello", 1),))
    first, second = (real.compose(BarRequest(asked, NAMES)) for asked in (plan, varied))
    assert [bar.notes for bar in first[:3]] == [bar.notes for bar in second[:3]]
    assert first[3].notes != second[3].notes


def test_the_real_model_keeps_to_its_plan(real: Composer) -> None:
    for bar in written(real, 6):
        assert violations(bar.plan, bar.parts) == []


def test_a_bar_that_should_be_busy_is_not_left_silent(real: Composer) -> None:
    for seed in range(10):
        answer = real.compose(BarRequest(replace(plan_of(0), seed=seed), NAMES))
        assert any(bar.notes for bar in answer)


def test_a_long_bar_is_written_in_stretches() -> None:
    plan = replace(plan_of(1, 12, 2), parts=PARTS)
    answer = Composer(FakeModel(end_bias=0)).compose(BarRequest(plan, NAMES))
    assert violations(plan, answer) == []
    assert max(note.tick for bar in answer for note in bar.notes) > plan.bar.start + 2 * plan.bar.ticks // 3


def test_thirty_parts_in_one_bar_outgrow_no_context() -> None:
    parts = tuple(Part(f"{i.name} {desk}", i, desk) for i in INSTRUMENTS for desk in (0, 1))
    plan = replace(plan_of(0), parts=parts)
    model = FakeModel(context=256, end_bias=-3)
    answer = Composer(model).compose(BarRequest(plan, tuple(part.name for part in parts)))
    assert len(answer) == 60
    assert violations(plan, answer) == []


def test_history_is_cut_to_what_fits_and_read_again_only_every_few_bars() -> None:
    model = FakeModel(end_bias=3)
    past: list[WrittenBar] = []
    composer = Composer(model)
    long_reads = 0
    for bar in range(40):
        model.seen.clear()
        past.append(WrittenBar(plan_of(bar), composer.compose(BarRequest(plan_of(bar), NAMES, past=tuple(past)))))
        long_reads += max(model.seen) > 150
    assert 0 < long_reads < 20


@settings(max_examples=20)
@given(plans())
def test_given_parts_are_left_alone(plan: BarPlan) -> None:
    composer = Composer(FakeModel())
    names = tuple(part.name for part in plan.parts)
    given_bars = composer.compose(BarRequest(plan, names[:1]))
    rest = composer.compose(BarRequest(plan, names[1:], given_bars))
    assert [bar.part for bar in rest] == list(names[1:])


def test_a_part_that_is_not_planned_is_refused() -> None:
    with pytest.raises(ScoreError, match="bar 1 has no part kazoo"):
        Composer(FakeModel()).compose(BarRequest(plan_of(0), ("kazoo",)))


def test_a_bundle_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    for name in ("model.onnx", "config.json", "card.md"):
        (tmp_path / name).write_bytes((SMALL / name).read_bytes())
    other = (SMALL / "vocabulary.json").read_text().replace('"piccolo"', '"kazoo"')
    (tmp_path / "vocabulary.json").write_text(other)
    with pytest.raises(ModelError, match="instruments differ"):
        Composer.load(tmp_path)


def test_a_bundle_for_a_newer_version_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    for file in SMALL.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    stored = json.loads((SMALL / "vocabulary.json").read_text())
    stored["fields"].append({"name": "swing", "size": 4, "first_id": stored["size"]})
    (tmp_path / "vocabulary.json").write_text(json.dumps(stored))
    with pytest.raises(ModelError, match=r"newer version of Hitpoint.*does not know swing.*Update Hitpoint"):
        Composer.load(tmp_path)


@pytest.mark.parametrize("name", ["fields", "layout"])
def test_a_vocabulary_that_lacks_an_entry_is_told(tmp_path: Path, name: str) -> None:
    for file in SMALL.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    stored = json.loads((SMALL / "vocabulary.json").read_text())
    del stored[name]
    (tmp_path / "vocabulary.json").write_text(json.dumps(stored))
    with pytest.raises(ModelError, match=f"'{name}'.* is missing or wrong"):
        Composer.load(tmp_path)


def asked_and_not(composer: Composer) -> tuple[list[ComposedBar], list[ComposedBar]]:
    """A bar with a style and a role asked for, and without."""
    plan = plan_of(0)
    asked = replace(plan, style="orchestral", roles=(("flute", "melody"),))
    first, second = (list(composer.compose(BarRequest(one, NAMES))) for one in (asked, plan))
    return first, second


def test_a_bundle_of_an_older_vocabulary_writes_the_same_whatever_it_does_not_know_is_asked(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    first, second = asked_and_not(Composer.load(older_bundle(SMALL, tmp_path / "older-1")))
    assert any(bar.notes for bar in first)
    # Who leads is louder, whatever draws the notes.
    assert [[replace(note, velocity=1) for note in bar.notes] for bar in first] == [
        [replace(note, velocity=1) for note in bar.notes] for bar in second
    ]


def test_ours_hears_a_style_and_a_role(real: Composer) -> None:
    first, second = asked_and_not(real)
    assert [bar.notes for bar in first] != [bar.notes for bar in second]


def test_a_part_goes_on_from_what_stands_of_it_in_the_bar(real: Composer) -> None:
    past = tuple(written(real, 3))
    whole = real.compose(BarRequest(plan_of(3), NAMES, past=past))
    middle = plan_of(3).bar.start + 1920
    kept = tuple(replace(bar, notes=tuple(note for note in bar.notes if note.tick < middle)) for bar in whole)
    spans = tuple((name, middle, plan_of(3).bar.end) for name in NAMES)
    varied = replace(plan_of(3), spans=spans, variations=tuple((name, 1) for name in NAMES))
    rest = real.compose(BarRequest(varied, NAMES, past=past, kept=kept))
    assert any(bar.notes for bar in rest)
    for before, after in zip(kept, rest, strict=True):
        new = tuple(note for note in after.notes if note.tick >= middle)
        assert violations(varied, (replace(after, notes=new),)) == []
        assert len(before.notes) + len(after.notes) <= MOST_NOTES
    other = tuple(replace(bar, notes=()) for bar in kept)
    assert real.compose(BarRequest(varied, NAMES, past=past, kept=other)) != rest
