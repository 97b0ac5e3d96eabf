"""Where each frame of a picture went when it was cut anew, by the source frames that both versions show.

Pieces that kept their order are found first, as the heaviest chain; what is left was moved, and takes what is still
free, longest first. A shot that stands twice in a picture is so told by what surrounds it. A new version of a clip
("shot_v03" after "shot_v02") shows the same frames. Black has no source frames: it goes with the shot that follows it,
else with the one before, else
with black of the same length.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from hitpoint.hosts.cut_list import Cut, CutList

_VERSION = re.compile(
    r"[ _.\-]*\bv\d+\b|[_.\-]v(?:er)?\d+(?=[_.\-]|$)|\.(?:mov|mxf|mp4|exr|dpx|avi|r3d|braw)$", re.IGNORECASE
)
_ANY_REEL = frozenset({"AX", "UNKNOWN", "NONE"})
"""Reels that are none: files without a reel name."""
_SAME, _OTHER_VERSION = 1000, 999
"""Weight of a frame that shows the same clip, and of one that shows another version of it. Our choice."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive frames of the old picture that the new one shows one after the other."""

    old: int
    """First frame."""
    old_end: int
    """The frame after the last."""
    new: int
    """Where the first frame went."""
    scale: Fraction = Fraction(1)
    """New frames a frame of the old picture: not 1 where a shot's speed has changed."""
    weight: int = _SAME
    """Of a frame."""

    @property
    def new_end(self) -> int:
        """The frame after the last one's."""
        return self.at(self.old_end)

    def at(self, frame: int) -> int:
        """Where a frame went."""
        if self.scale == 1:
            return self.new + frame - self.old
        return self.new + int((frame - self.old) * self.scale + Fraction(1, 2))

    def within(self, old: int, old_end: int) -> "Piece | None":
        """What of it lies in a span of the old picture."""
        first, end = max(old, self.old), min(old_end, self.old_end)
        return Piece(first, end, self.at(first), self.scale, self.weight) if first < end else None


def pieces_of(old: CutList, new: CutList, length: int) -> tuple[Piece, ...]:
    """All that the new picture kept, in the old order; each frame of either is in one at most.

    length: frames that a picture may have; after the last cut it is black.
    """
    candidates = _candidates(old.cuts, new.cuts)
    kept = list(heaviest_chain(candidates))
    kept += _moved(candidates, kept)
    kept.sort(key=lambda piece: piece.old)
    kept += _black(old, new, kept, length)
    return tuple(sorted(kept, key=lambda piece: piece.old))


