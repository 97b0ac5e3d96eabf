"""The cue sheet for performing-rights organisations: times exact, nothing made up."""

import csv
import io
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import ConfigError
from hitpoint.hosts.royalty_sheet import COLUMNS, GIVEN, clock_time, royalty_sheet
from hitpoint.hosts.sheet_reader import read_sheet_text
from hitpoint.timeline.timecode import label_at
from hitpoint.timeline.units import FrameRate

RATES = ("23.976", "24", "25", "29.97", "29.97df", "30")
SHEET = """title: The Door
frame_rate: "{rate}"
cues:
  - {{number: 1m01, title: "Main Title, \\"slow\\"", start: "{in_}", end: "{out}"}}
  - {{number: 1m02, start: "{next}"}}
"""


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", RATES)
@given(start=st.integers(0, 100_000), length=st.integers(1, 400_000))
def test_timings_are_the_frames_by_the_exact_rate(name, start, length):
    rate = FrameRate.named(name)
    text = SHEET.format(
        rate=name,
        in_=label_at(start, rate),
        out=label_at(start + length, rate),
        next=label_at(start + length + 1, rate),
    )
    made = royalty_sheet(read_sheet_text(text, Path("x.yaml")), {})
    table = rows(made.content)
    at = table.index(list(COLUMNS))
    first = dict(zip(COLUMNS, table[at + 1], strict=True))
    assert (first["cue"], first["title"], first["frames"]) == ("1m01", 'Main Title, "slow"', str(length))
    assert (first["in"], first["out"]) == (label_at(start, rate), label_at(start + length, rate))
    seconds = sum(int(piece) * 60**place for place, piece in enumerate(reversed(first["timing"].split(":"))))
    assert abs(seconds - Fraction(length) / rate.frames_per_second) <= Fraction(1, 2)
    assert dict(row for row in table[:at] if len(row) == 2)["total music length"] == first["timing"]


SMALL = read_sheet_text('frame_rate: "24"\ncues: [{number: 1m01, start: "01:00:00:00", end: "01:00:10:00"}]', Path("x"))


@pytest.mark.parametrize("share", ["100", "50%", "33.34 / 66.66", "12,5;87,5", "0", ""])
def test_shares_of_a_hundred_per_cent_are_written_as_given(share):
    assert share in royalty_sheet(SMALL, {"writer share": share}).content.decode("utf-8-sig")


@pytest.mark.parametrize("share", ["150", "60/60", "half", "-5", "50//50", "nan"])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ConfigError, match=f"publisher share {share!r} is no share of 100 per cent"):
        royalty_sheet(SMALL, {"publisher share": share})


def test_a_usage_that_societies_rarely_take_is_pointed_at():
    (remark,) = royalty_sheet(SMALL, {"usage": "XX"}).remarks
    assert remark.startswith("usage 'XX' is none of BI, BV, ")
    assert royalty_sheet(SMALL, {"usage": "bi"}).remarks == ()


def test_the_total_is_the_sum_of_frames_and_not_of_rounded_seconds():
    cues = "\n".join(
        f'  - {{number: 1m{n:02}, title: x, start: "01:00:{2 * n:02}:00", end: "01:00:{2 * n:02}:10"}}'
        for n in range(1, 25)
    )
    table = rows(royalty_sheet(read_sheet_text(f'frame_rate: "24"\ncues:\n{cues}', Path("x")), {}).content)
    assert ["total music length", "0:10"] in table
    assert {row[COLUMNS.index("timing")] for row in table[-24:]} == {"0:00"}


@pytest.mark.parametrize(
    ("frames", "rate", "said"),
    [
        (12, "24", "0:01"),
        (11, "24", "0:00"),
        (24 * 60 * 60 - 1, "24", "1:00:00"),
        (107_892, "29.97df", "1:00:00"),
        (86_400, "23.976", "1:00:04"),
    ],
)
def test_an_hour_of_labels_is_no_hour_of_time_where_the_rate_is_odd(frames, rate, said):
    assert clock_time(frames, FrameRate.named(rate)) == said


def test_what_the_sheet_lacks_is_empty_and_named():
    text = SHEET.format(rate="24", in_="01:00:00:00", out="01:00:10:00", next="01:00:11:00")
    made = royalty_sheet(read_sheet_text(text, Path("x.yaml")), {"writer": "Ada Klein", "usage": "BI"})
    table = rows(made.content)
    second = dict(zip(COLUMNS, table[-1], strict=True))
    assert second == {**dict.fromkeys(COLUMNS, ""), "sequence": "2", "cue": "1m02", "in": "01:00:11:00",
                      "usage": "BI", "writer": "Ada Klein"}  # fmt: skip
    assert ["title", "The Door"] in table
    assert ["air date", ""] in table
    empty = made.missing[0].removeprefix("left empty: ").split(", ")
    assert set(empty) == set(GIVEN) - {"title", "writer", "usage"}
    assert made.missing[1:] == ("1m02: the sheet has no title and no end; without an end it has no timing",)
