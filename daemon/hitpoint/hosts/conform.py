"""A sheet's cues and hits in a new cut of the picture.

A cue is the frames from its start to its end, or to the next cue where it has none. It becomes what the new picture
kept of them: from the first to the last, with whatever was cut in between; but a cue never reaches over picture that
belongs to another one. A hit goes with its frame. Numbers never change.

    unchanged   begins, runs and ends as it did
    moved       all of it begins earlier or later
    stretched   its timing inside has changed: something came in, went out or changed places
    cut         nothing of it is left
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from hitpoint.config.document import Items, Table, Text, Written
from hitpoint.hosts.recut import Piece, heaviest_chain


class CueState(Enum):
    """What became of a cue."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    STRETCHED = "stretched"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Span:
    """A cue's frames before the recut."""

    start: int
    stop: int
    """The frame after its last: where the next cue starts, where the sheet gives no end."""
    hits: tuple[int, ...]
    """Frames; `stop` itself may be one."""
    points: tuple[int, ...] = ()
    """Frames that its curves go through; some may lie outside."""


@dataclass(frozen=True, slots=True)
class Conformed:
    """A cue's frames after it."""

    state: CueState
    start: int = 0
    stop: int = 0
    hits: tuple[int | None, ...] = ()
    """One a hit, None for one that fell out."""
    points: tuple[int | None, ...] = ()
    """Likewise; those outside stay as far from the cue as they were."""
    replaced: int = 0
    """How many frames of its picture are not in it any more."""


def conform(spans: Sequence[Span], pieces: Sequence[Piece]) -> tuple[Conformed, ...]:
    """What became of each cue. `pieces` is what the new picture kept, each frame in one at most."""
    parts = [[part for piece in pieces if (part := piece.within(span.start, span.stop))] for span in spans]
    return tuple(
        _conformed(span, own, [part for other in parts if other is not own for part in other], pieces)
        for span, own in zip(spans, parts, strict=True)
    )


def _conformed(span: Span, own: list[Piece], foreign: list[Piece], pieces: Sequence[Piece]) -> Conformed:
    if not own:
        gone = (None,) * len(span.hits), (None,) * len(span.points)
        return Conformed(CueState.CUT, hits=gone[0], points=gone[1], replaced=span.stop - span.start)
    outside = [(0, span.start), (span.stop, max(piece.old_end for piece in pieces))]
    others = [part for piece in pieces for bounds in outside if (part := piece.within(*bounds)) is not None]
    start, stop = _reach(own, foreign, others)
    inside = [part for part in own if start <= part.new and part.new_end <= stop]
    shifts = {part.new - part.old for part in inside if part.scale == 1}
    kept = sum(part.old_end - part.old for part in inside)
    whole = len(shifts) == 1 and all(part.scale == 1 for part in inside)
    if not whole or (start - span.start, stop - span.stop) != (next(iter(shifts)),) * 2:
        state = CueState.STRETCHED
    else:
        state = CueState.UNCHANGED if start == span.start else CueState.MOVED

    def went(frame: int) -> int | None:
        if not span.start <= frame <= span.stop:
            return frame + (start - span.start if frame < span.start else stop - span.stop)
        return _hit(frame, span, inside, stop, pieces)

    hits, points = tuple(map(went, span.hits)), tuple(map(went, span.points))
    return Conformed(state, start, stop, hits, points, span.stop - span.start - kept)


def _reach(own: list[Piece], foreign: list[Piece], others: list[Piece]) -> tuple[int, int]:
    """From where to where a cue reaches in the new picture.

    foreign: picture of other cues; others: all old picture but the cue's own.
    """
    runs: list[list[Piece]] = [[]]
    for part in heaviest_chain(own):
        if runs[-1] and _between(runs[-1][-1].new_end, part.new, foreign):
            runs.append([])
        runs[-1].append(part)
    run = max(runs, key=_frames)
    start, stop = run[0].new, run[-1].new_end
    while True:
        # What changed places inside the cue has at most new picture between itself and what did not.
        beside = [
            part
            for part in own
            if (part.new_end <= start and not _between(part.new_end, start, others))
            or (part.new >= stop and not _between(stop, part.new, others))
        ]
        if not beside:
            return start, stop
        start, stop = min(start, *(part.new for part in beside)), max(stop, *(part.new_end for part in beside))


def _between(start: int, end: int, foreign: Iterable[Piece]) -> bool:
    return any(part.new < end and part.new_end > start for part in foreign)


def _frames(run: Iterable[Piece]) -> int:
    return sum(part.old_end - part.old for part in run)


def _hit(frame: int, span: Span, inside: list[Piece], stop: int, pieces: Sequence[Piece]) -> int | None:
    for part in inside:
        if part.old <= frame < part.old_end:
            return part.at(frame)
    if frame == span.stop and any(part.old_end == frame and part.new_end == stop for part in inside):
        # A hit on the very end goes with the last frame before it.
        return stop
    if frame == span.stop:
        return next((stop for piece in pieces if piece.old <= frame < piece.old_end and piece.at(frame) == stop), None)
    return None


def rewritten(table: Table, changes: dict[str, Written | None]) -> Table:
    """A table with some keys changed, or left out where None; new ones come last."""
    entries = {key: changes.get(key, value) for key, value in table.entries.items()}
    entries |= {key: value for key, value in changes.items() if key not in entries}
    return Table({key: value for key, value in entries.items() if value is not None}, table.line)


def text_in(table: Table, key: str) -> str:
    """The text of a key; empty without it."""
    written = table.entries.get(key)
    return written.text.strip() if isinstance(written, Text) else ""


def tables_in(table: Table, key: str) -> tuple[Table, ...]:
    """The tables of a list; none without it."""
    written = table.entries.get(key)
    items = written.items if isinstance(written, Items) else ()
    return tuple(item for item in items if isinstance(item, Table))
