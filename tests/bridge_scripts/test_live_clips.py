"""Clips that Hitpoint writes into a set: the unmodified remote script in a fake Live, in virtual time."""

import json
from collections.abc import Iterable
from random import Random
from typing import Any

import pytest

from fakes.datagrams import Network
from fakes.live_app import Clip as LiveClip
from fakes.live_app import LiveApp, Song
from fakes.live_app import Note as LiveNote
from fakes.live_stage import Stage
from hitpoint.hosts.clip_job import Clip, ClipJob, read_answer
from hitpoint.score.note import Note

WAYS = {
    "made in the arrangement": ((12, 2), ()),
    "copied from a slot": ((11, 0), ()),
    "in session slots": ((11, 3), ("duplicate_clip_to_arrangement",)),
}
"""By what Live can do."""
BAR = 3840


def a_clip(bar: int = 0, bars: int = 1, track: str = "Strings", part: str = "violin", name: str = "tense") -> Clip:
    start = bar * BAR
    notes = tuple(
        Note(start + number * 480, 60 + number % 12, 240 + number, 80 + number % 40) for number in range(bars * 8)
    )
    return Clip(track, name, part, start, start + bars * BAR, notes)


def a_job(job: str, take: str, *clips: Clip) -> ClipJob:
    return ClipJob(job, take, f"Hitpoint: keep take {take}", clips or (a_clip(),))


def do(stage: Stage, job: ClipJob) -> dict[str, Any]:
    """Give a job, and what it was answered."""
    assert stage.daemon is not None
    stage.daemon.put(job)
    stage.until_answered()
    answer = stage.answers[-1]
    assert answer["job"] == job.job
    read_answer(json.dumps(answer).encode())
    return answer


def written(song: Song) -> dict[str, list[LiveClip]]:
    """All clips, by track."""
    return {
        str(track.name): [
            *sorted(track.arrangement_clips, key=lambda clip: clip.start_time),
            *(slot.clip for slot in track.clip_slots if slot.has_clip),
        ]
        for track in song.tracks
    }


def rows(clip: LiveClip) -> list[tuple[float, int, float, float]]:
    return sorted((note.start_time, note.pitch, note.duration, note.velocity) for note in clip._values["notes"])


def asked(clip: Clip) -> list[tuple[float, int, float, float]]:
    return sorted(
        ((note.tick - clip.start) / 960, note.pitch, note.duration / 960, float(note.velocity)) for note in clip.notes
    )


@pytest.fixture(params=WAYS, name="stage")
def a_stage(request: pytest.FixtureRequest) -> Iterable[Stage]:
    version, missing = WAYS[request.param]
    stage = Stage(app=LiveApp(version, missing))
    stage.in_slots = "slots" in request.param
    stage.app.advance(1.0)
    yield stage
    stage.check()
    assert stage.song._values["depth"] == 0


def test_notes_are_written_as_they_are_on_a_track_of_the_name_that_is_asked_for(stage: Stage) -> None:
    clip = a_clip(bar=2)
    assert do(stage, a_job("a", "t1", clip)) == {
        "protocol": 1,
        "kind": "answer",
        "job": "a",
        "error": "",
        "edited": [],
    }
    (made,) = written(stage.song)["Strings"]
    assert made.name == "tense [t1]"
    assert rows(made) == asked(clip)
    if not stage.in_slots:
        assert (made.start_time, made.end_time) == (8.0, 12.0)
    assert written(stage.song)["MIDI"] == []


def test_a_track_that_is_there_is_used(stage: Stage) -> None:
    stage.song._new_track("Strings", has_midi_input=False)
    mine = stage.song._new_track("Strings")
    do(stage, a_job("a", "t1"))
    assert len(stage.song.tracks) == 3
    assert len(mine.arrangement_clips) + sum(slot.has_clip for slot in mine.clip_slots) == 1


def test_nothing_is_left_behind_in_the_session_of_what_went_to_the_arrangement(stage: Stage) -> None:
    track = stage.song.tracks[0]
    track.clip_slots[0].create_clip(1.0)
    do(stage, a_job("a", "t1", a_clip(track="MIDI")))
    if not stage.in_slots:
        assert [slot.has_clip for slot in track.clip_slots] == [True]
        assert len(stage.song.scenes) == 1
    else:
        assert [slot.has_clip for slot in track.clip_slots] == [True, True]


