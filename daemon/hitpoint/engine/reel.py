"""One cue of a reel, from a sheet to the contents of its files. All that it needs is in the job, so that it can be done
in any process, on any machine that has the same model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from hitpoint import __version__
from hitpoint.config.places import bundle_folder, fields_read
from hitpoint.engine.composer import Composer
from hitpoint.engine.cue_score import CueScore, cue_score
from hitpoint.engine.motif import restate, theme_of
from hitpoint.engine.pages import Pages
from hitpoint.engine.reel_hits import MetHit, met_hits
from hitpoint.engine.reel_job import CueJob, model_digest
from hitpoint.engine.render import content, parts_on, write_pages
from hitpoint.engine.rendered_take import rendered_take
from hitpoint.engine.take import NewTake
from hitpoint.errors import ModelError
from hitpoint.hosts.sheet import SheetCue
from hitpoint.planner.plan import plan_bar
from hitpoint.score.controls import Key
from hitpoint.score.direction import parse
from hitpoint.score.file_name import safe_name
from hitpoint.score.midi_score import MidiPart
from hitpoint.timeline.timecode import label_at

Progress = Callable[[float], None]
"""Told how much of the cue is done, 0 to 1."""

STEM_BETWEEN = " - "
"""In a stem's file name, between those of the cue and of the part."""


@dataclass(frozen=True, slots=True)
class CueTake:
    """A cue that was written, not yet on disk."""

    files: tuple[tuple[str, bytes], ...]
    """Name and content: the cue's first, then a file a part where stems were asked for."""
    bars: int
    """Those in which its last chord rings, too: as many as its take has."""
    parts: int
    notes: int
    tempo: str
    """Where its tempo and metre come from: sheet, solved or prompt."""
    hits: tuple[MetHit, ...]
    motif: str
    """What became of its motif, for a person; empty where it has none."""
    unknown: tuple[str, ...]
    """Words of its prompt that were not understood."""
    flags: tuple[str, ...]
    """What a reader should know about its prompt and its curves."""
    remembered: NewTake | None = None
    """What is kept of it; None where nothing is to be."""


def write_cue(job: CueJob, progress: Progress) -> CueTake:
    """Write one cue. The same job gives the same take. Blocks for it all.

    Raises HitpointError for what the sheet asks and can't be had, ModelError where this machine's model or version
    would give another take.
    """
    return cue_take(job, composer_for(job), progress)


def composer_for(job: CueJob) -> Composer:
    """What writes the job; kept from one job to the next. Raises ModelError."""
    return _composer(job.bundle, job.model, job.version, job.guidance)


@lru_cache(maxsize=1)
def _composer(bundle: str, model: str, version: str, guidance: float) -> Composer:
    folder = bundle_folder(bundle)
    if version != __version__:
        raise ModelError(
            f"this worker has Hitpoint {__version__}, the reel is rendered with {version}. Install the same on both."
        )
    if model_digest(folder) != model:
        raise ModelError(f"{folder} holds another model on this worker. Install the same bundle on all machines.")
    return Composer.load(folder, guidance)


def cue_take(job: CueJob, composer: Composer, progress: Progress) -> CueTake:
    """The same with a composer at hand."""
    source = None
    if job.source is not None:
        source = _score(job, job.source, job.source_following, None)
    first = None if source is None else plan_bar(source.session, 0)
    key = None if first is None else first.controls.key
    score = _score(job, job.cue, job.following, key)
    pages = Pages()
    motif = "" if source is None else _restated(job, source, score, composer, pages)
    if not motif and job.cue.motif:
        motif = f"{job.cue.motif}: begins here"

    def told(done: int, of: int) -> None:
        progress(done / of)

    write_pages(score.session, composer, score.whole_bars, pages, told)
    parts = parts_on(score.session, pages, score.whole_bars, job.controllers, job.articulations)
    direction = parse(job.cue.prompt)
    return CueTake(
        tuple(_files(job, score, parts)),
        score.whole_bars,
        len(parts),
        sum(len(part.notes) for part in parts),
        score.tempo,
        met_hits(job.cue, job.rate, score, parts),
        motif,
        direction.unknown,
        (*direction.flags, *_curves_outside(job)),
        _remembered(job, score, parts),
    )


def _score(job: CueJob, cue: SheetCue, following: int | None, key: Key | None) -> CueScore:
    """A cue ready to be written by the job's model."""
    score = cue_score(cue, job.rate, following, job.seed, key)
    return replace(score, session=replace(score.session, model_reads=fields_read(job.bundle)))


def _remembered(job: CueJob, score: CueScore, parts: Sequence[MidiPart]) -> NewTake | None:
    if job.picture is None:
        return None
    return rendered_take(
        score.session, parts, score.whole_bars, job.cue.prompt, bundle_folder(job.bundle), job.controllers,
        job.cue.number, job.picture, _file_title(job), score.timeline, job.guidance,
    )  # fmt: skip


def _restated(job: CueJob, source: CueScore, score: CueScore, composer: Composer, pages: Pages) -> str:
    """Puts the motif onto the pages. What came of it, for a person."""
    assert job.source is not None  # it is what `source` was made of
    name, first = job.cue.motif, job.source.number or job.source.title
    theirs = Pages()
    bars = source.motif_bars
    write_pages(source.session, composer, bars, theirs, lambda *_: None)
    theme = theme_of(source.session, theirs, bars)
    if theme is None:
        return f"{name}: {first} has no line before its first hit, so nothing came back but its key"
    back = restate(theme, score.session, pages)
    if back is None:
        return f"{name}: nobody can play it before the first hit, so nothing came back but its key"
    part, count = back
    return f"{name}: {theme.part} of {first} on {part}, {count} {'bar' if count == 1 else 'bars'}"


def _files(job: CueJob, score: CueScore, parts: Sequence[MidiPart]) -> list[tuple[str, bytes]]:
    title = _file_title(job)

    def made(name: str, own: Sequence[MidiPart], title: str) -> tuple[str, bytes]:
        path = Path(f"{name}{job.kind}")
        return str(path), content(path, score.session, score.timeline, own, title)

    files = [made(job.name, parts, title)]
    if job.stems:
        # One part is on the channel that it has in the cue's own file.
        files += [
            made(f"{job.name}{STEM_BETWEEN}{safe_name(part.name)}", [part], f"{title} - {part.name}") for part in parts
        ]
    return files


def _curves_outside(job: CueJob) -> Iterator[str]:
    """A sentence for each curve with points outside of the cue: they may be meant, or a slip of the keyboard."""
    for curve in job.cue.curves:
        outside = [frame for frame, _ in curve.points if not job.cue.start <= frame <= (job.cue.end or frame)]
        if outside:
            yield f"curve {curve.name} has a point at {label_at(outside[0], job.rate)}, outside of the cue"


def _file_title(job: CueJob) -> str:
    return " ".join(word for word in (job.cue.number, job.cue.title) if word) or job.cue.prompt
