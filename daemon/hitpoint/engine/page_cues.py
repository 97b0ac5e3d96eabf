"""The cues that the page may have takes made of: those of the sheet that the daemon was started with, else those of the
timeline as the host tells it now."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from hitpoint.engine.cue_alone import cue_alone
from hitpoint.engine.cue_text import CueText
from hitpoint.engine.reel_job import called
from hitpoint.errors import HitpointError
from hitpoint.hosts.sheet_reader import read_sheet
from hitpoint.page.take_cue import CueList, CueToMake
from hitpoint.score.control_curve import ControlCurve
from hitpoint.score.cue import Cue
from hitpoint.score.spotting import spot
from hitpoint.timeline.timeline import Timeline

_NO_CUE = (
    "There is no cue to make takes of. Put a marker or a region with words into your DAW, such as "
    "`1m01 calm, strings, D minor`, or start with a sheet: `hitpoint run --map SHEET.yaml`."
)
_KEPT_SECTIONS = ("timeline", "direction", "curves")


@dataclass(frozen=True)
class _Seen:
    """What the host's timeline was when it was last told."""

    timeline: Timeline = field(default_factory=Timeline)
    direction: str = ""
    curves: tuple[ControlCurve, ...] = ()


class PageCues:
    """sheet: the one that the daemon's map is; None where it is none. Process: page; `all` on any thread."""

    def __init__(self, sheet: Path | None = None) -> None:
        self._sheet = sheet
        self._seen = _Seen()
        self._answer: tuple[int | None, _Seen, CueList] | None = None

    def heard(self, sections: Mapping[str, Any]) -> None:
        """Take in what control tells."""
        changed = {name: sections[name] for name in _KEPT_SECTIONS if name in sections}
        if changed:
            self._seen = replace(self._seen, **changed)

    def all(self) -> CueList:
        """All cues, in time order. Blocks for the sheet's file. Raises nothing: what is wrong is in the answer."""
        seen = self._seen
        try:
            stamp = None if self._sheet is None else self._sheet.stat().st_mtime_ns
        except OSError as error:
            return CueList(none=f"{self._sheet} cannot be read: {error.strerror or error}.")
        answer = self._answer
        if answer is None or answer[0] != stamp or answer[1] is not seen:
            answer = self._answer = (stamp, seen, self._read(seen))
        return answer[2]

    def _read(self, seen: _Seen) -> CueList:
        places = spot(seen.timeline, seen.direction).cues
        try:
            if self._sheet is None:
                return CueList(_of_timeline(seen, places), "" if places else _NO_CUE)
            return CueList(_of_sheet(self._sheet, places))
        except HitpointError as error:
            return CueList(none=str(error))


def _of_timeline(seen: _Seen, cues: tuple[Cue, ...]) -> tuple[CueToMake, ...]:
    found: list[CueToMake] = []
    names: set[str] = set()
    for place, cue in enumerate(cues):
        after = cues[place + 1].start if place + 1 < len(cues) else None
        name = _distinct(cue.name, names)
        prompt = cue.hit_points[0].name or seen.direction
        alone = cue_alone(seen.timeline, seen.direction, seen.curves, cue, after)
        text = CueText.of(name, prompt, alone).as_bytes()
        until = cue.end if cue.end is not None else after
        found.append(CueToMake(name, _sign(text), ("--handed-over",), text, cue.start, until))
    return tuple(found)


def _of_sheet(path: Path, places: tuple[Cue, ...]) -> tuple[CueToMake, ...]:
    sheet = read_sheet(path)
    first: dict[str, int] = {}
    for place, cue in enumerate(sheet.cues):
        first.setdefault(cue.motif, place)
    on_timeline = {cue.name.lower(): (cue, after) for cue, after in zip(places, (*places[1:], None), strict=False)}
    found = []
    for place, cue in enumerate(sheet.cues):
        name = called(cue, sheet.frame_rate)
        source = sheet.cues[first[cue.motif]] if cue.motif else None
        following = sheet.cues[place + 1].start if place + 1 < len(sheet.cues) else None
        sign = _sign(repr((cue, following, source, sheet.frame_rate)).encode())
        here, after = on_timeline.get(name.lower(), (None, None))
        start = None if here is None else here.start
        until = None if here is None else here.end if here.end is not None or after is None else after.start
        # In one word each: a name may begin with a dash.
        found.append(CueToMake(name, sign, (f"--sheet={path}", f"--cue={name}"), b"", start, until))
    return tuple(found)


def _sign(content: bytes) -> str:
    return blake2b(content, digest_size=8).hexdigest()


def _distinct(name: str, names: set[str]) -> str:
    """The name, with a number where an earlier cue has it."""
    one, number = name, 1
    while one in names:
        number += 1
        one = f"{name} ({number})"
    names.add(one)
    return one
