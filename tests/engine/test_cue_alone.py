"""A cue by itself is what it is in the whole: the same words, hits, seconds and bars, from its entrance on."""

from dataclasses import replace

import pytest

from hitpoint.config.load import load_settings
from hitpoint.engine.cue_alone import cue_alone
from hitpoint.engine.cue_text import CueText, cue_text
from hitpoint.engine.page_cues import PageCues
from hitpoint.engine.take_make import takes_of_text
from hitpoint.errors import ConfigError
from hitpoint.score.control_curve import BarPoint, ControlCurve
from hitpoint.score.spotting import spot
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline

BAR = 3840
WHOLE = Timeline(
    TempoMap((TempoPoint(0, 90.0), TempoPoint(5 * BAR, 90.0, Ramp.LINEAR_IN_TIME), TempoPoint(12 * BAR, 140.0))),
    MeterMap((MeterChange(0, Meter()), MeterChange(8 * BAR, Meter(3, 4)))),
    (
        Marker(0, "1m01 calm, strings"), Marker(2 * BAR + 77, "HIT door"), Marker(4 * BAR, "END"),
        Marker(6 * BAR + 960, "1m02 tense, brass"), Marker(8 * BAR + 11, "HIT reveal"), Marker(9 * BAR, "furious"),
        Marker(20 * BAR, "1m03 calm, piano"),
    ),
    (Region(14 * BAR, 16 * BAR, "hopeful, flute"),),
)  # fmt: skip
CUES = spot(WHOLE).cues


def alone(place: int, **how):
    after = CUES[place + 1].start if place + 1 < len(CUES) else None
    curves = how.get("curves", ())
    return cue_alone(how.get("whole", WHOLE), "", curves, CUES[place], after)


@pytest.mark.parametrize("place", range(len(CUES)))
def test_what_it_meets_lies_as_many_seconds_and_ticks_after_its_entrance_as_in_the_whole(place):
    cue, made = CUES[place], alone(place)
    (again,) = spot(made.session.timeline).cues
    seconds = WHOLE.tempo_map.seconds_at
    theirs = [(p.tick - cue.start, p.kind) for p in cue.hit_points]
    ours = [(p.tick, p.kind) for p in again.hit_points]
    assert ours[: len(theirs)] == theirs
    for tick, _ in ours:
        there = seconds(cue.start + tick) - seconds(cue.start)
        assert made.session.timeline.tempo_map.seconds_at(tick) == pytest.approx(there, abs=1e-9)
    # Each ends, whether or not the whole says where.
    assert again.end is not None
    assert made.bars == made.timeline.meter_map.bar_at(again.end).index + 1


def test_bar_lines_stay_where_they_are_though_a_cue_enters_inside_a_bar():
    made = alone(1)
    start = CUES[1].start
    lines = [made.timeline.meter_map.bar(index).start + start for index in range(5)]
    assert lines == [start, 7 * BAR, 8 * BAR, 8 * BAR + 2880, 8 * BAR + 5760]


def test_a_region_keeps_its_words_in_the_file_and_is_a_cue_by_itself():
    place = next(index for index, cue in enumerate(CUES) if cue.name == "hopeful, flute")
    made = alone(place)
    assert [marker.name for marker in made.timeline.markers] == ["hopeful, flute", "END"]
    assert [marker.tick for marker in made.timeline.markers] == [0, 2 * 6 * 960 + (2 * BAR - 2 * 6 * 960)]


def test_a_curve_that_was_drawn_over_its_bars_is_drawn_over_them_still():
    curve = ControlCurve("intensity", (BarPoint(6, 0.2), BarPoint(9, 0.8)))
    (moved,) = alone(1, curves=(curve,)).session.curves
    assert [moved.at(bar) for bar in range(3)] == [curve.at(bar) for bar in range(6, 9)]


def test_it_begins_at_its_own_frame_of_the_picture():
    whole = replace(WHOLE, start_frame=86400)
    assert alone(0, whole=whole).timeline.start_frame == 86400
    seconds = WHOLE.tempo_map.seconds_at(CUES[1].start)
    assert alone(1, whole=whole).timeline.start_frame == 86400 + round(24 * seconds)


def test_it_is_handed_over_as_it_is_and_what_is_none_is_refused():
    text = CueText.of("1m02", "tense", alone(1))
    assert cue_text(text.as_bytes()) == text
    for wrong in (b"", b"{}", b"[]", b'{"cue": 1, "prompt": 2, "music": "x"}'):
        with pytest.raises(ConfigError, match="is no cue"):
            cue_text(wrong)


def test_a_take_of_it_strikes_at_each_of_its_moments():
    text = CueText.of("1m02", "1m02 tense, brass", alone(1))
    shown: list[float] = []
    (made,) = takes_of_text(text, load_settings(None, {}), (3,), shown.append)
    assert shown[-1] == 1.0
    struck = {note.tick for part in made.music.score.parts for note in part.notes}
    assert {point.tick - CUES[1].start for point in CUES[1].hit_points} <= struck
    assert (made.cue, made.music.score.title, made.music.session.seed) == ("1m02", "1m02 tense, brass", 3)


def test_cues_of_one_name_are_told_apart_and_a_moved_hit_makes_another_of_its_own_cue_only():
    cues = PageCues()
    assert "marker or a region" in cues.all().none
    regions = (Region(0, BAR, "calm, strings"), Region(2 * BAR, 4 * BAR, "calm, strings"))
    cues.heard({"timeline": Timeline(regions=regions)})
    before = cues.all()
    assert [cue.name for cue in before.cues] == ["calm, strings", "calm, strings (2)"]
    assert cues.all() is before
    cues.heard({"timeline": Timeline(regions=regions, markers=(Marker(3 * BAR, "HIT door"),))})
    after = cues.all()
    assert [a.sign == b.sign for a, b in zip(before.cues, after.cues, strict=True)] == [True, False]


def test_a_sheet_is_read_anew_when_it_is_saved_and_what_is_wrong_with_it_is_said(tmp_path):
    path = tmp_path / "door.yaml"
    cues = PageCues(path)
    assert "cannot be read" in cues.all().none
    path.write_text(
        'frame_rate: "25"\ncues:\n  - {number: 1m01, start: "01:00:00:00", end: "01:00:08:00", prompt: "calm, strings"}'
        '\n  - {title: Roof, start: "01:00:10:00", prompt: "tense, brass"}\n'
    )
    found = cues.all()
    assert [cue.name for cue in found.cues] == ["1m01", "Roof"]
    assert found.cues[1].arguments == (f"--sheet={path}", "--cue=Roof")
    path.write_text("cues: 4")
    assert cues.all().none
