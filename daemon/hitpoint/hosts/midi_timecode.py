"""MIDI time code's bytes as plain events: where the master is at each quarter frame, and where it has gone.

Eight quarter frames spell a label and take two frames, so the label is old when it is whole: it was right at the first
of them. Here the position told is the one at the quarter frame itself. Pieces may be lost, doubled or change places; a
label that is whole puts the count right. No I/O: stamps are put on by whoever read the bytes.
Source: MIDI 1.0, MIDI Time Code (MMA0001, RP004 and RP008).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from hitpoint.timeline.units import FrameRate

PIECES = 8
"""Quarter frames in a label; four a frame."""
_PER_FRAME = 4
_QUARTER_FRAME, _SYSEX, _SYSEX_END = 0xF1, 0xF0, 0xF7
_FIRST_STATUS, _FIRST_REAL_TIME = 0x80, 0xF8
_FULL_FRAME_LENGTH = 8
"""Bytes of it between F0 and F7: 7F, device, 01 01, and four of the label."""
_FARTHEST_AHEAD = 3
"""Pieces from one to the next when two are lost. With more, one that comes from behind looks the same."""
_DROPPED = 2
"""Labels that drop-frame leaves out in a minute. Source: SMPTE ST 12-1."""


@dataclass(frozen=True, slots=True)
class Labels:
    """A way to count: one of the four that time code knows."""

    code: int
    """As sent, 0 to 3."""
    per_second: int
    """Labels in a labelled second."""
    dropping: bool = False
    """True when two are left out a minute."""

    @property
    def a_day(self) -> int:
        """Frames in 24 labelled hours."""
        return self.frame(24, 0, 0, 0)

    def frame(self, hours: int, minutes: int, seconds: int, frames: int) -> int:
        """The frame of a label, counted from 00:00:00:00. One that drop-frame leaves out is the next that it has."""
        number = ((hours * 60 + minutes) * 60 + seconds) * self.per_second + frames
        if not self.dropping:
            return number
        whole = hours * 60 + minutes
        if minutes % 10 and seconds == 0 and frames < _DROPPED:
            number += _DROPPED - frames
        return number - _DROPPED * (whole - whole // 10)

    def frame_rate(self, picture: FrameRate) -> FrameRate:
        """How fast it runs. 23.976 and 29.97 without drop are sent as 24 and 30: the picture's own rate tells."""
        slow = {0: "23.976", 3: "29.97"}.get(self.code)
        return picture if picture.name == slow else FrameRate.named(_NAMES[self.code])


LABELS = (Labels(0, 24), Labels(1, 25), Labels(2, 30, dropping=True), Labels(3, 30))
"""By their codes."""
_NAMES = ("24", "25", "29.97df", "30")


@dataclass(frozen=True, slots=True)
class QuarterFrame:
    """One has come."""

    quarters: int | None = None
    """Where the master is, in quarter frames from 00:00:00:00 at speed 1; None while that is not known."""
    labels: Labels | None = None
    """How it counts; None with the place."""
    anew: bool = False
    """True when a label has just been read that was not expected: the seven before it are quarter frames of it, too."""
    backwards: bool = False
    """True when the master runs backwards, so that it is nowhere for music."""


@dataclass(frozen=True, slots=True)
class FullFrame:
    """The master stands, or goes on, at another place."""

    quarters: int
    """In quarter frames from 00:00:00:00."""
    labels: Labels


TimecodeMessage = QuarterFrame | FullFrame


class TimecodeReader:
    """Bytes in, time code out; everything else passes unheard. Messages may be cut anywhere between calls."""

    def __init__(self) -> None:
        self._status = 0
        self._sysex: list[int] = []
        self._pieces = _Pieces()

    def restart(self) -> None:
        """Nothing came for a while: the count cannot be trusted any more."""
        self._pieces = _Pieces()

    def read(self, data: Iterable[int]) -> Iterator[TimecodeMessage]:
        """The messages that are complete with these bytes, in order."""
        for byte in data:
            message = None if byte >= _FIRST_REAL_TIME else self._take(byte)
            if message is not None:
                yield message

    def _take(self, byte: int) -> TimecodeMessage | None:
        if byte >= _FIRST_STATUS:
            whole = self._status == _SYSEX and byte == _SYSEX_END
            self._status = byte
            full = full_frame(self._sysex) if whole else None
            self._sysex = []
            if full is not None:
                self.restart()
            return full
        if self._status == _SYSEX and len(self._sysex) <= _FULL_FRAME_LENGTH:
            self._sysex.append(byte)
        elif self._status == _QUARTER_FRAME:
            self._status = 0
            return self._pieces.take(byte >> 4, byte & 0x0F)
        return None


