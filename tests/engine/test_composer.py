"""What a composer promises: the same request gives the same notes, whatever came before and however it is cut."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from fakes.bar_checker import violations
from fakes.fake_model import FakeModel
from fakes.older_bundle import older_bundle
from fakes.plans import plans
from hitpoint.engine.composer import Composer
from hitpoint.errors import ModelError, ScoreError
from hitpoint.score.controls import Controls, Key
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
    assert [bar.notes for bar in first] == [bar.notes for bar in second]


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
