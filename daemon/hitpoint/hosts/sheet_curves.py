"""Reads a cue's `curves`: what is drawn over it, a control a key.

    curves:
      intensity: 0.7                                    the same in every bar
      valence: [-0.2, 0.1, 0.4]                         a value a bar; the last one holds
      arousal: 0.2>0.9                                  a line from the first bar to the last
      tension: [{at: "01:00:12:00", value: 0.1}, {at: "01:00:22:12", value: 0.8}]   values at moments, lines between

A bar has what the curve says at its bar line.
"""

from collections.abc import Callable
from itertools import pairwise

from hitpoint.config.document import Items, Table, Text, Written, did_you_mean
from hitpoint.config.readers import number
from hitpoint.errors import ConfigError, HostError
from hitpoint.hosts.sheet import CURVES, SheetCurve
from hitpoint.score.control_curve import read_curve
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.timeline.timecode import frame_at
from hitpoint.timeline.units import FrameRate

POINT_KEYS = ("at", "value")
_MOST_BARS = 100_000
"""A cue's bars are not known while a sheet is read: more than any has."""

Mistake = Callable[[Written, str], None]


def read_curves(written: Written, rate: FrameRate, mistake: Mistake) -> tuple[SheetCurve, ...]:
    """The curves, in the order of CURVES; those that can't be read are told to `mistake` with where and why."""
    if isinstance(written, Text) and not written.text:
        return ()
    if not isinstance(written, Table):
        mistake(written, f"curves must have a key a control: {', '.join(CURVES)}")
        return ()
    for key, value in written.entries.items():
        if key not in CURVES:
            mistake(value, f"{key!r} is no curve.{did_you_mean(key, list(CURVES))}")
    found = []
    for name in CURVES:
        if name in written.entries:
            try:
                found.append(_curve(name, written.entries[name], rate))
            except (ConfigError, HostError) as error:
                mistake(written.entries[name], f"curve {name} {error}")
    return tuple(found)


def _curve(name: str, written: Written, rate: FrameRate) -> SheetCurve:
    items = written.items if isinstance(written, Items) else (written,)
    tables = [item for item in items if isinstance(item, Table)]
    if tables and len(tables) == len(items):
        return SheetCurve(name, points=_points(name, tables, rate))
    words = [item.text.strip() for item in items if isinstance(item, Text)]
    if len(words) < len(items) or not all(words):
        raise ConfigError("must be a number, a list of one a bar, or of {at: TIMECODE, value: NUMBER}")
    text = ",".join(words)
    read_curve(name, text, _MOST_BARS)
    return SheetCurve(name, text)


def _points(name: str, tables: list[Table], rate: FrameRate) -> tuple[tuple[int, float], ...]:
    low, high = CONTROL_RANGES[name]
    read_value = number(low, high)
    points = []
    for table in tables:
        unknown = [key for key in table.entries if key not in POINT_KEYS]
        if unknown:
            raise ConfigError(f"has a point with {unknown[0]!r}. A point has {' and '.join(POINT_KEYS)}")
        at, value = table.entries.get("at"), table.entries.get("value")
        if not isinstance(at, Text) or value is None:
            raise ConfigError("has a point without a timecode `at` or a number `value`")
        try:
            points.append((frame_at(at.text, rate), read_value(value)))
        except ConfigError as error:
            raise ConfigError(f"value {error}") from error
    for (before, _), (after, _) in pairwise(points):
        if after <= before:
            raise ConfigError("has points out of order, or two at one frame. Write them in time order")
    return tuple(points)
