"""A cue's curves in a new cut: a point by timecode goes with its frame; one whose frame is gone falls out, and is told.

What is drawn over bars stays as it is written: its bars are others where the cue was stretched.
"""

import re
from collections.abc import Iterator, Mapping

from hitpoint.config.document import Items, Table, Text, Written
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

_BY_BARS = re.compile(r"[\d.][\s,]+[\d.]|:")
"""A value a bar, or values at bars; a constant and a line fit any length."""


def point_frames(curves: Written | None, rate: FrameRate) -> tuple[int, ...]:
    """The frames at which curves have points, each once."""
    return tuple(sorted({frame_at(at.text, rate) for at in _places(curves)}))


def moved_curves(curves: Written, went: Mapping[int, int | None], rate: FrameRate) -> tuple[Written | None, list[str]]:
    """The curves with each point where its frame went, None where no curve is left; and what a person should know.

    went: where each of `point_frames` is now; None for one that is gone.
    """
    if not isinstance(curves, Table):
        return curves, []
    remarks: list[str] = []
    kept: dict[str, Written] = {}
    for name, curve in curves.entries.items():
        places = list(_places(curve))
        moved = _moved(curve, went, rate) if places else curve
        if moved is not None:
            kept[name] = moved
        remarks += [
            f"curve {name}: its point at {at.text} fell out" for at in places if went[frame_at(at.text, rate)] is None
        ]
    return (Table(kept, curves.line) if kept else None), remarks


def by_bars(curves: Written | None) -> Iterator[str]:
    """Names of the curves that have a value for each of some bars."""
    if isinstance(curves, Table):
        for name, curve in curves.entries.items():
            several = isinstance(curve, Items) and not any(_places(curve))
            if several or (isinstance(curve, Text) and _BY_BARS.search(curve.text)):
                yield name


def _places(written: Written | None) -> Iterator[Text]:
    if isinstance(written, Table):
        at = written.entries.get("at")
        if isinstance(at, Text):
            yield at
        for value in written.entries.values():
            yield from _places(value)
    elif isinstance(written, Items):
        for item in written.items:
            yield from _places(item)


def _moved(curve: Written, went: Mapping[int, int | None], rate: FrameRate) -> Written | None:
    points: dict[int, Table] = {}
    for point in curve.items if isinstance(curve, Items) else (curve,):
        at = next(_places(point))
        frame = went[frame_at(at.text, rate)]
        if frame is not None and isinstance(point, Table):
            # Of two that a faster shot brought onto one frame the later one holds.
            points[frame] = Table({**point.entries, "at": Text(label_at(frame, rate), at.line)}, point.line)
    return Items(tuple(points[frame] for frame in sorted(points)), curve.line) if points else None
