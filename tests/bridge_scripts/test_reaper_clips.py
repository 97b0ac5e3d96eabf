"""Clip jobs, as REAPER's scripts do them: once, all or nothing, over nothing that a person has changed."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import lupa.lua53
import lupa.lua54
import pytest

from fakes.reaper_app import SCRIPTS, ReaperApp
from fakes.reaper_project import Item, ReaperProject, Saved, TempoMarker
from fakes.takes import a_take
from hitpoint.engine.bridge_folder import BridgeFolder
from hitpoint.engine.take_placed import placed
from hitpoint.hosts.clip_job import Clip, ClipAnswer, ClipJob, read_answer, share_changed
from hitpoint.page.messages import TakeContent
from hitpoint.score.midi_score import playable
from hitpoint.score.note import Note
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BRIDGE = SCRIPTS / "hitpoint_bridge.lua"
BAR = 3840


def a_clip(bar: int = 0, bars: int = 1, track: str = "cello", pitch: int = 50, **changed: Any) -> Clip:
    start, end = bar * BAR, (bar + bars) * BAR
    notes = tuple(Note(tick, pitch + tick // 960 % 7, 500, 80) for tick in range(start, end, 960))
    moves = ((start, 1, 64), (end - 1, 1, 90))
    return replace(Clip(track, f"bar {bar + 1}", track, start, end, notes, moves), **changed)


def a_job(name: str, *clips: Clip, take: str = "take-1") -> ClipJob:
    return ClipJob(name, take, f"Hitpoint: {name}", clips or (a_clip(),))


class Desk:
    """REAPER with the bridge, and the daemon's end of the folder."""

    def __init__(self, resource: Path, **how: Any) -> None:
        self.app = ReaperApp(resource, **how)
        self.folder = BridgeFolder(resource / "Hitpoint")
        self.app.run(BRIDGE)

    def do(self, job: ClipJob) -> ClipAnswer:
        """Give it a job, and wait for the answer."""
        self.folder.put(job)
        self.app.pass_time(0.3)
        self.app.check()
        (answer,) = self.folder.answers()
        return read_answer(answer)

    @property
    def items(self) -> list[Item]:
        return self.app.project.items


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def notes_of(item: Item) -> list[Note]:
    """As the daemon has them."""
    start = round(item.held.origin * 960)
    return [Note(start + one[0], one[3], one[1] - one[0], one[4]) for one in item.held.notes if not one[5]]


@pytest.mark.parametrize("lua", [lupa.lua53, lupa.lua54], ids=["Lua 5.3", "Lua 5.4"])
def test_a_job_becomes_clips_on_tracks_of_their_names(tmp_path: Path, lua: Any) -> None:
    project = ReaperProject()
    project.tempo = (TempoMarker(0.0, 97.3, (7, 8), gradual=True), TempoMarker(6.6, 141.0, (4, 4)))
    desk = Desk(tmp_path, project=project, lua=lua)
    clips = (a_clip(2, track="cello"), a_clip(5, 3, track='緊張 violin "1"'), a_clip(9, track="cello"))
    assert desk.do(a_job("a-1", *clips)) == ClipAnswer("a-1", "", ())
    assert [track.name for track in project.tracks] == ["cello", '緊張 violin "1"']
    for clip in clips:
        item = next(item for item in desk.items if item.held.take_name == clip.name)
        assert tuple(notes_of(item)) == clip.notes
        assert item.track.name == clip.track
        assert [move[0] for move in item.held.controllers] == [0, clip.end - clip.start - 1]
        for time, tick in ((item.held.start, clip.start), (item.held.end, clip.end)):
            assert abs(project.curve.quarter_at(time) * 960 - tick) < 0.01
        tag = json.loads(dict(item.held.ext)["P_EXT:hitpoint"])
        assert (tag["take"], tag["part"]) == ("take-1", clip.part)
        assert dict(item.held.values)["I_CUSTOMCOLOR"] & 0x1000000


def test_a_remembered_take_is_on_tracks_at_its_cue_note_for_note_with_one_undo(desk: Desk) -> None:
    music = a_take().music
    take = TakeContent("qxpbnt", "1m03", music.bars, music.score, music.session)
    # In the middle of a bar, where pictures cut.
    cue = 4 * BAR + 1234
    session = Session(Timeline(markers=(Marker(cue, "1m03 calm, strings"), Marker(20 * BAR, "END"))))
    where = placed(session, 0.0, take, frozenset(), "0123456789abcdef0123")
    assert desk.do(where.job) == ClipAnswer(where.job.job, "", ())
    assert {item.track.name for item in desk.items} == {part.name for part in music.score.parts}
    for part in music.score.parts:
        (item,) = (item for item in desk.items if item.track.name == part.name)
        assert notes_of(item) == [replace(note, tick=cue + note.tick) for note in playable(part.notes)]
        assert len(item.held.controllers) == len(part.moves)
    desk.app.project.undo()
    assert desk.items == []


