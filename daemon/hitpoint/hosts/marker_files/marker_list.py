"""A list of markers, as every format's reader gives it and every writer takes it: frames, never seconds."""

from dataclasses import dataclass
from fractions import Fraction

from hitpoint.errors import HostError
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

MARKER = "marker"
REGION = "region"
CUE = "cue"
HIT = "hit"
KINDS = (MARKER, REGION, CUE, HIT, "chapter", "segmentation", "web link", "flash cue point")
"""What a marker may be; the last four are Premiere's."""


@dataclass(frozen=True, slots=True)
class ListedMarker:
    """One line of a list."""

    frame: int
    """From 00:00:00:00."""
    name: str = ""
    """Any script, perhaps empty."""
    duration: int = 0
    """Frames; 0 is a point."""
    colour: str = ""
    """A name of `colours`, "#rrggbb", or empty."""
    note: str = ""
    kind: str = MARKER
    """One of KINDS."""
    detail: str = ""
    """What only a sheet holds, as YAML in one line: a hit's weight, a cue's curves."""


@dataclass(frozen=True, slots=True)
class MarkerList:
    """A whole list."""

    markers: tuple[ListedMarker, ...]
    """In time order; at one frame in the order of the file."""
    frame_rate: FrameRate
    title: str = ""
    remarks: tuple[str, ...] = ()
    """What the reader had to decide or leave aside, in words for a person."""
    detail: str = ""
    """What only a sheet holds of a whole list, as YAML in one line: its picture."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is read."""

    name: str
    """For messages."""
    content: bytes

    def wrong(self, line: int, text: str) -> HostError:
        """An error that names file and line."""
        return HostError(f"{self.name} line {line}: {text}")

    def frame_at(self, line: int, label: str, rate: FrameRate) -> int:
        """The frame a label names, whatever signs stand between its numbers. Raises HostError with file and line."""
        written = label.strip()
        if len(written) > 8 and written[2:3] in ";." and written[5:6] == written[2:3]:
            # Premiere writes drop-frame as 00;11;23;01.
            written = f"{written[:2]}:{written[3:5]}:{written[6:]}"
        try:
            return frame_at(written, rate)
        except HostError as error:
            raise self.wrong(line, str(error)) from error

    def rate(self, stated: FrameRate | None, given: FrameRate | None) -> FrameRate:
        """The rate of the list. Raises HostError where the file and the person disagree, or where nobody says it."""
        if stated is None and given is None:
            raise HostError(
                f"{self.name} does not state its frame rate. Give it with --frame-rate: 23.976, 24, 25, 29.97, "
                "29.97df or 30."
            )
        if stated is not None and given is not None and stated != given:
            raise HostError(
                f"{self.name} is at {stated.name} frames a second, but --frame-rate says {given.name}. Leave the "
                "option out, or export the list again at the right rate."
            )
        rate = stated or given
        assert rate is not None
        return rate

    def rate_of_labels(self, drop_frame: bool | None, given: FrameRate | None) -> FrameRate:
        """As `rate`, where the file says only whether its labels drop frames; None where it does not even say that."""
        if drop_frame:
            return self.rate(FrameRate.named("29.97df"), given)
        if drop_frame is False and given is not None and given.drop_frame:
            raise HostError(
                f"{self.name} has non-drop labels, but --frame-rate says {given.name}. Give the rate it was made at."
            )
        return self.rate(None, given)


def in_order(markers: list[ListedMarker]) -> tuple[ListedMarker, ...]:
    """By frame; what stands at one frame stays as it was."""
    return tuple(sorted(markers, key=lambda marker: marker.frame))


def nearest_frame(seconds: Fraction, rate: FrameRate) -> tuple[int, bool]:
    """The frame nearest to a time, and whether the time was on it to a millisecond."""
    exact = seconds * rate.frames_per_second
    frame = int(exact + Fraction(1, 2))
    return frame, abs(frame / rate.frames_per_second - seconds) <= Fraction(1, 1000)


def full_hour(markers: tuple[ListedMarker, ...], rate: FrameRate) -> int:
    """The frame of the full hour in which the first marker lies: where sessions begin."""
    return frame_at(f"{label_at(markers[0].frame, rate)[:2]}:00:00:00", rate) if markers else 0
