"""Cues, hits and the points of curves go where their frames went."""

from collections import Counter

import pytest

from fakes.recuts import Recut, edl_of, random_recut, sheet_of, truth_of
from hitpoint.errors import HostError
from hitpoint.hosts.conform import CueState
from hitpoint.hosts.cut_list import read_cuts
from hitpoint.hosts.marker_files.marker_list import Source
from hitpoint.hosts.recut import pieces_of
from hitpoint.hosts.sheet_conform import ConformedSheet, conform_sheet
from hitpoint.hosts.sheet_reader import read_sheet
from hitpoint.timeline.timecode import label_at
from hitpoint.timeline.units import FrameRate

RATE = FrameRate.named("24")
HOUR = 3600 * 24


def conformed(recut: Recut) -> ConformedSheet:
    """The recut's sheet, through the text of both EDLs."""
    old, new = (
        edl_of(shots, recut.start, recut.rate, title) for shots, title in ((recut.old, "v1"), (recut.new, "v2"))
    )
    return conform_sheet(
        Source("sheet", sheet_of(recut).encode()), Source("old", old.encode()), Source("new", new.encode())
    )


def check(recut: Recut, tmp_path) -> list[CueState]:
    """Compare every cue with what following each frame by hand gives."""
    truth = truth_of(recut)
    if all(one.state is CueState.CUT for one in truth):
        with pytest.raises(HostError, match="no frame of any cue"):
            conformed(recut)
        return [one.state for one in truth]
    found = conformed(recut)
    assert [cue.state for cue in found.cues] == [one.state for one in truth]
    path = tmp_path / "new.yaml"
    path.write_bytes(found.content)
    cues = {cue.number: cue for cue in read_sheet(path).cues}
    for number, (cue, one) in enumerate(zip(recut.cues, truth, strict=True), 1):
        report = found.cues[number - 1]
        gone = [f"hit {hit}" for hit, frame in zip(cue[2], one.hits, strict=True) if frame is None]
        assert [hit.name for hit in report.lost_hits] == gone
        if one.state is CueState.CUT:
            assert f"1m{number:02}" not in cues
            continue
        written = cues.pop(f"1m{number:02}")
        assert (written.start, written.end) == (one.start, one.end)
        frames = sorted(frame for frame in one.hits if frame is not None)
        assert [hit.frame for hit in written.hits] == frames
        assert [frame for curve in written.curves for frame, _ in curve.points] == frames
    assert not cues
    return [one.state for one in truth]


def test_random_recuts_are_conformed_as_their_frames_went(tmp_path):
    for seed in range(20):
        check(random_recut(seed), tmp_path)


@pytest.mark.slow
@pytest.mark.seeds(200, 100)
def test_two_hundred_random_recuts_are_conformed_as_their_frames_went(seeds, tmp_path):
    states = Counter(state for seed in seeds for state in check(random_recut(seed), tmp_path))
    assert set(states) == set(CueState)


@pytest.mark.seeds(30, 30)
def test_however_wildly_a_picture_is_cut_the_new_sheet_can_be_read_and_no_hit_leaves_its_cue(seeds, tmp_path):
    for seed in seeds:
        recut = random_recut(seed)
        recut.new = [shot for shot in recut.old if recut.random.random() < 0.8]
        recut.random.shuffle(recut.new)
        left = {id(frame) for shot in recut.new for frame in shot}
        frames = [frame for shot in recut.old for frame in shot]
        if not any(id(frame) in left for start, end, _ in recut.cues for frame in frames[start:end]):
            continue
        found = conformed(recut)
        path = tmp_path / "new.yaml"
        path.write_bytes(found.content)
        # The reader refuses cues that overlap and hits outside of theirs.
        assert len(read_sheet(path).cues) == sum(cue.state is not CueState.CUT for cue in found.cues)


def edl(*events: str, title: str = "v", mode: str = "NON-DROP FRAME") -> Source:
    """Events as "CLIP source length [speed]"; "BL 0 length" is black."""
    lines, place = [f"TITLE: {title}", f"FCM: {mode}"], HOUR
    for number, event in enumerate(events, 1):
        clip, source, length, *speed = event.split()
        first = int(source)
        span = f"{label_at(first, RATE)} {label_at(first + int(length), RATE)}"
        record = f"{label_at(place, RATE)} {label_at(place + int(length), RATE)}"
        lines.append(f"{number:03}  {'BL' if clip == 'BL' else 'AX'}       V     C        {span} {record}")
        lines += [f"M2   AX       {speed[0]}       {label_at(first, RATE)}"] if speed else []
        lines += [] if clip == "BL" else [f"* FROM CLIP NAME: {clip}"]
        place += int(length)
    return Source(f"{title}.edl", "\n".join(lines).encode())