@pytest.mark.parametrize("keeps_ext_in_undo", [True, False])
def test_one_undo_takes_a_whole_job_away_and_one_redo_brings_it_back(tmp_path: Path, keeps_ext_in_undo: bool) -> None:
    desk = Desk(tmp_path, project=ReaperProject(keeps_ext_in_undo=keeps_ext_in_undo))
    project = desk.app.project
    desk.do(a_job("a-1", a_clip(0), a_clip(1), a_clip(0, track="horn")))
    assert project.steps[project.step][0] == "Hitpoint: a-1"
    project.undo()
    assert project.tracks == []
    project.redo()
    assert len(desk.items) == 3
    desk.do(a_job("a-1", a_clip(0), a_clip(1), a_clip(0, track="horn")))
    assert len(desk.items) == 3, "what is back is not done again"


def test_a_job_that_comes_twice_is_done_once(desk: Desk) -> None:
    assert desk.do(a_job("a-1")).error == ""
    (item,) = desk.items
    assert desk.do(a_job("a-1")).error == ""
    assert desk.items == [item], "not even the same again"
    item.track.items.clear()
    assert desk.do(a_job("a-1")).error == ""
    assert desk.items == [], "what a person has thrown away stays away"


def test_a_new_take_replaces_what_nobody_has_touched(desk: Desk) -> None:
    desk.do(a_job("a-1", a_clip(0), a_clip(1), a_clip(0, track="horn")))
    assert desk.do(a_job("a-2", a_clip(0, pitch=60), take="take-2")).edited == ()
    assert Counter(item.track.name for item in desk.items) == {"cello": 2, "horn": 1}
    assert notes_of(desk.items[0])[0].pitch == 60


def test_what_the_new_take_does_not_cover_stays(desk: Desk) -> None:
    desk.do(a_job("a-1", a_clip(0, 8)))
    new = a_clip(3, 2, pitch=70)
    assert desk.do(a_job("a-2", new, take="take-2")).edited == ()
    found = sorted(note for item in desk.items for note in notes_of(item))
    rest = [note for note in a_clip(0, 8).notes if not new.start <= note.tick < new.end]
    assert found == sorted([*rest, *new.notes])
    assert desk.do(a_job("a-3", a_clip(0, 8, pitch=40), take="take-3")).edited == (), "the rest is still ours"
    assert len(desk.items) == 1


@pytest.mark.parametrize("whose", ["another part's", "the person's"])
def test_clips_of_other_parts_and_of_the_person_are_never_in_the_way(desk: Desk, whose: str) -> None:
    desk.do(a_job("a-1", a_clip(part="cello solo" if whose == "another part's" else "cello")))
    if whose == "the person's":
        desk.app.project.edit(desk.items[0], ext=())
    before = desk.items[0].held
    assert desk.do(a_job("a-2", a_clip(), take="take-2")).edited == ()
    assert before in [item.held for item in desk.items]
    assert [track.name for track in desk.app.project.tracks] == ["cello"]
    assert len(desk.items) == 2


def moved(item: Item) -> dict[str, Any]:
    held = item.held
    return {"start": held.start + 0.5, "end": held.end + 0.5, "origin": held.origin + 1}


