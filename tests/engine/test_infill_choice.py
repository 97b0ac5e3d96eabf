"""What an infill is chosen from: several answers to one wish, of which the likeliest is given out."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest

from hitpoint.engine.drawing import load_model
from hitpoint.engine.infill import Infiller
from hitpoint.engine.infill_choice import infills, usual_candidates
from hitpoint.engine.infill_file import Answer, OpenFile, Wanted, infill, open_file
from hitpoint.score.file_part import parts_in
from hitpoint.score.likeliest import likeliest
from hitpoint.score.midi_events import parse_events
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.timeline.timeline import Timeline

SMALL = Path(__file__).parents[2] / "models" / "small-2"
BAR = 3840
SCALE = (0, 2, 4, 5, 7, 9, 11, 12)


@pytest.fixture
def song(tmp_path: Path) -> OpenFile:
    """Four bars for a horn and a cello, in which little is certain."""
    random = Random(5)
    parts = [
        MidiPart(name, channel, program, tuple(Note(i * 480, home + random.choice(SCALE), 480, 70) for i in range(32)))
        for channel, (name, program, home) in enumerate((("horn", 60, 50), ("cello", 42, 45)))
    ]
    write_midi_file(tmp_path / "song.mid", parts, Timeline())
    return open_file(tmp_path / "song.mid")


@cache
def infiller(guidance: float = 0.0) -> Infiller:
    return Infiller(*load_model(SMALL, guidance), holes=False)


def alone(file: OpenFile, wanted: Wanted, candidate: int, guidance: float = 0.0) -> Answer:
    return infill(file, replace(wanted, candidate=candidate), infiller(guidance), lambda *_: None)


def chosen(file: OpenFile, wishes: list[Wanted], candidates: int, guidance: float = 0.0) -> list[Answer]:
    return list(infills(file, wishes, SMALL, guidance, candidates, lambda _: None))


@pytest.mark.parametrize("guidance", [0.0, 1.0])
def test_the_likeliest_of_those_that_are_written_alone_is_given_out(song: OpenFile, guidance: float) -> None:
    wanted = Wanted((1, 2), song.parts[:1])
    few = [alone(song, wanted, number, guidance) for number in range(4)]
    assert len({answer.content for answer in few}) == 4
    place = likeliest([answer.strikes for answer in few])
    assert chosen(song, [wanted], 4, guidance) == [few[place]]
    assert chosen(song, [wanted], 1, guidance) == [few[0]]


def test_a_wish_is_answered_alike_whatever_is_wished_after_it_and_others_otherwise(song: OpenFile) -> None:
    wishes = [Wanted((1, 2), song.parts, seed=seed) for seed in "abc"]
    answers = chosen(song, wishes, 3)
    assert answers == [answer for wish in wishes for answer in chosen(song, [wish], 3)]
    assert answers[:2] == chosen(song, wishes[:2], 3)
    assert len({answer.content for answer in answers}) == 3


def test_neither_what_stood_there_nor_what_was_answered_before_is_given_out_again(tmp_path: Path) -> None:
    """A bar that comes a third time: most answers are the same again."""
    random = Random(0)
    bar = [50 + random.choice(SCALE) for _ in range(8)]
    notes = tuple(Note(i * 480, bar[i % 8], 480, 70) for i in range(24))
    write_midi_file(tmp_path / "bars.mid", [MidiPart("horn", 0, 60, notes)], Timeline())
    file = open_file(tmp_path / "bars.mid")
    wanted = Wanted((2,), file.parts)
    few = [alone(file, wanted, number).strikes for number in range(8)]
    stood = frozenset((0, note.tick, note.pitch) for note in notes if note.tick >= 2 * BAR)
    assert few[likeliest(few)] == stood
    assert len(set(few)) == 3
    first, second, third = (answer.strikes for answer in chosen(file, [wanted] * 3, 8))
    assert {first, second} == set(few) - {stood}
    assert third in few


def test_candidates_leave_the_same_notes_and_the_share_that_is_chosen_does(song: OpenFile) -> None:
    wanted = Wanted((1, 2), song.parts[:1], amount=0.5)
    source = {note for note in song.parts[0].plain_notes if BAR <= note.tick < 3 * BAR}
    few = [*(alone(song, wanted, number) for number in range(3)), *chosen(song, [wanted], 3)]
    assert len({answer.content for answer in few}) == 3
    left = [source.intersection(parts_in(parse_events(answer.content, "a"))[0].plain_notes) for answer in few]
    assert len(set.intersection(*left)) >= len(source) / 2


def test_large_holes_are_chosen_from_fewer_answers_and_never_from_two(song: OpenFile) -> None:
    counts = [usual_candidates(cells) for cells in range(1000)]
    assert counts == sorted(counts, reverse=True)
    assert (counts[0], counts[24], counts[25], counts[999]) == (8, 8, 7, 1)
    assert 2 not in counts
    wanted = Wanted((1, 2), song.parts[:1])
    assert list(infills(song, [wanted], SMALL, 0.0, None, lambda _: None)) == chosen(song, [wanted], 8)


def test_progress_rises_to_all_of_it(song: OpenFile) -> None:
    shares: list[float] = []
    wishes = [Wanted((1,), song.parts, seed=seed) for seed in "ab"]
    assert len(list(infills(song, wishes, SMALL, 0.0, 2, shares.append))) == 2
    assert shares == sorted(shares)
    assert shares[-1] == 1
