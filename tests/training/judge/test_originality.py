"""The judge tells copies from music of one's own, and an index that works from one that does not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakes.made_cues import MadeWriter, in_key, made_score
from fakes.melodies import excerpt, melody, notes_of
from fakes.melodies import planted as planted_in_place
from fakes.melody_corpus import Melody, write_melodies
from hitpoint.errors import ConfigError
from hitpoint.originality.index_file import INDEX, write_index
from hitpoint.originality.lines import Line
from hitpoint.score.midi_score import MidiScore
from hitpoint.training.corpus_index import index_corpus
from hitpoint.training.judge import originality as judging
from hitpoint.training.judge.asked import Asked
from hitpoint.training.judge.copies import moved, planted
from hitpoint.training.judge.excerpts import excerpts
from hitpoint.training.judge.false_alarms import false_alarms
from hitpoint.training.judge.judge import judge
from hitpoint.training.judge.planted import planted_copies
from hitpoint.training.judge.reference import Reference
from hitpoint.training.judge.report import report

TRAIN, SCALE = 30, 99
OURS, THEIRS = 3, 4
"""Pieces of the collections `one` and `other`."""


def _silent(*_: object) -> None:
    """Nobody looks."""


def _copying(seed: int, source: int, notes: int = 30) -> Line:
    return planted_in_place(melody(seed, 120), excerpt(melody(source), 40, notes, up=5, slower=2), 50)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scale = Line(np.arange(200) * 480, 48 + np.resize([0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2], 200))
    train = [Melody(f"train-{seed}", melody(seed), source="other" if seed % 2 == 0 else "one") for seed in range(TRAIN)]
    test = [Melody(f"test-{seed}", melody(100 + seed), "test") for seed in range(10)]
    copies = [
        Melody("of-ours", _copying(200, OURS), "test"),
        Melody("of-theirs", _copying(201, THEIRS), "test"),
    ]
    valid = [Melody(f"valid-{seed}", melody(300 + seed), "valid") for seed in range(5)]
    pieces = [*train, Melody("scale", scale), *test, *copies, *valid]
    return write_melodies(tmp_path_factory.mktemp("corpus"), pieces)


@pytest.fixture(scope="module")
def bundle(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    write_index(folder / INDEX, index_corpus(corpus, _silent))
    return folder


@pytest.fixture(scope="module")
def reference(bundle: Path, corpus: Path) -> Reference:
    return Reference.load(bundle, corpus)


@pytest.fixture(scope="module")
def found(reference: Reference) -> dict[str, Any]:
    """Of planted copies."""
    return planted_copies(reference, _silent)


def own(asked: Asked) -> MidiScore:
    return made_score({"violin": notes_of(melody(1000 + len(asked.prompt) + asked.seed, 100))})


def copied(asked: Asked) -> MidiScore:
    """With the first seed 13 notes of a piece; with others music of its own."""
    return own(asked) if asked.seed else made_score({"violin": notes_of(_copying(500, OURS, 13))})


def test_music_of_ones_own_shares_nothing(bundle: Path) -> None:
    writer = MadeWriter(own)
    found = judging.originality(12, 2, writer, _silent, Reference.load(bundle, None), _silent)
    assert found["cues"]["count"] == len({(asked.prompt, asked.seed) for asked in writer.asked}) == 24
    assert {asked.bars for asked in writer.asked} == {16}
    assert found["cues"]["longest_run_notes"]["max"] == 0
    assert found["cues"]["flagged"]["share"] == found["cues"]["runs_of_13"]["share"] == 0
    assert found["long_runs"] == []
    assert "planted" not in found


def test_13_notes_of_a_piece_are_told_with_the_piece_they_are_from(bundle: Path) -> None:
    found = judging.originality(10, 2, MadeWriter(copied), _silent, Reference.load(bundle, None), _silent)
    cues = found["cues"]
    assert cues["longest_run_notes"]["max"] in (13, 14)
    for name in ("runs_of_13", "blocked", "flagged", "above_people"):
        assert cues[name]["share"] == 0.5
    assert len(found["long_runs"]) == 10
    assert {(cue["source_id"], cue["verdict"], cue["seed"]) for cue in found["long_runs"]} == {
        (f"one/train-{OURS}", "block", 0)
    }
    assert found["people"]["pieces"] == TRAIN + 1
    assert found["people"]["runs_of_13"] == 0


def test_drums_are_no_copies(bundle: Path) -> None:
    drums = made_score({"drums": notes_of(melody(OURS))})
    found = judging.originality(2, 1, MadeWriter(lambda _: drums), _silent, Reference.load(bundle, None), _silent)
    assert found["cues"]["longest_run_notes"]["max"] == found["cues"]["notes_median"] == 0


def test_copies_from_13_notes_on_are_found_and_shorter_ones_by_chance(found: dict[str, Any]) -> None:
    assert found["sources"] == TRAIN + 1
    assert found["from_13"]["planted"] >= 400
    for name in ("found", "joined", "told", "blocked"):
        assert found["from_13"][name]["share"] >= 0.99
    assert 0.1 < found["by_length"]["9"]["found"]["share"] < 0.9


def test_scales_say_too_little_to_be_planted(found: dict[str, Any]) -> None:
    assert [one["exempt"] for one in found["by_length"].values()] == [1] * 22
    assert {one["drawn"] - one["planted"] for one in found["by_length"].values()} == {1}


def test_an_index_of_other_music_finds_none_of_them(reference: Reference, tmp_path: Path) -> None:
    others = [
        Melody(entry.id.partition("/")[2], melody(2000 + number), source=entry.source)
        for number, entry in enumerate(reference.train)
    ]
    strange = index_corpus(write_melodies(tmp_path, others), _silent)
    found = planted_copies(replace(reference, index=strange), _silent)
    assert found["from_13"]["planted"] >= 400
    assert found["from_13"]["told"]["share"] == 0


def test_a_copy_stands_where_it_was_planted_and_nothing_else_is_lost() -> None:
    host, copy = melody(1, 40), moved(excerpt(melody(2), 10, 13), 4, 1.5)
    whole = planted(host, copy, 20)
    assert (np.diff(whole.onsets) > 0).all()
    assert (whole.pitches[20:33] == copy.pitches).all()
    assert (np.diff(whole.onsets[20:33]) == np.diff(copy.onsets)).all()
    assert (np.delete(whole.pitches, range(20, 33)) == host.pitches).all()
    assert copy.pitches[0] == melody(2).pitches[10] + 4


def test_what_another_collection_holds_is_an_alarm_and_ones_own_is_none(reference: Reference) -> None:
    found = false_alarms(reference, _silent)
    assert found["pieces"] == 12
    assert found["blocked"]["count"] == 1
    (piece,) = found["blocked_pieces"]
    assert (piece["id"], piece["title"]) == ("one/of-theirs", "Of-Theirs")
    assert [one["source_id"] for one in piece["shares"]] == [f"other/train-{THEIRS}"]
    assert piece["shares"][0]["run_notes"] >= 30


@pytest.mark.parametrize(("group", "shares"), [("one-work", 0), ("", 1)])
def test_excerpts_are_compared_with_other_works_only(tmp_path: Path, group: str, shares: int) -> None:
    twice = [Melody(f"{name}-{seed}", melody(seed), group=f"{group}-{seed}" if group else "") for seed in range(6)
             for name in ("first", "second")]  # fmt: skip
    rest = [Melody(split, melody(50), split) for split in ("valid", "test")]
    corpus = write_melodies(tmp_path, [*twice, *rest])
    write_index(tmp_path / INDEX, index_corpus(corpus, _silent))
    found = excerpts(Reference.load(tmp_path, corpus), 16, _silent)
    assert found["count"] == 12
    assert found["blocked"]["share"] == shares
    assert found["notes_median"] < 200


def test_a_bundle_without_an_index_is_told_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="hitpoint train index"):
        Reference.load(tmp_path, None)


def test_an_index_of_another_corpus_is_refused(bundle: Path, tmp_path: Path) -> None:
    other = write_melodies(tmp_path, [Melody(split, melody(1, 60), split) for split in ("train", "valid", "test")])
    with pytest.raises(ConfigError, match=f"has other/train-0, which {tmp_path}"):
        Reference.load(bundle, other)


def test_all_of_it_makes_a_report(reference: Reference) -> None:
    shown: list[tuple[int, int, str]] = []
    figures = judge(MadeWriter(copied), ("originality",), 10, 2, lambda *at: shown.append(at), None, reference)
    assert set(figures) == {"originality"}
    assert shown[-1] == (20, 20, "originality")
    assert {what for _, _, what in shown} == {"planted copies", "false alarms", "excerpts of people's", "originality"}
    text = report({"bundle": "made-up", "seconds": 1.0, "notes": 5, "keys_refused": 7, **figures})
    assert "7 keys refused by the copy guard" in text
    assert "| a run of 13 notes or more | 50.0% " in text
    assert f"notes as in one/train-{OURS} (Train-{OURS}), block" in text
    assert f"- one/of-theirs (Of-Theirs): 30 notes as in other/train-{THEIRS}" in text.replace("31 notes", "30 notes")
    for table in text.split("\n\n"):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_without_a_corpus_the_report_has_what_cues_share(bundle: Path) -> None:
    plain = MadeWriter(lambda _: made_score({"piano": in_key(0)}))
    figures = judge(plain, ("originality",), 2, 1, _silent, None, Reference.load(bundle, None))
    text = report({"bundle": "made-up", "seconds": 1.0, "notes": 5, "keys_refused": 0, **figures})
    assert "| longest run of all | 0 |" in text
    assert "planted" not in text
    assert "refused" not in text