def heaviest_chain(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces that rise in both pictures and have the most frames together."""
    by_start = sorted(pieces, key=lambda piece: (piece.old, piece.new))
    by_end = sorted(range(len(by_start)), key=lambda index: by_start[index].old_end)
    places = sorted({piece.new_end for piece in by_start})
    best: list[tuple[int, int]] = [(0, -1)] * (len(places) + 1)
    """A Fenwick tree over new ends: weight of a chain that ends there, and its last piece."""
    total, before, done = [0] * len(by_start), [-1] * len(by_start), 0
    for index, piece in enumerate(by_start):
        while done < len(by_end) and by_start[by_end[done]].old_end <= piece.old:
            ended = by_end[done]
            node = bisect_left(places, by_start[ended].new_end) + 1
            while node <= len(places):
                best[node] = max(best[node], (total[ended], ended))
                node += node & -node
            done += 1
        node, weight = bisect_right(places, piece.new), (0, -1)
        while node:
            weight = max(weight, best[node])
            node -= node & -node
        before[index] = weight[1]
        total[index] = weight[0] + (piece.old_end - piece.old) * piece.weight
    chain: list[Piece] = []
    index = max(range(len(total)), key=total.__getitem__) if total else -1
    while index >= 0:
        chain.append(by_start[index])
        index = before[index]
    return tuple(reversed(chain))


def _candidates(old: Sequence[Cut], new: Sequence[Cut]) -> list[Piece]:
    by_source: defaultdict[tuple[str, str], list[Cut]] = defaultdict(list)
    for cut in new:
        by_source[_source(cut)].append(cut)
    found = (_common(one, other) for one in old for other in by_source[_source(one)])
    return [piece for piece in found if piece is not None]


def _source(cut: Cut) -> tuple[str, str]:
    """What two versions of a clip have in common."""
    reel, clip = (_VERSION.sub("", text).strip().lower() for text in (cut.reel, cut.clip))
    return ("" if cut.reel.upper() in _ANY_REEL else reel, clip)


def _common(one: Cut, other: Cut) -> Piece | None:
    weight = _SAME if (one.reel, one.clip) == (other.reel, other.clip) else _OTHER_VERSION
    if one.speed <= 0 or other.speed <= 0:
        if (one.speed, one.source) != (other.speed, other.source):
            return None
        return Piece(
            one.start, one.start + min(one.end - one.start, other.end - other.start), other.start, weight=weight
        )
    first, end = Fraction(max(one.source, other.source)), min(one.source_end, other.source_end)
    start, stop = (one.start + ceil((place - one.source) / one.speed) for place in (first, end))
    if start >= min(stop, one.end):
        return None
    shown = one.source + (start - one.start) * one.speed
    new = other.start + int((shown - other.source) / other.speed + Fraction(1, 2))
    return Piece(start, min(stop, one.end), new, one.speed / other.speed, weight)


def _moved(candidates: list[Piece], kept: Sequence[Piece]) -> list[Piece]:
    used_old = [(piece.old, piece.old_end) for piece in kept]
    used_new = [(piece.new, piece.new_end) for piece in kept]
    found: list[Piece] = []
    taken = set(kept)
    left = [piece for piece in candidates if piece not in taken]
    for piece in sorted(left, key=lambda piece: ((piece.old - piece.old_end) * piece.weight, piece.old, piece.new)):
        for old, old_end in _free(piece.old, piece.old_end, used_old):
            part = piece.within(old, old_end)
            if part is None:
                continue
            for new, new_end in _free(part.new, part.new_end, used_new):
                # Back from what is free in the new picture to the frames that it shows.
                first = part.old + ceil((new - part.new) / part.scale)
                end = part.old + ceil((new_end - part.new) / part.scale)
                rest = part.within(first, end)
                if rest is not None:
                    found.append(rest)
                    used_old.append((rest.old, rest.old_end))
                    used_new.append((rest.new, rest.new_end))
    return found


def _free(start: int, end: int, used: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of a span is in none of the used ones."""
    free, here = [], start
    for first, last in sorted(span for span in used if span[0] < end and span[1] > start):
        if first > here:
            free.append((here, first))
        here = max(here, last)
    return [*free, (here, end)] if here < end else free


def _black(old: CutList, new: CutList, kept: Sequence[Piece], length: int) -> list[Piece]:
    """Black of the old picture beside a shot that was kept, as far as the new one has black there too.

    What lies before and after the pictures goes with their first and last frame.
    """
    by_start = {cut.start: cut for cut in old.cuts}
    by_end = {cut.end: cut for cut in old.cuts}
    used = [(0, new.start), *((cut.start, cut.end) for cut in new.cuts), (new.end, length)]
    found: list[Piece] = []
    for start, end in _free(old.start, old.end, [(cut.start, cut.end) for cut in old.cuts]):
        # The shot beside may have lost its head or tail; what is left of it still has the black beside it.
        after = _part_of(by_start.get(end), kept)
        before = _part_of(by_end.get(start), kept)
        if after:
            place = after[0].new
            free = _free(max(0, place - (end - start)), place, used)
            if free and free[-1][1] == place:
                found.append(Piece(end - (place - free[-1][0]), end, free[-1][0]))
                used.append(free[-1])
                end = found[-1].old
        if before and start < end:
            place = before[-1].new_end
            free = _free(place, min(length, place + end - start), used)
            if free and free[0][0] == place:
                found.append(Piece(start, start + free[0][1] - place, place))
                used.append(free[0])
    found += _same_black(old, new, found)
    head, tail = min(old.start, new.start), length - max(old.end, new.end)
    outside = Piece(old.start - head, old.start, new.start - head), Piece(old.end, old.end + tail, new.end)
    return found + [piece for piece in outside if piece.old < piece.old_end]


def _same_black(old: CutList, new: CutList, found: Sequence[Piece]) -> tuple[Piece, ...]:
    """Black that lost both shots beside it, where there is as much in the new picture, in the same order."""
    old_used = [*((cut.start, cut.end) for cut in old.cuts), *((piece.old, piece.old_end) for piece in found)]
    new_used = [*((cut.start, cut.end) for cut in new.cuts), *((piece.new, piece.new_end) for piece in found)]
    free = _free(new.start, new.end, new_used)
    return heaviest_chain(
        Piece(start, end, place)
        for start, end in _free(old.start, old.end, old_used)
        for place, stop in free
        if stop - place == end - start
    )


def _part_of(cut: Cut | None, kept: Sequence[Piece]) -> list[Piece]:
    """What was kept of a shot."""
    return [piece for piece in kept if cut is not None and cut.start <= piece.old < cut.end]