def test_a_job_is_one_undo_step() -> None:
    stage = Stage()
    do(stage, a_job("a", "t1", a_clip(), a_clip(track="Brass"), a_clip(bar=1)))
    assert stage.song._values["undo"] == ["step"]


def test_a_newer_take_takes_the_place_of_one_that_nobody_has_changed(stage: Stage) -> None:
    do(stage, a_job("a", "t1"))
    answer = do(stage, a_job("b", "t2"))
    assert answer["edited"] == []
    assert [clip.name for clip in written(stage.song)["Strings"]] == ["tense [t2]"]
    assert set(written(stage.song)) == {"MIDI", "Strings"}


def change_notes(clip: LiveClip) -> None:
    clip._values["notes"][0].pitch += 1


def mute_a_note(clip: LiveClip) -> None:
    clip._values["notes"][0].mute = True


@pytest.mark.parametrize("edit", [change_notes, mute_a_note])
def test_a_clip_that_a_person_has_changed_stays_and_is_told_and_the_new_one_goes_beside_it(
    stage: Stage, edit: Any
) -> None:
    do(stage, a_job("a", "t1"))
    (mine,) = written(stage.song)["Strings"]
    edit(mine)
    kept = rows(mine)
    answer = do(stage, a_job("b", "t2"))
    (edited,) = answer["edited"]
    assert (edited["take"], edited["track"], edited["part"]) == ("t1", "Strings", "violin")
    assert (edited["quarter"], edited["end"]) == (0.0, 4.0)
    heard = [(row[0], row[2], row[1], row[3]) for row in edited["notes"]]
    assert sorted(heard) == [row for row in kept if edit is not mute_a_note or row[1] != 60]
    assert rows(written(stage.song)["Strings"][0]) == kept
    beside = "Strings" if stage.in_slots else "Strings (take t2)"
    assert written(stage.song)[beside][-1].name == "tense [t2]"


@pytest.mark.parametrize("version", [(12, 2), (11, 0)])
def test_a_clip_that_a_person_has_moved_shortened_or_made_is_never_written_over(version: tuple[int, int]) -> None:
    stage = Stage(app=LiveApp(version))
    do(stage, a_job("a", "t1", a_clip(), a_clip(bar=1)))
    moved, shortened = written(stage.song)["Strings"]
    moved._values.update(start_time=20.0, end_time=24.0)
    shortened._values.update(end_time=7.0, end_marker=3.0, length=3.0)
    stage.song.tracks[1].create_midi_clip(40.0, 4.0) if version == (12, 2) else None
    answer = do(stage, a_job("b", "t2", a_clip(bar=1), a_clip(bar=5), a_clip(bar=10)))
    assert [(clip["quarter"], clip["end"]) for clip in answer["edited"]] == [(4.0, 7.0), (20.0, 24.0)]
    names = {name: [clip.start_time for clip in clips] for name, clips in written(stage.song).items()}
    assert names["Strings"] == [4.0, 20.0, 40.0]
    assert names.get("Strings (take t2)") == ([4.0, 20.0, 40.0] if version == (12, 2) else [4.0, 20.0])
    stage.check()


def test_a_take_that_reaches_farther_than_the_new_one_stays_whole() -> None:
    stage = Stage()
    do(stage, a_job("a", "t1", a_clip(bars=8)))
    answer = do(stage, a_job("b", "t2", a_clip(bar=3)))
    assert answer["edited"] == []
    assert [clip.name for clip in written(stage.song)["Strings"]] == ["tense [t1]"]
    assert [clip.name for clip in written(stage.song)["Strings (take t2)"]] == ["tense [t2]"]
    stage.check()


def test_two_parts_for_one_track_do_not_take_each_others_place(stage: Stage) -> None:
    job = a_job("a", "t1", a_clip(part="violin", name="v"), a_clip(part="viola", name="w"))
    assert do(stage, job)["error"] == ""
    names = [clip.name for clips in written(stage.song).values() for clip in clips]
    assert sorted(names) == ["v [t1]", "w [t1]"]


def test_what_was_undone_and_came_back_is_still_ours() -> None:
    stage = Stage()
    do(stage, a_job("a", "t1"))
    track = stage.song.tracks[1]
    old = list(track._values["arrangement_clips"])
    do(stage, a_job("b", "t2"))
    for clip in old:
        clip.__dict__["_deleted"] = False
    track._values["arrangement_clips"] = old
    assert do(stage, a_job("c", "t3"))["edited"] == []
    assert [clip.name for clip in written(stage.song)["Strings"]] == ["tense [t3]"]