def full_frame(sysex: list[int]) -> FullFrame | None:
    """What is between F0 and F7 as a full frame; None when it is something else, or a label that there is not."""
    if len(sysex) != _FULL_FRAME_LENGTH or sysex[0] != 0x7F or sysex[2:4] != [1, 1]:
        return None
    labels, frame = _read(*sysex[4:])
    return None if frame is None else FullFrame(_PER_FRAME * frame, labels)


def _read(hours_and_rate: int, minutes: int, seconds: int, frames: int) -> tuple[Labels, int | None]:
    """How is counted, and the frame; None for a label that there is not."""
    labels, hours = LABELS[hours_and_rate >> 5 & 3], hours_and_rate & 31
    if hours > 23 or minutes > 59 or seconds > 59 or frames >= labels.per_second:
        return labels, None
    return labels, labels.frame(hours, minutes, seconds, frames)


class _Pieces:
    """Quarter frames as they come, counted on from the last whole label."""

    def __init__(self) -> None:
        self._nibbles: list[int] = []
        """Of the label that is being read, from piece 0 on without a break."""
        self._head: int | None = None
        """The piece that is farthest on."""
        self._last: int | None = None
        self._behind = 0
        """How many in a row have come that lie behind the head."""
        self._quarters: int | None = None
        self._labels = LABELS[0]

    def take(self, piece: int, nibble: int) -> QuarterFrame:
        """A piece, 0 to 7, and its four bits."""
        back = self._last is not None and (piece - self._last) % PIECES == PIECES - 1
        self._last = piece
        whole = self._reads_label(piece, nibble)
        ahead = (piece - self._head) % PIECES if self._head is not None else 1
        if whole or (0 < ahead <= _FARTHEST_AHEAD and self._behind < 2):
            return self._go_on(piece, ahead, whole)
        if ahead == 0:
            # Doubled; or eight are lost, which the next label tells.
            return QuarterFrame(backwards=back)
        if ahead <= _FARTHEST_AHEAD and not back:
            # After steps back it goes forward again; from where, the next label tells.
            self._behind, self._head = 0, piece
            return QuarterFrame()
        # One from behind has changed places; two are the way back.
        self._behind += 1
        if self._behind > 1:
            self._quarters = None
        return QuarterFrame(backwards=self._behind > 1 and back)

    def _reads_label(self, piece: int, nibble: int) -> bool:
        """True when a label is whole with this piece."""
        if piece == 0:
            self._nibbles = [nibble]
        elif self._nibbles and len(self._nibbles) == piece:
            self._nibbles.append(nibble)
        else:
            self._nibbles = []
        return len(self._nibbles) == PIECES

    def _go_on(self, piece: int, ahead: int, whole: bool) -> QuarterFrame:
        self._behind, self._head = 0, piece
        if self._quarters is not None:
            self._quarters = (self._quarters + ahead) % (_PER_FRAME * self._labels.a_day)
        anew = whole and self._put_right(self._nibbles)
        return QuarterFrame() if self._quarters is None else QuarterFrame(self._quarters, self._labels, anew)

    def _put_right(self, nibbles: list[int]) -> bool:
        """True when the label is not the one that was expected."""
        low, high = nibbles[0::2], nibbles[1::2]
        frames, seconds, minutes, hours = (one | other << 4 for one, other in zip(low, high, strict=True))
        labels, frame = _read(hours, minutes, seconds, frames)
        if frame is None:
            return False
        quarters = (_PER_FRAME * frame + PIECES - 1) % (_PER_FRAME * labels.a_day)
        expected = (self._quarters, self._labels) == (quarters, labels)
        self._quarters, self._labels = quarters, labels
        return not expected


@dataclass(frozen=True, slots=True)
class TimecodeStart:
    """Where the project begins in time code."""

    label: str = "01:00:00:00"
    """HH:MM:SS:FF. Where the master counts fewer frames a second, its last one; one that drop-frame leaves out, the
    next."""
    picture: FrameRate = FrameRate("24", Fraction(24))  # noqa: RUF009 - a frozen value
    """Tells 23.976 from 24, and 29.97 from 30, which time code does not."""

    def seconds(self, quarters: int, labels: Labels) -> float:
        """Seconds of the project's timeline, negative before it begins; within twelve hours of it either way."""
        hours, minutes, seconds, frames = (int(word) for word in self.label.replace(";", ":").split(":"))
        start = _PER_FRAME * labels.frame(hours, minutes, seconds, min(frames, labels.per_second - 1))
        day = _PER_FRAME * labels.a_day
        since = (quarters - start + day // 2) % day - day // 2
        return float(since / (_PER_FRAME * labels.frame_rate(self.picture).frames_per_second))
