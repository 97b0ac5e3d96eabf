"""The cue sheet that performing-rights organisations are sent, as CSV: a block about the production, a row a cue.

What a spotting sheet does not say is left empty, never guessed. Times come from timecode: frames by the exact rate, so
that the total is the sum of the frames and not of rounded seconds.
Source: the fields of ASCAP's and BMI's cue sheets (RapidCue); which are needed differs from one society to another.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO

from hitpoint.errors import ConfigError
from hitpoint.hosts.sheet import Sheet, SheetCue
from hitpoint.timeline.timecode import label_at
from hitpoint.timeline.units import FrameRate

PRODUCTION = ("title", "series", "episode", "episode number", "air date", "show length", "company", "contact")
"""About the production; "total music length" is counted."""
RIGHTS = (
    "usage", "writer", "writer pro", "writer ipi", "writer share", "publisher", "publisher pro", "publisher ipi",
    "publisher share",
)  # fmt: skip
"""Of each cue: how it is used (BI, BV, VI, VV …), and who gets what share in per cent."""
COLUMNS = ("sequence", "cue", "title", "usage", "in", "out", "frames", "timing", *RIGHTS[1:])
GIVEN = (*PRODUCTION, *RIGHTS)
"""What a person may add to what the sheet says; rights then are those of every cue."""
SHARES = ("writer share", "publisher share")
USAGES = frozenset({"BI", "BV", "VI", "VV", "VS", "OT", "CT", "MT", "ET", "EE", "PD", "FI", "FV", "T", "L"})
"""Codes of usage that societies take; some have more. Source: FILM.md 1.8."""

_BETWEEN = re.compile(r"[/;&+]")
_SHARE = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*%?\s*")


@dataclass(frozen=True, slots=True)
class RoyaltySheet:
    """A cue sheet."""

    content: bytes
    """CSV in UTF-8 with a byte order mark, without which spreadsheets take it for another encoding."""
    missing: tuple[str, ...]
    """What is left empty, in words."""
    remarks: tuple[str, ...] = ()
    """What should be looked at, in words."""


def royalty_sheet(sheet: Sheet, given: Mapping[str, str]) -> RoyaltySheet:
    """The cue sheet of `sheet`. given: values for names of GIVEN. Raises ConfigError for shares that are none."""
    for name in SHARES:
        _check_shares(name, given.get(name, ""))
    said = {"title": sheet.title, **{name: value for name, value in given.items() if value}}
    frames = [None if cue.end is None else cue.end - cue.start for cue in sheet.cues]
    total = clock_time(sum(length for length in frames if length is not None), sheet.frame_rate)
    rows: list[Sequence[object]] = [(name, said.get(name, "")) for name in PRODUCTION]
    rows += [("total music length", total), ("frame rate", sheet.frame_rate.name), (), COLUMNS]
    rows += [_row(number, cue, sheet.frame_rate, said) for number, cue in enumerate(sheet.cues, 1)]
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    content = text.getvalue().encode("utf-8-sig", "replace")
    return RoyaltySheet(content, tuple(_missing(sheet, said)), tuple(_remarks(said)))


def clock_time(frames: int, rate: FrameRate) -> str:
    """How long so many frames last, as H:MM:SS or M:SS, to the nearest second; half a second is one more."""
    seconds = int(Fraction(frames) / rate.frames_per_second + Fraction(1, 2))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _row(number: int, cue: SheetCue, rate: FrameRate, said: Mapping[str, str]) -> Sequence[object]:
    length = None if cue.end is None else cue.end - cue.start
    return (
        number, cue.number, cue.title, said.get("usage", ""), label_at(cue.start, rate),
        "" if cue.end is None else label_at(cue.end, rate), "" if length is None else length,
        "" if length is None else clock_time(length, rate), *(said.get(name, "") for name in RIGHTS[1:]),
    )  # fmt: skip


def _check_shares(name: str, value: str) -> None:
    """One number of per cent, or several with a slash between. Raises ConfigError where they are none."""
    shares = [_SHARE.fullmatch(part) for part in _BETWEEN.split(value)] if value else []
    if not all(shares) or sum(Fraction(share[1].replace(",", ".")) for share in shares if share) > 100:
        raise ConfigError(
            f"{name} {value[:40]!r} is no share of 100 per cent. Write a number, or several with / between."
        )


def _remarks(said: Mapping[str, str]) -> Iterable[str]:
    usage = said.get("usage", "")
    if usage and usage.upper() not in USAGES:
        yield f"usage {usage!r} is none of {', '.join(sorted(USAGES))}: ask your society whether it takes it"


def _missing(sheet: Sheet, said: Mapping[str, str]) -> Iterable[str]:
    empty = [name for name in GIVEN if not said.get(name)]
    if empty:
        yield f"left empty: {', '.join(empty)}"
    for number, cue in enumerate(sheet.cues, 1):
        name = cue.number or cue.title or f"cue {number}"
        lacking = [what for what, there in (("title", cue.title), ("end", cue.end is not None)) if not there]
        if lacking:
            more = "; without an end it has no timing" if cue.end is None else ""
            yield f"{name}: the sheet has no {' and no '.join(lacking)}{more}"
