"""Lists as other programs write them, and what is wrong with broken ones."""

import codecs
from contextlib import suppress

import pytest

from hitpoint.errors import ConfigError, HostError
from hitpoint.hosts.marker_files.conversion import converted, read_list
from hitpoint.hosts.marker_files.formats import FORMATS, format_named, format_of_ending, format_of_file
from hitpoint.hosts.marker_files.marker_list import CUE, HIT, REGION, ListedMarker, MarkerList, Source
from hitpoint.hosts.sheet_reader import read_sheet
from hitpoint.timeline.units import FrameRate

RESOLVE = """TITLE: ( no title )

001  001      V     C        01:00:18:06 01:00:18:07 01:00:18:06 01:00:18:07  \n\
Poil noir à gauche |C:ResolveColorYellow |M:Marker 1 |D:1

002  001      V     C        01:00:20:20 01:00:20:21 01:00:20:20 01:00:20:21  \n\
 |C:ResolveColorGreen |M:door slams |D:48
"""
AVID = """TITLE: GT3001
FCM: NON-DROP FRAME
* LOC: 01:01:07:21 red   VFX - Fade In.
* LOC: 01:01:27:09 GREEN  VFX - RESPEED
* LOC: 01:01:28:00 Door slams

001  Bars   V     C        00:58:00:00 00:58:30:00 00:58:00:00 00:58:30:00
"""
PREMIERE = (
    "Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\n"
    'Test\tSome "note\t00;11;23;01\t00;11;24;25\t00;00;01;24\tChapter\n'
)
REAPER = '#,Name,Start,End,Length,Color\nM1,hit,0:12.480,,,FF0000\nR1,"1m01, calm",1:00.000,1:30.000,0:30.000,\n'
PRO_TOOLS = (
    "SESSION NAME:\tReel 1\nSAMPLE RATE:\t48000.000000\nBIT DEPTH:\t24-bit\nSESSION START TIMECODE:\t00:59:55:00\n"
    "TIMECODE FORMAT:\t23.976 Frame\n\n\nM A R K E R S  L I S T I N G\n"
    "#   \tLOCATION     \tTIME REFERENCE    \tUNITS    \tNAME                             \tTRACK NAME   "
    "\tTRACK TYPE   \tCOMMENTS\n"
    "1   \t01:00:00:00  \t240240            \tSamples  \tdoor                             \tMarkers      "
    "\tRuler        \tlate\n"
)


def read(content: str | bytes, rate: str | None = None, name: str = "list") -> MarkerList:
    """The list, its format told by content."""
    source = Source(name, content.encode() if isinstance(content, str) else content)
    return read_list(source, format_of_file(source), FrameRate.named(rate) if rate else None)


def test_resolves_own_list_is_read():
    found = read(RESOLVE, "24")
    assert found.markers == (
        ListedMarker((60 * 60 + 18) * 24 + 6, "Marker 1", 0, "yellow", "Poil noir à gauche"),
        ListedMarker((60 * 60 + 20) * 24 + 20, "door slams", 48, "green"),
    )


def test_a_note_that_looks_like_an_event_is_a_note():
    found = read(RESOLVE.replace("Poil noir à gauche", "001  AX V C FCM: DROP FRAME"), "24")
    assert found.markers[0].note == "001  AX V C FCM: DROP FRAME"


def test_avids_locators_are_read_and_a_word_that_is_no_colour_belongs_to_the_name():
    found = read(AVID, "23.976")
    assert [(one.name, one.colour) for one in found.markers] == [
        ("VFX - Fade In.", "red"),
        ("VFX - RESPEED", "green"),
        ("Door slams", ""),
    ]


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF16_LE + PREMIERE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + PREMIERE.encode("utf-16-be"),
        PREMIERE.encode("utf-16-le"),
        codecs.BOM_UTF8 + PREMIERE.encode(),
        PREMIERE.replace("\n", "\r\n").encode(),
        PREMIERE.replace('Some "note', '"Some ""note"').replace("\t", ",").encode(),
    ],
)
def test_premieres_list_is_read_in_any_encoding_and_its_semicolons_state_the_rate(content):
    found = read(content)
    assert found.frame_rate.name == "29.97df"
    assert found.markers == (ListedMarker(20_471, "Test", 54, note='Some "note', kind="chapter"),)


def test_reapers_list_is_read_in_minutes_and_in_timecode():
    found = read(REAPER, "25")
    assert found.markers == (ListedMarker(312, "hit", 0, "red"), ListedMarker(1500, "1m01, calm", 750, kind=REGION))
    assert read("#,Name,Start\nM1,x,01:00:00:00\n", "25").markers[0].frame == 90_000
    assert read("#,Name,Start\nM1,x,12.48\n", "25").markers[0].frame == 312
    assert read("#,Name,Start\nM1,x,12.5\n", "24").remarks == ()
    assert "lie between frames" in read("#,Name,Start\nM1,x,12.48\n", "24").remarks[0]