def went(old: Source, new: Source, frame: int) -> int | None:
    """Where a frame went, both from the hour."""
    pieces = pieces_of(read_cuts(old, RATE), read_cuts(new, RATE), 24 * HOUR)
    return next((piece.at(HOUR + frame) - HOUR for piece in pieces if piece.old <= HOUR + frame < piece.old_end), None)


def test_a_shot_that_plays_slower_shows_its_frames_later():
    old, new = edl("A 0 48", "B 0 48"), edl("A 0 96 012.0", "B 0 48")
    assert [went(old, new, frame) for frame in (0, 10, 47, 48)] == [0, 20, 94, 96]
    assert [went(new, old, frame) for frame in (0, 20, 94, 96)] == [0, 10, 47, 48]


def test_a_source_may_run_past_midnight_and_be_a_frame_off_where_a_program_rounds():
    event = b"001  AX  V  C  23:59:59:00 00:00:00:23 01:00:00:00 01:00:02:00\n"
    cut = read_cuts(Source("v.edl", event), RATE).cuts[0]
    assert (cut.source, cut.source_end) == (24 * HOUR - 24, 24 * HOUR + 24)


def test_a_freeze_goes_with_its_frame():
    old, new = edl("A 0 48", "B 7 24 000.0"), edl("B 7 12 000.0", "A 0 48")
    assert [went(old, new, frame) for frame in (47, 48, 59, 60)] == [59, 0, 11, None]


def test_a_shot_that_stands_twice_is_told_by_what_surrounds_it():
    old, new = edl("A 0 48", "X 0 24", "B 0 48", "X 0 24", "C 0 48"), edl("A 0 48", "B 0 48", "X 0 24", "C 0 48")
    assert went(old, new, 50) is None
    assert went(old, new, 122) == 98


def test_black_goes_with_the_shot_that_follows_and_a_leader_with_the_first():
    old, new = edl("A 0 48", "BL 0 24", "B 0 48"), edl("A 0 48", "N 0 10", "BL 0 24", "B 0 48")
    assert [went(old, new, frame) for frame in (-5, 50, 70, 120, 200)] == [-5, 60, 80, 130, 210]


def test_a_new_version_of_a_clip_shows_the_same_frames():
    old, new = edl("VFX_010_v03.mov 100 48"), edl("N 0 5", "VFX_010_v04.mov 90 60")
    assert went(old, new, 0) == 15


SHEET = """\
title: Reel
frame_rate: "24"
picture: cut 3
# by hand
cues:
  - {number: 1m01, start: "01:00:00:00", end: "01:00:02:00", prompt: calm, tempo_map: [{beat: 0, bpm: 100, meter: 4/4}],
     hits: [{at: "01:00:01:00", name: step, weight: 3}, {at: "01:00:02:00", name: out}]}
  - {number: 1m02, start: "01:00:02:00", prompt: tense, picture: cut 2}
"""


def conform_text(old: Source, new: Source, sheet: str = SHEET, picture: str = "") -> ConformedSheet:
    return conform_sheet(Source("reel.yaml", sheet.encode()), old, new, picture)


def test_a_cue_keeps_all_that_the_sheet_says_and_the_picture_that_it_was_written_to(tmp_path):
    found = conform_text(edl("A 0 48", "B 0 48"), edl("N 0 24", "A 0 48", "B 0 48", title="cut 4"))
    text = found.content.decode()
    assert 'picture: "cut 4"' in text
    assert text.count('picture: "cut 3"') == 1
    assert text.count('picture: "cut 2"') == 1
    assert '{at: "01:00:02:00", name: "step", weight: "3"}' in text
    assert '{at: "01:00:03:00", name: "out"}' in text
    assert [cue.state for cue in found.cues] == [CueState.MOVED, CueState.MOVED]
    assert found.remarks == ("reel.yaml: its comments are not carried over",)
    path = tmp_path / "new.yaml"
    path.write_bytes(found.content)
    assert [(cue.number, cue.end) for cue in read_sheet(path).cues] == [("1m01", HOUR + 72), ("1m02", None)]