EDITS = {
    "a note is higher": lambda item: {"notes": ((*item.held.notes[0][:3], 99, 80, False), *item.held.notes[1:])},
    "a note is gone": lambda item: {"notes": item.held.notes[1:]},
    "a note is muted": lambda item: {"notes": ((*item.held.notes[0][:5], True), *item.held.notes[1:])},
    "a note is added": lambda item: {"notes": (*item.held.notes, (3000, 3100, 0, 30, 9, False))},
    "a controller is moved": lambda item: {"controllers": ((0, 0, 1, 7), *item.held.controllers[1:])},
    "its end is cut": lambda item: {"end": item.held.end - 0.25},
    "its start is cut": lambda item: {"start": item.held.start + 0.25},
    "it is moved": moved,
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_a_person_has_changed_stays_and_the_new_take_stands_beside_it(desk: Desk, edit: str) -> None:
    desk.do(a_job("a-1", a_clip(0), a_clip(1)))
    project = desk.app.project
    project.edit(desk.items[0], **EDITS[edit](desk.items[0]))
    before = [item.held for item in desk.items]
    new = (a_clip(0, pitch=60), a_clip(0, track="horn"))
    answer = desk.do(a_job("a-2", *new, take="take-2"))
    assert [item.held for item in project.track("cello").items] == before
    assert [tuple(notes_of(item)) for item in project.track("cello (take take-2)").items] == [new[0].notes]
    assert [track.name for track in project.tracks] == ["cello", "cello (take take-2)", "horn"]
    (edited,) = answer.edited
    assert (edited.take, edited.track, edited.part) == ("take-1", "cello", "cello")
    shares = {"a note is higher": 0.25, "a note is gone": 0.25, "a note is muted": 0.25, "a note is added": 0.2,
              "it is moved": 1.0}  # fmt: skip
    assert share_changed(a_clip(0).notes, edited.notes) == pytest.approx(shares.get(edit, 0.0))


def test_what_was_changed_beside_stays_too(desk: Desk) -> None:
    desk.do(a_job("a-1"))
    for number in (2, 3):
        item = desk.items[-1]
        desk.app.project.edit(item, notes=item.held.notes[1:])
        answer = desk.do(a_job(f"a-{number}", take="take-2"))
        assert len(answer.edited) == number - 1
    names = ["cello", "cello (take take-2)", "cello (take take-2, 2)"]
    assert [track.name for track in desk.app.project.tracks] == names


def test_an_answer_that_was_lost_tells_of_the_edits_again(desk: Desk) -> None:
    desk.do(a_job("a-1"))
    desk.app.project.edit(desk.items[0], notes=desk.items[0].held.notes[1:])
    first = desk.do(a_job("a-2", take="take-2"))
    assert first.edited
    assert desk.do(a_job("a-2", take="take-2")) == first


@pytest.mark.parametrize("steps_for_nothing", [True, False])
@pytest.mark.parametrize(
    "call",
    ["InsertTrackAtIndex", "CreateNewMIDIItemInProj", "MIDI_InsertNote", "MIDI_Sort", "SetProjExtState", "CountTracks"],
)
@pytest.mark.parametrize("at", [1, 2, 6])
def test_an_error_half_way_leaves_the_project_as_it_was(
    tmp_path: Path, steps_for_nothing: bool, call: str, at: int
) -> None:
    desk = Desk(tmp_path, steps_for_nothing=steps_for_nothing)
    desk.do(a_job("a-1", a_clip(0), a_clip(1)))
    project = desk.app.project
    project.edit(desk.items[1], "my own edit", notes=())
    before, titles = project.state(), [title for title, _ in project.steps]
    desk.app.fails = {call: at}
    job = a_job("a-2", a_clip(0, 3, pitch=70), a_clip(0, track="horn"), a_clip(1, track="viola"), take="take-2")
    answer = desk.do(job)
    if answer.error:
        assert f"{call} failed" in answer.error
        assert project.state() == before
        assert [title for title, _ in project.steps][: project.step + 1] == titles
    assert (answer.error == "") == bool(desk.app.fails), "it failed where it was asked to fail"
    desk.app.fails = {}
    assert desk.do(job).error == "", "and it can be done after that"
    assert len(project.track("horn").items) == 1


def put_raw(desk: Desk, name: str, data: bytes) -> ClipAnswer:
    (desk.folder.folder / "jobs" / f"{name}.json").write_bytes(data)
    desk.app.pass_time(0.3)
    desk.app.check()
    (answer,) = desk.folder.answers()
    return read_answer(answer)


def test_a_job_of_another_protocol_is_refused_in_words(desk: Desk) -> None:
    said = {**json.loads(a_job("a-1").as_bytes()), "protocol": 2}
    answer = put_raw(desk, "a-1", json.dumps(said).encode())
    assert answer.error.startswith("Hitpoint speaks protocol 2, its REAPER scripts 1. Run `hitpoint install reaper`")
    assert desk.items == []


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"5", b"null", b"[]", b'"job"', b"{}", b"\xff", b"[" * 100_000, b'{"protocol":1,"kind":"job"}',
     b'{"protocol":1,"kind":"job","job":"a-1","take":"t","title":"t","clips":[5]}'],
)  # fmt: skip
def test_what_is_no_job_is_refused_in_words(desk: Desk, data: bytes) -> None:
    assert put_raw(desk, "a-1", data).error
    assert desk.app.project.step == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"notes": [[0, 1, 128, 80, 0]]}, "clip 1: notes[1] cannot be written"),
        ({"notes": [[0, 1, 60, 0, 0]]}, "clip 1: notes[1]"),
        ({"notes": [[0, 0, 60, 80, 0]]}, "clip 1: notes[1]"),
        ({"notes": [[0, 1, 60.5, 80, 0]]}, "clip 1: notes[1]"),
        ({"notes": [[0, 1, 60, 80]]}, "clip 1: notes[1]"),
        ({"notes": {"0": 1}, "controllers": "none"}, "controllers is no list"),
        ({"controllers": [[0, 1, 128, 0]]}, "clip 1: controllers[1]"),
        ({"quarter": -1}, "clip 1: quarter"),
        ({"end": 0}, "clip 1: end is not after its start"),
        ({"track": 5}, "clip 1: track is no text"),
    ],
)
def test_a_clip_that_cannot_be_is_refused_before_anything_is_touched(
    desk: Desk, changed: dict[str, Any], said: str
) -> None:
    job = json.loads(a_job("a-1").as_bytes())
    job["clips"][0].update(changed)
    assert said in put_raw(desk, "a-1", json.dumps(job).encode()).error
    assert desk.app.project.step == 0