def test_pro_tools_session_text_states_its_rate():
    found = read(PRO_TOOLS)
    assert (found.title, found.frame_rate.name) == ("Reel 1", "23.976")
    assert found.markers == (ListedMarker(86_400, "door", note="late"),)


@pytest.mark.parametrize(
    ("sub_frames", "frame", "beside"), [(".00", 86_400, 0), (".49", 86_400, 1), (".50", 86_401, 1)]
)
def test_a_pro_tools_marker_between_frames_goes_to_the_nearest_and_that_is_told(sub_frames, frame, beside):
    found = read(PRO_TOOLS.replace("01:00:00:00  ", f"01:00:00:00{sub_frames}"))
    assert [one.frame for one in found.markers] == [frame]
    assert found.remarks == ("1 of its markers lie between frames and were moved to the nearest",) * beside


def test_a_list_becomes_a_sheet_of_cues_and_their_hits(tmp_path):
    rate = FrameRate.named("25")
    markers = (
        ListedMarker(100, "slate"),
        ListedMarker(250, "1m01 calm, strings, 96 bpm", 0),
        ListedMarker(300, "door", colour="red"),
        ListedMarker(500, "END"),
        ListedMarker(510, "stray"),
        ListedMarker(750, "Chase", 250, kind=REGION),
        ListedMarker(800, "crash"),
        ListedMarker(900, "1m03"),
    )
    new = converted(MarkerList(markers, rate), format_named("sheet"))
    path = tmp_path / "reel.yaml"
    path.write_bytes(new.content)
    cues = read_sheet(path).cues
    assert [(cue.number, cue.title, cue.start, cue.end, [hit.frame for hit in cue.hits]) for cue in cues] == [
        ("", "markers", 100, None, [100]),
        ("1m01", "calm, strings, 96 bpm", 250, 500, [300]),
        ("", "markers", 510, None, [510]),
        ("", "Chase", 750, None, [800]),
        ("1m03", "", 900, None, []),
    ]
    assert cues[1].prompt == "calm, strings, 96 bpm"
    assert [loss.what for loss in new.losses] == ["colour", "duration"]
    assert "END at 00:00:20:00 is the end of 1m01" in new.markers.remarks[0]


def test_a_sheet_written_by_hand_is_read_as_cues_and_hits():
    text = """frame_rate: 24
cues:
  - {number: 1m01, title: Door, start: "01:00:00:00", end: "01:00:10:00", prompt: calm, motif: a,
     hits: [{at: "01:00:05:00", name: slams, weight: 2}]}
"""
    hour = 3600 * 24
    assert read(text).markers == (
        ListedMarker(hour, "1m01 Door", 240, note="calm", kind=CUE, detail='{motif: "a"}'),
        ListedMarker(hour + 120, "slams", kind=HIT, detail='{weight: "2"}'),
    )


@pytest.mark.parametrize(
    ("content", "rate", "says"),
    [
        ("", "24", "empty"),
        (b"\x00\x01\x02\xff" * 400, "24", "line 1"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "24", "line"),
        ("just words", "24", "in no format"),
        (RESOLVE.encode() + b"\xff\xfe\xfd", "24", "line 8: it is not UTF-8"),
        (RESOLVE[: RESOLVE.index("|M:door")], "24", "line 7"),
        (RESOLVE[: RESOLVE.index(" |C:ResolveColorGreen")], "24", "line 6: the event has no marker"),
        (RESOLVE[: RESOLVE.index("01:00:20:21")], "24", "line 6: the event is cut off"),
        (RESOLVE.replace("01:00:20:20", "01:00:20:30"), "24", "line 6: '01:00:20:30' does not exist"),
        (RESOLVE.replace("01:00:18:06", "01:01:00;00"), None, "line 3: '01:01:00;00' is one of the labels"),
        (RESOLVE.replace("01:00:18:06", "01:00:18;06"), "25", "is at 29.97df"),
        (f"FCM: DROP FRAME\nFCM: NON-DROP FRAME\n{RESOLVE}", None, "line 2: the frame code mode changes"),
        (RESOLVE, None, "--frame-rate"),
        (AVID.replace("01:01:27:09", "01:01:27"), "24", "line 4"),
        (AVID.replace("01:01:27:09", "01:01:27;09"), "24", "line 4: 01:01:27;09 is a drop-frame label among"),
        (AVID + "* LOC:\n", "24", "line 8: the locator is cut off"),
        ("\n".join(AVID.split("\n")[6:]), "24", "in no format"),
        (PREMIERE + "x\ty\n", None, "line 3: the row is cut off"),
        (PREMIERE + "x\ty\t00:00:01:00\t00:00:01:00\t00:00:00:00\t\n", None, "line 3: drop-frame and non-drop"),
        (PREMIERE.replace("00;11;23;01", "00;11;00;01"), None, "line 2: '00:11:00;01'"),
        (PREMIERE.replace(";", ":").replace("00:11:24:25", "00:11:20:00"), "30", "line 2: the marker ends"),
        (REAPER.replace("0:12.480", "5.1.00"), "24", "line 2: time '5.1.00' is in bars"),
        (REAPER.replace("0:12.480", "48000"), "24", "line 2: time '48000' is in no unit"),
        (REAPER.replace("FF0000", "red"), "24", "line 2: colour 'red'"),
        (REAPER + "R2,cut\n", "24", "line 4: the row is cut off"),
        (REAPER + "R2,cut,1:00.0\n", "24", "line 4: the row is cut off"),
        (PRO_TOOLS.replace("23.976 Frame", "60 Frame"), None, "line 5: timecode format"),
        (PRO_TOOLS.replace("01:00:00:00  ", "2|1|000      "), None, "line 10: location '2|1|000'"),
        (PRO_TOOLS[: PRO_TOOLS.index("\tdoor")], None, "line 10: the marker is cut off"),
        (PRO_TOOLS[: PRO_TOOLS.index("M A R")], None, "no markers listing"),
        (PRO_TOOLS, "25", "is at 23.976"),
        (b"MThd\0\0\0\x06\0\x01\0\x01\x03\xc0", "24", "ends too soon"),
        (b"MThd\0\0\0\x06\0\x01\0\0\0\0", "24", "0 ticks to a quarter note"),
        (b"MThd\0\0\0\x06\0\x01\0\0\xe7\x28", "24", "SMPTE"),
        ("frame_rate: 24\ncues:\n - {start: 1}\n", None, "line 3: start '1' is not a timecode"),
        ("frame_rate: 24\ncues: [\n", None, "line 3"),
    ],
)
def test_a_broken_list_is_refused_by_file_and_line(content, rate, says):
    with pytest.raises(HostError) as caught:
        read(content, rate)
    assert says in str(caught.value)
    assert str(caught.value).startswith("list")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("known", [known for known in FORMATS if known.name != "otio"], ids=lambda known: known.name)
