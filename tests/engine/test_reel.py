"""One cue of a reel, with a fake for a model: what is told of its hits is what its notes do."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.fake_model import FakeModel
from hitpoint.config.load import load_settings
from hitpoint.engine.composer import Composer
from hitpoint.engine.cue_score import cue_score
from hitpoint.engine.reel import CueTake, composer_for, cue_take
from hitpoint.engine.reel_hits import met_hits
from hitpoint.engine.reel_job import CueJob, reel_jobs
from hitpoint.errors import ModelError
from hitpoint.hosts.sheet import Sheet, SheetCue, SheetCurve, SheetHit
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.timeline.units import FrameRate

RATE = FrameRate.named("25")
HITS = (SheetHit(100, "door"), SheetHit(180, "all stops"), SheetHit(301, "reveal"))
CUES = (
    SheetCue("1m01", "The House", 0, 400, "calm, violin, piano, 100 bpm, D minor", HITS, motif="house"),
    SheetCue("1m02", "", 500, 800, "tense, strings", (), motif="house"),
    SheetCue("1m02", "", 900, None, "calm, piano", ()),
)


def jobs(stems: bool = False) -> tuple[CueJob, ...]:
    sheet = Sheet("The Door", RATE, CUES)
    return reel_jobs(sheet, CUES, load_settings(None), 3, ".mid", stems)


def take_of(job: CueJob) -> CueTake:
    return cue_take(job, Composer(FakeModel()), lambda _: None)


def test_a_job_has_all_that_it_needs_and_goes_through_a_pipe() -> None:
    first, second, third = jobs()
    assert [job.name for job in (first, second, third)] == ["1m01 The House", "1m02", "1m02 (2)"]
    assert [job.following for job in (first, second, third)] == [500, 900, None]
    assert (first.source, second.source, third.source) == (None, CUES[0], None)
    assert pickle.loads(pickle.dumps(second)) == second


def test_hits_are_met_stops_are_silence_and_a_take_is_the_same_again() -> None:
    take = take_of(jobs()[0])
    assert [(hit.name, hit.frame, hit.stop) for hit in take.hits] == [
        ("door", 100, False), ("all stops", 180, True), ("reveal", 301, False),
    ]  # fmt: skip
    assert all(hit.is_within(0.03) for hit in take.hits)
    assert take_of(jobs()[0]) == take


def test_a_cue_comes_back_to_the_motif_without_the_other_cue_at_hand() -> None:
    take = take_of(jobs()[1])
    assert take.motif.startswith("house: violin 1 of 1m01 on violin 1, ")
    assert take.files != take_of(replace(jobs()[1], source=None)).files


@pytest.mark.parametrize(("frame", "label"), [(499, "00:00:19:24"), (500, ""), (800, ""), (90_700, "01:00:28:00")])
def test_a_point_of_a_curve_outside_of_its_cue_is_followed_and_told(frame: int, label: str) -> None:
    curve = SheetCurve("tension", points=tuple(sorted(((frame, 0.9), (600, 0.1)))))
    job = jobs()[1]
    take = take_of(replace(job, cue=replace(job.cue, curves=(curve,))))
    assert take.flags == ((f"curve tension has a point at {label}, outside of the cue",) if label else ())
    assert take.notes


def test_stems_come_after_the_cue_itself_a_part_each() -> None:
    files = take_of(jobs(stems=True)[0]).files
    assert [name for name, _ in files] == [
        "1m01 The House.mid", "1m01 The House - piano.mid", "1m01 The House - violin 1.mid"
    ]  # fmt: skip
    assert files[0] == take_of(jobs()[0]).files[0]


def test_what_is_not_met_is_told_as_it_is() -> None:
    score = cue_score(CUES[0], RATE, None, 0)
    ticks = [marker.tick for marker in score.timeline.markers]

    def told(*notes: Note) -> list[float | None]:
        part = MidiPart("violin 1", 0, 40, notes)
        return [hit.frames_off for hit in met_hits(CUES[0], RATE, score, [part])]

    assert told() == [None, 0.0, None]
    # Too soft for an accent, and it sounds on over the stop.
    assert told(Note(ticks[1], 60, ticks[4], 112))[0] is None
    assert told(Note(ticks[1], 60, ticks[4], 112))[1] > 10  # type: ignore[operator]
    late = told(Note(ticks[1] + 64, 60, 10, 120))
    assert late[0] == pytest.approx(1.0, abs=0.05)
    assert late[2] < -100  # type: ignore[operator]


def test_a_worker_with_another_version_or_model_refuses_to_give_another_take() -> None:
    job = jobs()[0]
    with pytest.raises(ModelError, match="this worker has Hitpoint"):
        composer_for(replace(job, version="0.0.1"))
    with pytest.raises(ModelError, match="another model"):
        composer_for(replace(job, model="0"))
    assert Path(job.bundle).name == job.bundle
