"""What became of the cues of a reel: one JSON object for scripts, a table for people."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hitpoint.errors import HitpointError
from hitpoint.timeline.timecode import label_at

if TYPE_CHECKING:
    # They bring the model runtime, and only their names are needed here.
    from hitpoint.engine.job_crew import Outcome
    from hitpoint.engine.reel import CueTake
    from hitpoint.engine.reel_hits import MetHit
    from hitpoint.engine.reel_job import CueJob
    from hitpoint.engine.take import NewTake

_ONE_FRAME, _TWO_FRAMES = 1.0, 2.0
"""Within these a hit is met, or near. Source: Netflix's quality control grades music at one frame off, and at two."""

Keep = Callable[[Sequence[tuple[str, bytes]]], tuple[Path, ...]]
"""Puts the files of a cue where they belong, and says where that is. Raises HitpointError."""

Remember = Callable[["NewTake"], str]
"""Remembers a take, and says under which id. Raises HitpointError."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A cue that is on disk."""

    take: "CueTake"
    files: tuple[Path, ...]
    id: str | None
    """Under which the take is remembered; None where it is not."""


class ReelReport:
    """What became of each cue."""

    def __init__(self, sheet: Path, jobs: Sequence["CueJob"]) -> None:
        self._sheet, self._jobs = sheet, jobs
        self._written: dict[int, _Written] = {}
        self.failed: dict[int, str] = {}
        """Why, by the place of the job."""
        self.not_kept: dict[int, str] = {}
        """Why the take of a cue that is on disk is not remembered, likewise."""
        self.left_over: tuple[Path, ...] = ()
        """Stems that an earlier render left beside those of now."""
        self._again: list[tuple[int, str]] = []

    @property
    def written(self) -> int:
        """How many cues are on disk."""
        return len(self._written)

    @property
    def files(self) -> list[tuple[Path, ...]]:
        """Of each cue that is on disk, its own before its stems."""
        return [written.files for written in self._written.values()]

    def take(self, outcome: "Outcome[CueTake]", keep: Keep, remember: Remember) -> None:
        """Take in what came of a job: put its files where they belong, and remember its take."""
        if outcome.answer is None:
            self.failed[outcome.place] = outcome.error
            return
        try:
            files = keep(outcome.answer.files)
        except HitpointError as error:
            self.failed[outcome.place] = str(error)
            return
        take, name = outcome.answer.remembered, None
        try:
            name = None if take is None else remember(take)
        except HitpointError as error:
            self.not_kept[outcome.place] = str(error)
        self._written[outcome.place] = _Written(outcome.answer, files, name)

    def again(self, place: int, how: str) -> None:
        """The process of a job died; it is tried again."""
        self._again.append((place, how))

    def tell(self, as_json: bool) -> None:
        """Print it: on stdout what was written, on stderr a line for each cue that was not, or only at second try."""
        print(json.dumps(self._as_json(), ensure_ascii=False) if as_json else "\n".join(self._lines()))
        for place, how in self._again:
            print(
                f"hitpoint: cue {self._jobs[place].called}: its process died ({how}); it was tried again",
                file=sys.stderr,
            )
        for place, error in sorted((*self.failed.items(), *self.not_kept.items())):
            job = self._jobs[place]
            print(f"hitpoint: {self._sheet} line {job.cue.line}, cue {job.called}: {error}", file=sys.stderr)

    def _as_json(self) -> dict[str, object]:
        return {
            "cues": [self._cue(place, self._written[place]) for place in sorted(self._written)],
            "failed": self._errors(self.failed),
            "not_kept": self._errors(self.not_kept),
            "left_over": [str(path) for path in self.left_over],
            "tried_again": [
                {"number": self._jobs[place].cue.number, "died": how} for place, how in sorted(self._again)
            ],
        }

    def _errors(self, errors: Mapping[int, str]) -> list[dict[str, str]]:
        cues = ((self._jobs[place].cue, error) for place, error in sorted(errors.items()))
        return [{"number": cue.number, "title": cue.title, "error": error} for cue, error in cues]

    def _cue(self, place: int, written: _Written) -> dict[str, object]:
        job, take = self._jobs[place], written.take
        return {
            "number": job.cue.number,
            "title": job.cue.title,
            "start": label_at(job.cue.start, job.rate),
            "file": str(written.files[0]),
            "stems": [str(path) for path in written.files[1:]],
            "take": written.id,
            "bars": take.bars,
            "parts": take.parts,
            "notes": take.notes,
            "tempo": take.tempo,
            "motif": take.motif,
            "hits": [
                {
                    "name": hit.name,
                    "at": label_at(hit.frame, job.rate),
                    "frame": hit.frame,
                    "stop": hit.stop,
                    "frames_off": hit.frames_off,
                }
                for hit in take.hits
            ],
            "unknown": list(take.unknown),
            "flags": list(take.flags),
        }

    def _lines(self) -> Iterator[str]:
        if self._written:
            width = max(len(written.files[0].name) for written in self._written.values())
            yield f"{'file':{width}}  bars   notes  tempo   hits met  furthest off  take"
        for place in sorted(self._written):
            written = self._written[place]
            take = written.take
            met = f"{sum(hit.is_within(_ONE_FRAME) for hit in take.hits)}/{len(take.hits)}" if take.hits else "–"
            yield (
                f"{written.files[0].name:{width}}  {take.bars:4}  {take.notes:6}  {take.tempo:6}  {met:>8}"
                f"  {_furthest(take.hits):>12}  {written.id or ''}".rstrip()
            )
        for place in sorted(self._written):
            take, called = self._written[place].take, self._jobs[place].called
            for hit in take.hits:
                if not hit.is_within(_ONE_FRAME):
                    yield f"{called}: hit {hit.name!r} is {_off(hit)}"
            if take.motif:
                yield f"{called}: motif {take.motif}"
            if take.unknown:
                yield f"{called}: not understood: {', '.join(take.unknown)}"
            yield from (f"{called}: {flag}" for flag in take.flags)
        for path in self.left_over:
            yield f"{path.name} is of an earlier render, and nobody plays it now: leave it out, or remove it"
        hits = [hit for written in self._written.values() for hit in written.take.hits]
        unkept = f", {len(self.not_kept)} of them not kept as takes" if self.not_kept else ""
        of = f"{len(self._written)} of {len(self._jobs)} cues written{unkept}"
        near, within = sum(hit.is_within(_TWO_FRAMES) for hit in hits), sum(hit.is_within(_ONE_FRAME) for hit in hits)
        yield f"{of}; {within} of {len(hits)} hits within a frame, {near} within two" if hits else of


def _off(hit: "MetHit") -> str:
    return "not met: no accent in the cue" if hit.frames_off is None else f"{hit.frames_off:+.2f} frames off"


def _furthest(hits: Sequence["MetHit"]) -> str:
    off = [hit.frames_off for hit in hits if hit.frames_off is not None]
    return f"{max(off, key=abs):+.3f} frames" if off else "–"