def test_a_stretched_cue_says_what_was_made_for_its_old_timing():
    found = conform_text(edl("A 0 48", "B 0 48"), edl("A 0 24", "N 0 6", "A 24 24", "B 0 48"))
    assert found.cues[0].state is CueState.STRETCHED
    assert (found.cues[0].longer_frames, found.cues[0].replaced_frames) == (6, 0)
    assert found.cues[0].remarks == ("its tempo_map was made for the old timing",)


def test_a_shot_replaced_by_one_as_long_moves_nothing_but_its_hits_fall_out():
    found = conform_text(edl("A 0 20", "X 0 10", "B 0 66"), edl("A 0 20", "Y 0 10", "B 0 66"))
    assert (found.cues[0].state, found.cues[0].replaced_frames) == (CueState.UNCHANGED, 10)
    assert [(hit.name, hit.at) for hit in found.cues[0].lost_hits] == [("step", "01:00:01:00")]


def test_a_cue_never_reaches_over_picture_of_another():
    found = conform_text(edl("A 0 30", "B 0 18", "C 0 48"), edl("A 0 30", "C 0 48", "B 0 18"))
    assert found.cues[0].state is CueState.STRETCHED
    assert found.cues[0].longer_frames == -18
    assert found.cues[1].state is CueState.MOVED
    # It was on the first frame of C, and still is: where the cue now ends.
    assert '{at: "01:00:01:06", name: "out"}' in found.content.decode()


def test_a_cue_whose_picture_is_gone_is_cut_and_the_others_keep_their_numbers():
    found = conform_text(edl("A 0 48", "B 0 48"), edl("B 0 48"))
    assert [(cue.number, cue.state) for cue in found.cues] == [("1m01", CueState.CUT), ("1m02", CueState.MOVED)]
    assert "1m01" not in found.content.decode()
    assert [hit.name for hit in found.cues[0].lost_hits] == ["step", "out"]


def test_a_cue_outside_the_old_picture_is_pointed_at():
    found = conform_text(edl("A 0 20"), edl("A 0 20"))
    assert found.cues[0].remarks == ()
    assert "outside the old picture" in found.cues[1].remarks[0]


@pytest.mark.parametrize(
    ("old", "says"),
    [
        (edl("A 0 48", mode="DROP FRAME"), "v.edl has drop-frame labels, but the sheet is at 24"),
        (Source("v.edl", b"TITLE: x\n"), "v.edl has no events"),
        (Source("v.edl", bytes(range(256))), "v.edl line 2: it is not UTF-8"),
        (Source("v.edl", b"001  AX  V  C  00:00:00:00 00:00:01"), "v.edl line 1: the event is cut off"),
        (
            Source("v.edl", b"001  AX  V  C  00:00:00:00 00:00:02:00 00:00:00:00 00:00:02:00\n" * 2),
            "v.edl line 2: the event at 00:00:00:00 overlaps the one of line 1",
        ),
        (
            Source("v.edl", b"001  AX  V  C  00:00:00:00 00:00:02:24 00:00:00:00 00:00:02:00\n"),
            "v.edl line 1: '00:00:02:24' does not exist",
        ),
        (
            Source("v.edl", b"001  AX  V  C  00:00:00:00 00:00:02:00 00:00:00:00 00:00:03:00\n"),
            "v.edl line 1: 48 frames of source stand for 72 frames of picture",
        ),
        (
            Source(
                "v.edl",
                b"001  001  V  C  00:00:00:00 00:00:00:01 00:00:00:00 00:00:00:01\n |C:ResolveColorBlue |M:x |D:1\n",
            ),
            "v.edl is a list of markers, not of cuts",
        ),
    ],
)
def test_an_edl_that_cannot_be_followed_is_refused_by_file_and_line(old, says):
    with pytest.raises(HostError) as caught:
        conform_text(old, edl("A 0 48"))
    assert says in str(caught.value)


def test_a_broken_sheet_is_refused_with_its_line():
    with pytest.raises(HostError, match=r"reel\.yaml: line 6: end '01:00:02:24'"):
        conform_text(edl("A 0 48"), edl("A 0 48"), SHEET.replace('end: "01:00:02:00"', 'end: "01:00:02:24"'))
