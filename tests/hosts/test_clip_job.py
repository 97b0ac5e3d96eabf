import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import HostError
from hitpoint.hosts.clip_job import Clip, ClipJob, EditedClip, read_answer, read_job, share_changed
from hitpoint.hosts.protocol import JOB, read_object
from hitpoint.score.note import Note

NOTES = (Note(3840, 62, 480, 90), Note(4500, 65, 1, 12), Note(7679, 62, 960, 127))
CLIP = Clip("Hitpoint strings", "tense 2", "violin", 3840, 7680, NOTES, ((3840, 1, 64), (4320, 11, 127)), 3)
notes = st.builds(Note, st.integers(0, 10_000), st.integers(0, 127), st.integers(1, 5000), st.integers(1, 127))


def an_answer(**changed: Any) -> bytes:
    return json.dumps({"protocol": 1, "kind": "answer", "job": "a-1", "error": "", "edited": [], **changed}).encode()


def test_a_job_has_the_shape_that_scripts_are_written_for() -> None:
    _, said = read_object(ClipJob("a-1", "t7", "Hitpoint: keep take t7", (CLIP,)).as_bytes(), JOB)
    clip = said["clips"][0]
    assert (said["job"], said["take"], said["title"]) == ("a-1", "t7", "Hitpoint: keep take t7")
    assert (clip["quarter"], clip["end"]) == (4.0, 8.0)
    assert clip["notes"][0] == [0.0, 0.5, 62, 90, 3]
    assert clip["controllers"] == [[0.0, 1, 64, 3], [0.5, 11, 127, 3]]


def test_a_job_is_read_back_as_it_was_written() -> None:
    job = ClipJob("a-1", "t7", "Hitpoint: keep take t7", (CLIP,))
    assert read_job(job.as_bytes()) == job


@given(st.lists(notes, max_size=20), st.integers(0, 10_000))
def test_notes_come_back_as_they_were_written(given_notes: list[Note], start: int) -> None:
    placed = tuple(Note(start + note.tick, note.pitch, note.duration, note.velocity) for note in sorted(given_notes))
    job = ClipJob("j", "t", "", (Clip("track", "", "violin", start, start + 20_000, placed),))
    _, said = read_object(job.as_bytes(), JOB)
    written = said["clips"][0]
    edited = {
        "take": "t",
        "track": "track",
        "part": "violin",
        **{key: written[key] for key in ("quarter", "end", "notes")},
    }
    answer = read_answer(an_answer(edited=[edited]))
    assert answer.edited == (EditedClip("t", "track", "violin", start, start + 20_000, tuple(sorted(placed))),)


@pytest.mark.parametrize("name", ["", "../snapshot", "a b", "ä", "a" * 65, "a/b", "a.json"])
def test_what_cannot_name_a_file_names_no_job(name: str) -> None:
    with pytest.raises(HostError, match="cannot name a job"):
        ClipJob(name, "t", "", ())


@pytest.mark.parametrize(
    "changed",
    [
        {"error": None},
        {"edited": [{"take": "t"}]},
        {"edited": [{"take": "t", "track": "", "part": "", "quarter": 0, "end": 4, "notes": [[0, 1, 60, 90]]}]},
        {"edited": [{"take": "t", "track": "", "part": "", "quarter": 0, "end": 4, "notes": [[0, 1, 128, 90, 0]]}]},
        {"edited": [{"take": "t", "track": "", "part": "", "quarter": 0, "end": 4, "notes": [[0, 1, 60, 0, 0]]}]},
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(HostError):
        read_answer(an_answer(**changed))


def test_the_share_that_a_person_has_changed() -> None:
    four = [Note(tick, 60, 400, 80) for tick in (0, 960, 1920, 2880)]
    assert share_changed(four, four) == 0.0
    assert share_changed(four, [*four[:3], Note(2880, 61, 400, 80)]) == 0.25
    assert share_changed(four, four[:2]) == 0.5
    assert share_changed(four, []) == 1.0
    assert share_changed([], []) == 0.0


@given(st.lists(notes, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_neither_order_nor_a_hosts_own_ticks_are_a_change(given_notes: list[Note], random: Any) -> None:
    moved = [Note(note.tick + random.choice([0, 1]), note.pitch, note.duration, note.velocity) for note in given_notes]
    random.shuffle(moved)
    assert share_changed(given_notes, moved) < 1.0 or len(given_notes) == 1
    assert share_changed(given_notes, given_notes[::-1]) == 0.0
