import pytest

from fakes.stage import Stage
from hitpoint.engine.keeping import Keeping
from hitpoint.errors import HostError
from hitpoint.hosts.actions import KeepTake
from hitpoint.hosts.clip_job import ClipJob
from hitpoint.score.request import Source
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR = 3840
TIMELINE = Timeline(markers=(Marker(0, "1m01 calm, strings, D minor"), Marker(40 * BAR, "END")))
ALL = KeepTake(0, 1_000_000, frozenset())


class Desk:
    """A stage with people who keep takes."""

    def __init__(self, seconds_a_bar: float = 0.01) -> None:
        self.jobs: list[ClipJob] = []
        self.troubles: list[str] = []
        self.stage = Stage(Session(TIMELINE), seconds_a_bar)
        self.keeping = Keeping((1, 11), self.jobs.append, self.troubles.append)

    def run(self, seconds: float) -> None:
        until = self.stage.now + seconds
        while self.stage.now < until:
            self.keeping.step(self.stage.conductor)
            self.stage.run(0.02)


def test_a_whole_cue_is_written_and_then_kept_while_the_transport_stands() -> None:
    desk = Desk()
    desk.keeping.ask(desk.stage.session, ALL)
    desk.run(0.5)
    done, of = desk.keeping.progress
    assert 0 < done < of == 41
    desk.run(10.0)
    (job,) = desk.jobs
    assert {clip.part for clip in job.clips} == {"violin 1", "violin 2", "viola", "cello", "contrabass"}
    assert {(clip.start, clip.end) for clip in job.clips} == {(0, 41 * BAR)}
    assert desk.keeping.progress == (0, 0)
    pages = desk.stage.conductor.pages.all()
    assert {page.source for page in pages} == {Source.MODEL}


def test_clips_have_the_notes_that_are_written_and_the_controllers_that_follow_the_dynamics() -> None:
    desk = Desk()
    desk.keeping.ask(desk.stage.session, KeepTake(4, 7, frozenset({"cello"})))
    desk.run(6.0)
    (clip,) = desk.jobs[0].clips
    pages = desk.stage.conductor.pages
    written = [note for bar in range(4, 8) for note in pages.at("cello", bar).notes]
    assert [(note.tick, note.pitch, note.velocity) for note in clip.notes] == [
        (note.tick, note.pitch, note.velocity) for note in written
    ]
    assert all(note.tick >= 4 * BAR and note.end <= 8 * BAR for note in clip.notes)
    assert {controller for _, controller, _ in clip.controllers} == {1, 11}
    assert clip.name == f"1m01 {desk.jobs[0].take}"


def test_the_same_notes_are_the_same_take_and_each_job_has_its_own_name() -> None:
    desk = Desk()
    for _ in range(2):
        desk.keeping.ask(desk.stage.session, KeepTake(0, 3, frozenset()))
    desk.run(6.0)
    first, second = desk.jobs
    assert first.take == second.take
    assert first.job != second.job


def test_music_that_plays_is_written_before_what_is_to_be_kept() -> None:
    desk = Desk(seconds_a_bar=0.3)
    desk.stage.play()
    desk.keeping.ask(desk.stage.session, KeepTake(30, 33, frozenset()))
    desk.run(4.0)
    written = {page.bar for page in desk.stage.conductor.pages.all() if page.source is Source.MODEL}
    assert {2, 3, 4, 5} <= written
    desk.run(40.0)
    assert len(desk.jobs) == 1


def test_where_nothing_plays_nothing_is_kept() -> None:
    desk = Desk()
    with pytest.raises(HostError, match="nothing plays in bar 61"):
        desk.keeping.ask(desk.stage.session, KeepTake(60, 64, frozenset()))
    desk.keeping.ask(desk.stage.session, KeepTake(0, 3, frozenset({"harp"})))
    desk.run(6.0)
    assert desk.jobs == []
    assert "no part has notes in bars 1 to 4" in desk.troubles[0]