def test_a_host_that_ends_a_note_where_the_next_of_its_pitch_begins_has_edited_nothing(stage: Stage) -> None:
    notes = (Note(0, 60, 960, 90), Note(480, 60, 960, 90))
    do(stage, a_job("a", "t1", Clip("Strings", "n", "violin", 0, BAR, notes)))
    assert do(stage, a_job("b", "t2"))["edited"] == []


def test_controllers_are_left_aside_as_live_lets_no_script_write_them(stage: Stage) -> None:
    clip = Clip("Strings", "n", "violin", 0, BAR, (Note(0, 60, 96, 90),), ((0, 1, 64),))
    assert do(stage, a_job("a", "t1", clip))["error"] == ""
    assert len(written(stage.song)["Strings"]) == 1


def test_an_empty_clip_is_a_clip(stage: Stage) -> None:
    assert do(stage, a_job("a", "t1", Clip("Strings", "rest", "violin", 0, BAR, ())))["error"] == ""
    assert rows(written(stage.song)["Strings"][0]) == []


def test_a_frozen_track_is_said_in_words_and_nothing_of_the_job_is_there(stage: Stage) -> None:
    do(stage, a_job("a", "t1"))
    stage.song._new_track("Frozen", is_frozen=True)
    before = {name: [(clip.name, rows(clip)) for clip in clips] for name, clips in written(stage.song).items()}
    answer = do(stage, a_job("b", "t2", a_clip(), a_clip(track="New"), a_clip(track="Frozen")))
    assert answer["error"] == "the track 'Frozen' is frozen. Unfreeze it in Live (Edit menu), and try again."
    after = {name: [(clip.name, rows(clip)) for clip in clips] for name, clips in written(stage.song).items()}
    assert after == before
    stage.song.tracks[-1]._values["is_frozen"] = False
    assert do(stage, a_job("b", "t2", a_clip(), a_clip(track="New"), a_clip(track="Frozen")))["error"] == ""
    assert do(stage, a_job("c", "t3"))["edited"] == []


def refuse(*_: Any) -> None:
    raise RuntimeError("Something in Live went wrong")


def test_whatever_live_refuses_in_the_middle_leaves_the_set_as_it_was(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(stage, a_job("a", "t1", a_clip(), a_clip(bar=1)))
    before = {name: [(clip.name, rows(clip)) for clip in clips] for name, clips in written(stage.song).items()}
    scenes = len(stage.song.scenes)
    monkeypatch.setattr(LiveClip, "add_new_notes", refuse_after(3))
    answer = do(stage, a_job("b", "t2", a_clip(), a_clip(bar=1), a_clip(bar=2), a_clip(bar=3, track="New")))
    monkeypatch.undo()
    assert answer["error"] == "Live would not write the clips: Something in Live went wrong"
    after = {name: [(clip.name, rows(clip)) for clip in clips] for name, clips in written(stage.song).items()}
    assert {name: sorted(clips) for name, clips in after.items()} == before
    assert len(stage.song.scenes) <= scenes + 2 * stage.in_slots


def refuse_after(times: int) -> Any:
    """Adds notes so many times, refuses once, and then adds again."""
    add, count = LiveClip.add_new_notes, [0]

    def add_or_refuse(self: LiveClip, notes: Iterable[LiveNote]) -> None:
        count[0] += 1
        if count[0] == times:
            refuse()
        add(self, notes)

    return add_or_refuse


def test_a_live_too_old_for_notes_says_so() -> None:
    stage = Stage(app=LiveApp(missing=["Clip"]))
    assert "Hitpoint needs Live 11" in do(stage, a_job("a", "t1"))["error"]
    assert stage.song.tracks[0].name == "MIDI"
    assert len(stage.song.tracks) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"clips": None},
        {"clips": [{}]},
        {"take": None, "clips": [{"track": "x"}]},
        {"clips": [{"track": "x", "name": "", "part": "", "quarter": 4, "end": 4, "notes": []}]},
        {"clips": [{"track": "x", "name": "", "part": "", "quarter": -1, "end": 4, "notes": []}]},
        {"clips": [{"track": "x", "name": "", "part": "", "quarter": 0, "end": 4, "notes": [[0, 1]]}]},
        {"clips": [{"track": "x", "name": "", "part": "", "quarter": 0, "end": 4, "notes": [[0, 1, 200, 1, 0]]}]},
        {"clips": [{"track": "x", "name": "", "part": "", "quarter": "now", "end": 4, "notes": []}]},
    ],
)
def test_a_job_that_makes_no_sense_is_answered_in_words_and_changes_nothing(said: dict[str, Any]) -> None:
    stage = Stage()
    notes = stage.script.clips.answer_to
    answer = notes(stage.song, LiveNote, {"job": "x", "take": "t", **said})
    assert answer["error"]
    assert [track.name for track in stage.song.tracks] == ["MIDI"]
    assert written(stage.song)["MIDI"] == []
    stage.check()


