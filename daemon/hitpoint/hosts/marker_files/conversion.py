"""From one format to another. What was written is read back and compared, so that every loss is named, and no frame is
ever wrong: a file that would put a marker elsewhere is not written.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hitpoint.errors import HostError
from hitpoint.hosts.marker_files.formats import MarkerFormat
from hitpoint.hosts.marker_files.marker_list import CUE, HIT, MARKER, REGION, ListedMarker, MarkerList, Source
from hitpoint.hosts.marker_files.native_sheet import is_cue, with_ends
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

_NAMED = 3
"""How many markers a loss names; it counts the rest."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that the new file does not hold."""

    what: str
    """"colour", "note", "frame rate" …"""
    markers: int
    """How many markers have lost it; 0 for what is the whole list's."""
    words: str
    """A sentence for a person."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A new file, not yet on disk."""

    content: bytes
    markers: MarkerList
    """What the old one held."""
    losses: tuple[Loss, ...]


def read_list(source: Source, known: MarkerFormat, given: FrameRate | None) -> MarkerList:
    """The markers of a file. Raises HostError with file and line, also for a list without markers or past midnight."""
    found = known.read(source, given)
    if not found.markers:
        raise HostError(f"{source.name} holds no markers. Export it with markers.")
    day = 24 * frame_at("01:00:00:00", found.frame_rate)
    for marker in found.markers:
        if marker.frame + marker.duration >= day:
            raise HostError(
                f"{source.name}: {marker.name!r} at {label_at(marker.frame, found.frame_rate)} ends after midnight, "
                "where no timecode goes. Shorten it."
            )
    return found


def converted(markers: MarkerList, to: MarkerFormat) -> Conversion:
    """The list in another format. Raises HostError where that would move a marker."""
    asked = with_ends(markers) if to.name == "sheet" else markers
    content = to.write(asked)
    held = to.read(Source(to.words, content), asked.frame_rate)
    losses = [*_losses(asked.markers, held.markers, to, asked.frame_rate)]
    if asked.title and held.title != asked.title:
        losses.append(Loss("title", 0, f"{to.words} cannot hold the title {asked.title!r}"))
    if asked.detail and held.detail != asked.detail:
        losses.append(Loss("sheet", 0, f"{to.words} cannot hold the sheet's own {asked.detail}"))
    if not (to.holds_rate or asked.frame_rate.drop_frame):
        losses.append(Loss("frame rate", 0, f"{to.words} does not state its frame rate: {asked.frame_rate.name}"))
    return Conversion(content, asked, tuple(losses))


def _losses(
    asked: tuple[ListedMarker, ...], held: tuple[ListedMarker, ...], to: MarkerFormat, rate: FrameRate
) -> Iterator[Loss]:
    lost: defaultdict[str, list[ListedMarker]] = defaultdict(list)
    for before, after in _pairs(asked, held, to):
        if after is None:
            lost["marker"].append(before)
            continue
        for what in ("name", "duration", "colour", "note", "kind", "detail"):
            if getattr(_compared(before), what) != getattr(_compared(after), what):
                lost["a colour of its own" if what == "colour" and not before.colour else what].append(before)
    for what, markers in lost.items():
        named = ", ".join(f"{one.name or 'unnamed'} ({label_at(one.frame, rate)})" for one in markers[:_NAMED])
        more = f" and {len(markers) - _NAMED} more" if len(markers) > _NAMED else ""
        yield Loss(what, len(markers), f"{to.words} {_VERBS.get(what, f'cannot hold the {what} of')} {named}{more}")


_VERBS = {
    "marker": "cannot hold",
    "name": "holds another spelling of the name of",
    "a colour of its own": "must have a colour and gives one to",
    "colour": "cannot hold the very colour of",
    "detail": "cannot hold what the sheet says besides of",
}


def _compared(marker: ListedMarker) -> ListedMarker:
    """A plain moment is a hit in a sheet, a region is a cue there: no loss."""
    if is_cue(marker):
        return replace(marker, kind=CUE if marker.kind in (MARKER, REGION, HIT) else marker.kind)
    return replace(marker, kind=MARKER if marker.kind == HIT else marker.kind)


def _pairs(
    asked: tuple[ListedMarker, ...], held: tuple[ListedMarker, ...], to: MarkerFormat
) -> Iterator[tuple[ListedMarker, ListedMarker | None]]:
    """Each marker with what became of it, among those of its frame: itself, its name, or whatever is left."""
    there: defaultdict[int, list[ListedMarker]] = defaultdict(list)
    for marker in held:
        there[marker.frame].append(marker)
    moved = Counter(marker.frame for marker in held) - Counter(marker.frame for marker in asked)
    if moved:
        raise HostError(f"{to.words} would move a marker to frame {min(moved)}. Nothing was written; please report it.")
    left: list[ListedMarker] = []
    for marker in asked:
        if marker in there[marker.frame]:
            there[marker.frame].remove(marker)
            yield marker, marker
        else:
            left.append(marker)
    unnamed: list[ListedMarker] = []
    for marker in left:
        same = [one for one in there[marker.frame] if one.name == marker.name]
        if same:
            there[marker.frame].remove(same[0])
            yield marker, same[0]
        else:
            unnamed.append(marker)
    for marker in unnamed:
        yield marker, there[marker.frame].pop(0) if there[marker.frame] else None