def test_a_file_cut_anywhere_is_read_or_refused_but_never_breaks(known):
    markers = MarkerList(
        (ListedMarker(90_000, "1m01 静か", 100, "red", "note", REGION), ListedMarker(90_050, "door")),
        FrameRate.named("25"),
    )
    content = converted(markers, known).content
    for length in range(len(content)):
        # Anything but a HostError surfaces.
        with suppress(HostError):
            found = read_list(Source("cut", content[:length]), known, FrameRate.named("25"))
            assert {one.frame for one in found.markers} <= {90_000, 90_050}


@pytest.mark.parametrize("known", [known for known in FORMATS if known.name != "otio"], ids=lambda known: known.name)
def test_a_file_is_told_by_its_ending_where_its_names_look_like_other_formats(known):
    names = ["x |C:ResolveColorBlue |M:y |D:1", "|D:1", "cues: 1", "* LOC: 01:00:00:00 RED x", '"OTIO_SCHEMA"', "MThd"]
    names.append("M A R K E R S  L I S T I N G")
    markers = [ListedMarker(90_000 + place, name, 1, "red") for place, name in enumerate(names)]
    content = converted(MarkerList(tuple(markers), FrameRate.named("25")), known).content
    assert format_of_file(Source(f"list{known.endings[0]}", content)) is known


def test_a_list_with_the_ending_of_another_format_is_told_by_its_content():
    assert format_of_file(Source("list.txt", RESOLVE.encode())).name == "resolve"
    assert format_of_file(Source("list.yaml", REAPER.encode())).name == "reaper"
    premiere = PREMIERE + "* LOC: 01:00:00:00 RED x\t\t00;11;23;01\t00;11;24;25\t00;00;01;24\tChapter\n"
    assert format_of_file(Source("list.premiere", premiere.encode())).name == "premiere"


def test_a_new_files_format_is_known_by_its_ending():
    assert [format_of_ending(f"x{end}").name for end in (".edl", ".csv", ".tsv", ".txt", ".MID", ".yml", ".otio")] == [
        "resolve", "reaper", "premiere", "protools", "midi", "sheet", "otio",
    ]  # fmt: skip
    with pytest.raises(ConfigError, match="--to"):
        format_of_ending("x.doc")
    with pytest.raises(ConfigError, match="fcpxml"):
        format_named("fcpxml")


def test_a_midi_file_of_another_program_is_read_at_its_own_tempo():
    # 480 a quarter note, 100 bpm from the start, 60 bpm from the second bar; markers at bars 2 and 3; no offset.
    track = (
        b"\x00\xff\x51\x03\x09\x27\xc0" + b"\x8f\x00\xff\x06\x04door" + b"\x00\xff\x51\x03\x0f\x42\x40"
        + b"\x8f\x00\xff\x07\x05crash" + b"\x00\xff\x2f\x00"
    )  # fmt: skip
    head = b"MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk" + len(track).to_bytes(4, "big")
    found = read(head + track, "25")
    assert [(one.frame, one.name) for one in found.markers] == [(60, "door"), (160, "crash")]
    assert "no start timecode" in found.remarks[0]