def test_a_heap_of_jobs_is_worked_off_without_stalling_reaper(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.app.seconds_per_call = 1e-4
    for number in range(60):
        desk.folder.put(a_job(f"a-{number:02}", a_clip(number)))
    longest = 0.0
    while desk.folder.waiting:
        before = desk.app.now
        desk.app.tick()
        longest = max(longest, desk.app.now - before)
        desk.app.now += 1 / 30
        list(desk.folder.answers())
    desk.app.check()
    print(f"longest look {longest * 1000:.0f} ms")
    assert len(desk.items) == 60
    assert longest < 0.1


class Remembering(ReaperProject):
    """Counts the undo steps that were ever made in it, by title."""

    def __init__(self, path: str) -> None:
        self.made: Counter[str] = Counter()
        super().__init__(path)

    def add_step(self, title: str) -> None:
        self.made[title.removeprefix("Hitpoint: ")] += 1
        super().add_step(title)


class Daemon:
    """Puts jobs, and again when nobody seems to have them; what lies in the folder may be lost, or come twice."""

    def __init__(self, folder: BridgeFolder, random: Random) -> None:
        self.folder, self.random = folder, random
        self.open: dict[str, ClipJob] = {}
        self.answered: Counter[str] = Counter()
        self.lost = self.doubled = 0

    def put(self, job: ClipJob) -> None:
        self.open[job.job] = job
        self.folder.put(job)

    def trouble(self) -> None:
        for kind in ("jobs", "answers"):
            for path in (self.folder.folder / kind).glob("*.json"):
                if self.random.random() < 0.05:
                    path.unlink()
                    self.lost += 1
        for job in list(self.open.values()):
            if self.random.random() < 0.05:
                self.folder.put(job)
                self.doubled += 1

    def look(self) -> None:
        for data in self.folder.answers():
            answer = read_answer(data)
            assert answer.error == ""
            self.answered[answer.job] += 1
            self.open.pop(answer.job, None)
        for name in self.open.keys() - self.folder.waiting:
            self.folder.put(self.open[name])


@pytest.mark.slow
def test_a_thousand_jobs_are_each_there_once_whatever_is_lost_doubled_or_restarted(tmp_path: Path) -> None:
    random, project = Random(5), Remembering("/music/reel 3.RPP")
    app = ReaperApp(tmp_path, project, steps_for_nothing=True)
    app.run(BRIDGE)
    daemon = Daemon(BridgeFolder(tmp_path / "Hitpoint"), random)
    saved, answered_at_save = project.state(), set[str]()
    gone: set[str] = set()
    for number in range(1000):
        daemon.put(a_job(f"job-{number}", a_clip(number // 8, track=f"track {number % 8}", name=f"job-{number}")))
        if random.random() < 0.5:
            daemon.trouble()
        if random.random() < 0.5:
            app.pass_time(0.1)
        if random.random() < 0.5:
            daemon.look()
        project.steps, project.step = project.steps[-3:], min(project.step, 2)
        if number == 560:
            saved, answered_at_save = project.state(), set(daemon.answered)
        if number in (300, 600):
            app.check()
            # Killed in the middle of everything; the second time with what was not saved.
            app = ReaperApp(tmp_path, project, steps_for_nothing=True)
            if number == 600:
                gone = set(daemon.answered) - answered_at_save
                project.made -= lost_with(project, saved)
                project.restore(saved)
            app.run(BRIDGE)
    for _ in range(200):
        app.pass_time(0.1)
        daemon.look()
    app.check()
    assert daemon.open == {}
    assert len(daemon.answered) == 1000
    there = Counter(item.held.take_name for item in project.items)
    print(f"lost {daemon.lost}, doubled {daemon.doubled}, gone with the unsaved project {len(gone)}")
    everything = {f"job-{number}" for number in range(1000)}
    gone -= names_in(saved)
    assert there == Counter(everything - gone)
    assert project.made == there, "each was written once into what is there"
    assert 0 < len(gone) < 60


def names_in(saved: Saved) -> set[str]:
    return {item.take_name for _, items in saved.tracks for item in items}


def lost_with(project: ReaperProject, saved: Saved) -> Counter[str]:
    """What was written and not saved."""
    return Counter(names_in(project.state()) - names_in(saved))