def test_a_set_with_no_tracks_is_written_into() -> None:
    stage = Stage(app=LiveApp(tracks=0))
    assert do(stage, a_job("a", "t1"))["error"] == ""
    assert list(written(stage.song)) == ["Strings"]
    stage.check()


def test_a_track_that_is_deleted_meanwhile_is_made_again(stage: Stage) -> None:
    do(stage, a_job("a", "t1"))
    stage.song.delete_track(1)
    stage.app.advance(0.1)
    assert do(stage, a_job("b", "t2"))["error"] == ""
    assert [clip.name for clip in written(stage.song)["Strings"]] == ["tense [t2]"]


@pytest.mark.parametrize("name", ["静か", "هجوم", "Übergang 😀", '"\\\n', "x" * 5000])
def test_names_in_any_script_are_written_as_they_are(stage: Stage, name: str) -> None:
    assert do(stage, a_job("a", "t1", a_clip(track=name, part=name, name=name)))["error"] == ""
    assert [clip.name for clip in written(stage.song)[name]] == [f"{name} [t1]"]
    assert do(stage, a_job("b", "t2", a_clip(track=name, part=name, name=name)))["edited"] == []
    assert [clip.name for clip in written(stage.song)[name]] == [f"{name} [t2]"]


def test_thousands_of_notes_come_in_many_pieces_and_are_written_as_one_clip() -> None:
    stage = Stage(Network(3, lost=0.05, doubled=0.05, late=0.02))
    notes = tuple(Note(number * 24, number % 128, 20, 1 + number % 127) for number in range(3000))
    clip = Clip("Strings", "long", "violin", 0, 76_800, notes)
    assert do(stage, a_job("a", "t1", clip))["error"] == ""
    assert rows(written(stage.song)["Strings"][0]) == asked(clip)


def test_what_was_done_is_remembered_in_the_set_and_lost_with_it() -> None:
    stage = Stage()
    do(stage, a_job("a", "t1"))
    stage.restart_script()
    stage.start_daemon()
    do(stage, a_job("a", "t1"))
    assert len(written(stage.song)["Strings"]) == 1
    stage.app.open_set(Song(stage.app))
    stage.start_daemon()
    do(stage, a_job("a", "t1"))
    assert len(written(stage.song)["Strings"]) == 1
    stage.check()


@pytest.mark.parametrize("count", [150, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("way", WAYS)
def test_jobs_are_each_done_once_though_packets_are_lost_and_doubled_and_the_script_is_restarted(
    way: str, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    version, missing = WAYS[way]
    stage = Stage(Network(7, lost=0.05, doubled=0.05, late=0.03), LiveApp(version, missing))
    random = Random(8)
    stage.app.advance(0.5)
    for number in range(count):
        note = Note(number * BAR, number % 128, 480, 1 + number % 127)
        clip = Clip("Strings", f"n{number}", "violin", number * BAR, (number + 1) * BAR, (note,))
        job = a_job(f"job-{number}", f"t{number}", clip)
        stage.daemon.put(job)
        if random.random() < 0.05:
            stage.daemon.put(job)
        stage.app.advance(random.choice([0.0, 0.01, 0.05, 0.1]))
        if number in (count // 3, 2 * count // 3):
            stage.restart_script()
    stage.until_answered(600.0)
    names = [clip.name for clips in written(stage.song).values() for clip in clips]
    assert sorted(names) == sorted(f"n{number} [t{number}]" for number in range(count))
    assert sorted(answer["job"] for answer in stage.answers) == sorted(f"job-{number}" for number in range(count))
    assert all(answer["error"] == "" and answer["edited"] == [] for answer in stage.answers)
    with capsys.disabled():
        print(f"\n{count} jobs {way}: each once, after {stage.app.monotonic():.1f} s of Live's time")
    stage.check()
