from dataclasses import replace

import pytest

from fakes.takes import a_take
from hitpoint.engine.take_placed import placed
from hitpoint.errors import HostError
from hitpoint.hosts.clip_job import read_job
from hitpoint.page.messages import TakeContent
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

NAME = "0123456789abcdef0123"
BAR = 3840
CUE = 8 * BAR + 960
MUSIC = a_take().music
HOST = replace(
    MUSIC.score.timeline, markers=(Marker(0, "1m01 tense, strings"), Marker(CUE, "1m03 calm"), Marker(20 * BAR, "END"))
)
ALL = frozenset[str]()


def take(cue: str = "1m03") -> TakeContent:
    return TakeContent("qxpbnt", cue, MUSIC.bars, MUSIC.score, MUSIC.session)


def project(timeline: Timeline = HOST) -> Session:
    return Session(timeline)


def test_it_goes_to_the_cue_of_its_name_note_for_note_wherever_the_host_stands() -> None:
    where = placed(project(), 3.0 * BAR, take(), ALL, NAME)
    assert (where.bar, where.note) == (9, "")
    assert {clip.part: clip.start for clip in where.job.clips} == dict.fromkeys(("violin 1", "cello", "piano"), CUE)
    for clip in where.job.clips:
        (part,) = (part for part in MUSIC.score.parts if part.name == clip.part)
        assert [(note.tick - CUE, note.pitch, note.velocity) for note in clip.notes] == [
            (note.tick, note.pitch, note.velocity) for note in part.notes
        ]
        assert [(tick - CUE, number, value) for tick, number, value in clip.controllers] == list(part.moves)
        assert all(clip.start <= note.tick and note.end <= clip.end for note in clip.notes)
        assert clip.name == "1m03 qxpbnt"
    assert read_job(where.job.as_bytes()).take == where.job.take


def test_without_its_cue_it_goes_to_the_bar_that_the_host_is_in_and_says_so() -> None:
    where = placed(project(), 3.5 * BAR, take("2m07"), ALL, NAME)
    assert where.bar == 4
    assert where.job.clips[0].start == 3 * BAR
    assert where.note == "The project has no cue 2m07: it went where the host stands."
    assert placed(project(), 3.5 * BAR, take(""), ALL, NAME).note == ""


def test_another_tempo_that_would_move_its_hits_is_said() -> None:
    slow = replace(HOST, tempo_map=TempoMap.constant(60.0))
    assert "its hits come up to" in placed(project(slow), 0.0, take(), ALL, NAME).note


def test_parts_and_stems_are_named_and_what_has_no_notes_is_refused() -> None:
    def parts(*names: str) -> set[str]:
        return {clip.part for clip in placed(project(), 0.0, take(), frozenset(names), NAME).job.clips}

    assert parts("strings") == {"violin 1", "cello"}
    assert parts("piano") == {"piano"}
    with pytest.raises(HostError, match="take qxpbnt has no notes in tuba"):
        parts("tuba")
