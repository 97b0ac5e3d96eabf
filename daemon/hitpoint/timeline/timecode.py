"""Timecode labels and the frames they name. A frame is an integer; drop-frame drops labels, never frames.

Source: SMPTE ST 12-1: labels 00 and 01 of each minute are left out, except in every tenth minute.
"""

import re

from hitpoint.errors import HostError
from hitpoint.timeline.units import FrameRate

_LABEL = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;.,])(\d{2})")
_DROPPED = 2
"""Labels left out in a minute."""


def frame_at(label: str, rate: FrameRate) -> int:
    """The frame called HH:MM:SS:FF, counted from 00:00:00:00. Drop-frame labels may have `;` before the frames.

    Raises HostError for a label that the rate does not have.
    """
    match = _LABEL.fullmatch(label.strip())
    if match is None:
        raise HostError(f"{label!r} is not a timecode. Write HH:MM:SS:FF.")
    hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
    nominal = _labels_per_second(rate)
    if hours > 23 or minutes > 59 or seconds > 59 or frames >= nominal:
        raise HostError(
            f"{label!r} does not exist at {rate.name} frames a second (hours to 23, frames to {nominal - 1})."
        )
    if match[4] == ";" and not rate.drop_frame:
        raise HostError(f"{label!r} is a drop-frame label, but the frame rate is {rate.name}. Write it with ':'.")
    number = ((hours * 60 + minutes) * 60 + seconds) * nominal + frames
    if not rate.drop_frame:
        return number
    if minutes % 10 and seconds == 0 and frames < _DROPPED:
        raise HostError(f"{label!r} is one of the labels that drop-frame leaves out. Take the frame after or before.")
    whole_minutes = hours * 60 + minutes
    return number - _DROPPED * (whole_minutes - whole_minutes // 10)


def label_at(frame: int, rate: FrameRate) -> str:
    """What a frame is called; frames from 0. Inverse of `frame_at` within a day."""
    nominal = _labels_per_second(rate)
    if rate.drop_frame:
        per_minute = 60 * nominal - _DROPPED
        tens, rest = divmod(frame, 10 * per_minute + _DROPPED)
        # The first minute of ten keeps all its labels; each later one lacks two.
        frame += _DROPPED * (9 * tens + max(0, rest - _DROPPED) // per_minute)
    seconds, frames = divmod(frame, nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{';' if rate.drop_frame else ':'}{frames:02}"


def _labels_per_second(rate: FrameRate) -> int:
    return round(rate.frames_per_second)
