"""A cue's `curves` and `motif` in a sheet."""

from pathlib import Path

import pytest

from hitpoint.errors import HostError
from hitpoint.hosts.sheet import SheetCue, SheetCurve
from hitpoint.hosts.sheet_reader import read_sheet_text

HEAD = 'frame_rate: "24"\ncues:\n  - {number: 1m01, start: "01:00:00:00", end: "01:00:30:00"'


def cue_with(words: str) -> SheetCue:
    """The cue of a sheet, with those keys more."""
    return read_sheet_text(f"{HEAD}, {words}}}\n", Path("reel.yaml")).cues[0]


@pytest.mark.parametrize(
    ("written", "curve"),
    [
        ("0.7", SheetCurve("intensity", "0.7")),
        ("[0.2, 0.3, 0.9]", SheetCurve("intensity", "0.2,0.3,0.9")),
        ('"0.2>0.9"', SheetCurve("intensity", "0.2>0.9")),
        ('"1:0.2 8:0.9"', SheetCurve("intensity", "1:0.2 8:0.9")),
        (
            '[{at: "01:00:00:00", value: 0.1}, {at: "01:00:10:12", value: 0.8}]',
            SheetCurve("intensity", points=((86400, 0.1), (86400 + 252, 0.8))),
        ),
    ],
)
def test_each_way_of_drawing_is_read(written: str, curve: SheetCurve) -> None:
    assert cue_with(f"curves: {{intensity: {written}}}").curves == (curve,)


def test_curves_come_in_one_order_and_a_cue_may_have_none() -> None:
    drawn = cue_with("curves: {tension: 0.1, valence: -0.5, intensity: 1}").curves
    assert [curve.name for curve in drawn] == ["intensity", "valence", "tension"]
    assert cue_with("curves:").curves == cue_with("title: x").curves == ()


def test_a_motif_is_its_name() -> None:
    assert cue_with("motif: the door").motif == "the door"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("0.7", "line 3: curves must have a key a control"),
        ("{intensty: 0.7}", "'intensty' is no curve. Did you mean 'intensity'?"),
        ("{mood: 0.7}", "'mood' is no curve. There are: intensity, valence, arousal, tension."),
        ("{intensity: 1.7}", "curve intensity has 1.7, which is outside 0 to 1"),
        ("{valence: [0.1, loud]}", "curve valence has 'loud' where a number is wanted"),
        ("{tension: [0.1, {at: x}]}", "curve tension must be a number, a list"),
        ("{tension: [{at: '01:00:00:30', value: 0.1}]}", "'01:00:00:30' does not exist"),
        ("{tension: [{at: '01:00:00:00', value: -1}]}", "curve tension value must be a number from 0 to 1"),
        ("{tension: [{at: '01:00:00:00'}]}", "without a timecode `at` or a number `value`"),
        ("{tension: [{at: '01:00:00:00', value: 0, bar: 1}]}", "a point with 'bar'"),
        (
            "{tension: [{at: '01:00:01:00', value: 0}, {at: '01:00:01:00', value: 1}]}",
            "points out of order, or two at one frame",
        ),
    ],
)
def test_a_curve_that_cannot_be_drawn_is_told_with_its_line(written: str, says: str) -> None:
    with pytest.raises(HostError) as caught:
        cue_with(f"curves: {written}")
    assert says in str(caught.value)
    assert "reel.yaml: line 3" in str(caught.value)
