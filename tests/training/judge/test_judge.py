"""The judge tells right from wrong: made cues that do as they are told, and others that don't."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from fakes.made_cues import MAJOR, MINOR, QUARTER, MadeWriter, in_key, made_score
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.direction import parse
from hitpoint.score.midi_score import MidiScore
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.training.judge import controls, moods
from hitpoint.training.judge.adherence import adherence, tempo_bin, written
from hitpoint.training.judge.asked import Asked
from hitpoint.training.judge.judge import USUAL, judge
from hitpoint.training.judge.prompts import Prompt, plain_prompts, prompts
from hitpoint.training.judge.report import report

PROMPTS = prompts(12, 1)
BY_TEXT = {prompt.text: prompt for prompt in prompts(40, 1)}


def obedient(asked: Asked) -> MidiScore:
    """All that its prompt asks for, said by the list that made the prompt."""
    prompt = BY_TEXT[asked.prompt]
    notes = in_key(prompt.key.tonic, MINOR if prompt.key.minor else MAJOR, bars=14)
    return made_score(dict.fromkeys(sorted(prompt.players), notes), prompt.bpm, parse(prompt.text).meter)


def judged(make: Callable[[Asked], MidiScore], of: list[Prompt] = PROMPTS) -> dict[str, float]:
    found = adherence(written(of, 1, MadeWriter(make), lambda: None))
    return {name: one["share"] for name, one in found.items() if isinstance(one, dict) and "share" in one}


def pitched(of: list[Prompt]) -> list[Prompt]:
    return [prompt for prompt in of if "drums" not in prompt.players]


def test_what_does_as_it_is_told_is_all_right() -> None:
    found = judged(obedient, pitched(PROMPTS))
    assert {name for name, share in found.items() if share < 1} <= {"instruments_bars"}
    assert found["instruments_bars"] > 0.9


@pytest.mark.parametrize("steps", [1, 5, 9])
def test_a_wrong_key_is_found(steps: int) -> None:
    def transposed(asked: Asked) -> MidiScore:
        score = obedient(asked)
        parts = (replace(p, notes=tuple(replace(n, pitch=n.pitch + steps) for n in p.notes)) for p in score.parts)
        return replace(score, parts=tuple(parts))

    found = judged(transposed, pitched(PROMPTS))
    assert found["key"] == found["key_temperley"] == 0
    assert found["tempo_exact"] == found["meter"] == found["instruments"] == 1


def test_the_relative_key_is_a_miss_and_is_called_so() -> None:
    def relative(asked: Asked) -> MidiScore:
        key = BY_TEXT[asked.prompt].key
        tonic = (key.tonic + (3 if key.minor else 9)) % 12
        return made_score({"piano": in_key(tonic, MAJOR if key.minor else MINOR)})

    found = adherence(written(PROMPTS, 1, MadeWriter(relative), lambda: None))
    assert found["key"]["share"] == 0
    assert found["key_found"] == {"relative": len(PROMPTS)}


def test_a_wrong_tempo_is_found_and_told_by_bins() -> None:
    def faster(asked: Asked) -> MidiScore:
        score = obedient(asked)
        bpm = score.timeline.tempo_map.bpm_at(0) + 1
        return replace(score, timeline=Timeline(TempoMap.constant(bpm), score.timeline.meter_map))

    found = judged(faster)
    assert found["tempo_exact"] == 0
    assert found["tempo_bin_tolerance"] == 1


def test_borders_of_tempo_bins_are_text2midis() -> None:
    bins = [tempo_bin(bpm) for bpm in (39, 40, 41, 60, 61, 90, 100, 111, 150, 161, 210, 211)]
    assert bins == [0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 7, 8]
    # A file counts whole microseconds a quarter: 140 comes back as a hair more.
    assert tempo_bin(140.00014) == tempo_bin(140)


def test_a_wrong_metre_is_found() -> None:
    def in_seven(_: Asked) -> MidiScore:
        return made_score({"piano": in_key(0)}, meter=parse("7/4").meter)

    assert judged(in_seven)["meter"] == 0


def test_an_instrument_too_few_or_too_many_is_found_and_a_section_may_be_thin() -> None:
    asked = [replace(PROMPTS[0], named=("strings", "timpani"))]

    def with_players(*names: str) -> dict[str, float]:
        return judged(lambda _: made_score(dict.fromkeys(names, in_key(0, octave=4))), asked)

    assert with_players("violin", "viola", "cello", "contrabass", "timpani")["all_players"] == 1
    thin = with_players("violin", "cello", "timpani")
    assert (thin["instruments"], thin["all_players"], thin["no_others"]) == (1, 0, 1)
    assert with_players("violin", "viola", "cello", "contrabass")["instruments"] == 0
    extra = with_players("violin", "timpani", "piano")
    assert (extra["instruments"], extra["no_others"]) == (0, 0)


def test_misses_are_told_one_by_one() -> None:
    found = adherence(written(PROMPTS[:1], 1, MadeWriter(lambda _: made_score({"piano": []})), lambda: None))
    assert [(miss["what"], miss["prompt"]) for miss in found["misses"] if miss["what"] == "key"] == [
        ("key", PROMPTS[0].text)
    ]


def test_prompts_are_understood_as_they_are_meant_and_none_comes_twice() -> None:
    made = prompts(200, 5)
    assert len({prompt.text for prompt in made}) == 200
    for prompt in made:
        read = parse(prompt.text)
        assert (read.tempo_bpm, read.key, str(read.meter)) == (prompt.bpm, prompt.key, prompt.meter), prompt.text
        assert not read.unknown, prompt.text
    assert made[:20] == prompts(20, 5)


def following(asked: Asked) -> MidiScore:
    """Faster, higher, louder, shorter, more notes and more dissonant with more of any control; the other way round for
    none of them."""
    name, value = asked.controls[0]
    low, high = CONTROL_RANGES.get(name, (0.0, 1.0))
    level = (value - low) / (high - low)
    step = round(4 * level)
    each = QUARTER // (1 + step)
    line = in_key(0, (0, 2, 4 if level > 0.5 else 3, 5, 7, 9, 11), each=each, velocity=40 + 10 * step)
    raised = [replace(note, pitch=note.pitch + step, duration=round(note.duration / (1 + 0.2 * step))) for note in line]
    rough = [replace(note, pitch=note.pitch - 1) for note in raised[: len(raised) * step // 8]]
    return made_score({"piano": raised, "harp": rough})


def test_a_control_that_is_followed_is_one_and_one_that_is_reversed_minus_one() -> None:
    def reversed_(asked: Asked) -> MidiScore:
        name, value = asked.controls[0]
        low, high = CONTROL_RANGES.get(name, (0.0, 1.0))
        return following(replace(asked, controls=((name, low + high - value),)))

    for make, sign in ((following, 1), (reversed_, -1)):
        found = controls.controls(2, MadeWriter(make), lambda: None)
        for measure in ("activity", "texture", "velocity", "register"):
            assert found["intensity"][measure]["rho"] == pytest.approx(sign, abs=0.05), measure
        assert found["register"]["register"]["rho"] == pytest.approx(sign, abs=0.05)
        assert found["arousal"]["legato"]["rho"] == pytest.approx(-sign, abs=0.05)
        assert found["arousal"]["legato"]["expected"] == -1


def test_a_sweep_holds_all_but_its_control() -> None:
    writer = MadeWriter(following)
    told: list[None] = []
    controls.controls(3, writer, lambda: told.append(None))
    assert len(writer.asked) == len(told) == controls.cues_of(3)
    by_sweep = {sweep: writer.asked[i * 15 : (i + 1) * 15] for i, sweep in enumerate(controls.SWEEPS)}
    for sweep, asked in by_sweep.items():
        assert len({(one.prompt, one.seed) for one in asked}) == 3
        assert {name for one in asked for name, _ in one.controls} == {sweep.control}
        assert all((parse(one.prompt).key is not None) == sweep.keyed for one in asked)
        assert all(parse(one.prompt).arousal is None for one in asked)


def test_a_control_that_nothing_follows_is_nought() -> None:
    found = controls.controls(3, MadeWriter(lambda _: made_score({"piano": in_key(0)})), lambda: None)
    assert {one["rho"] for sweep in found.values() for one in sweep.values() if one["prompts"]} == {0}


BRIGHT = {pair.first for pair in moods.PAIRS}


def mooded(asked: Asked, turned: bool = False) -> MidiScore:
    """Bright moods in major, higher and sweeter; restless ones busier; or the other way round."""
    mood = parse(asked.prompt.split(",")[0])
    assert mood.valence is not None
    assert mood.arousal is not None
    bright, busy = (mood.valence > 0) != turned, (mood.arousal > 0) != turned
    if {mood.text} <= {"despairing", "tragic"}:
        busy = turned
    line = in_key(0, MAJOR if bright else MINOR, each=QUARTER // (4 if busy else 2), octave=6 if bright else 5)
    short = [replace(note, duration=note.duration // 3) for note in line] if busy else line
    under = [replace(note, pitch=note.pitch - (4 if bright else 1), duration=note.duration) for note in short]
    return made_score({"piano": short, "harp": under})


def test_moods_that_differ_as_documented_are_right_and_those_turned_round_are_wrong() -> None:
    for turned, share in ((False, 1.0), (True, 0.0)):
        found = moods.moods(2, MadeWriter(lambda asked, turned=turned: mooded(asked, turned)), lambda: None)
        assert found["as_planned"]["all"]["share"] == found["intensity_held"]["all"]["share"] == share


def test_velocity_tells_no_mood_from_another() -> None:
    def only_louder(asked: Asked) -> MidiScore:
        loud = asked.prompt.split(",")[0] in BRIGHT
        return made_score({"piano": in_key(0, velocity=100 if loud else 20)})

    assert moods.moods(2, MadeWriter(only_louder), lambda: None)["as_planned"]["all"]["share"] == 0


def test_pairs_are_asked_with_the_same_seed_ensemble_and_tempo() -> None:
    writer = MadeWriter(mooded)
    moods.moods(2, writer, lambda: None)
    assert len(writer.asked) == moods.cues_of(2)
    for first, second in zip(writer.asked[::2], writer.asked[1::2], strict=True):
        assert (first.seed, first.controls) == (second.seed, second.controls)
        assert first.prompt.split(", ")[1:] == second.prompt.split(", ")[1:]
        assert parse(first.prompt).key is None


def everything(asked: Asked) -> MidiScore:
    return following(asked) if asked.controls and "bpm" in asked.prompt and asked.controls[0][0] != "intensity" else (
        made_score({"piano": in_key(asked.seed)})
    )  # fmt: skip


def test_all_kinds_together_tell_how_far_they_are_and_make_a_report() -> None:
    shown: list[tuple[int, int, str]] = []
    figures = judge(MadeWriter(everything), USUAL, 12, 2, lambda *at: shown.append(at))
    assert [done for done, _, _ in shown] == list(range(1, shown[-1][1] + 1))
    assert set(USUAL) <= set(figures)
    text = report({"bundle": "made-up", "seconds": 1.0, "notes": 5, **figures})
    for words in ("tempo as asked", "happy/sad", "dissonance", "empty bars", "ρ of each prompt, mean", "say again"):
        assert words in text
    for table in text.split("\n\n")[1:]:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_only_what_is_asked_for_is_written() -> None:
    writer = MadeWriter(everything)
    figures = judge(writer, ("bars",), 3, 2, lambda *_: None)
    assert len(writer.asked) == 6
    assert "adherence" not in figures
    assert figures["bars"]["cues"]["cues"] == 6


def test_plain_prompts_say_no_mood() -> None:
    for keyed in (True, False):
        for text in plain_prompts(24, 1, keyed):
            read = parse(text)
            assert (read.key is not None) == keyed
            assert (read.valence, read.arousal, read.tension) == (None, None, None)
            assert read.tempo_bpm == int(re.findall(r"(\d+) bpm", text)[0])
