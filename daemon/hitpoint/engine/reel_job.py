"""What is to be written of a reel: a job a cue, each with all that it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from hitpoint import __version__
from hitpoint.config.places import bundle_folder
from hitpoint.config.settings import Settings
from hitpoint.errors import ModelError
from hitpoint.hosts.sheet import Sheet, SheetCue
from hitpoint.score.articulation import ArticulationMap
from hitpoint.score.file_name import distinct_names
from hitpoint.timeline.timecode import label_at
from hitpoint.timeline.units import FrameRate

MODEL_FILE = "model.onnx"


@dataclass(frozen=True, slots=True)
class CueJob:
    """One cue to be written. A value: it is sent to other processes, and to other machines."""

    cue: SheetCue
    rate: FrameRate
    name: str
    """Of its file, without ending."""
    kind: str
    """Its file's ending: .mid, .rpp or .dawproject."""
    seed: int
    bundle: str
    """Name or folder of the model's bundle."""
    model: str
    """What the model's file digests to."""
    following: int | None = None
    """The frame on which the next cue starts; None for the last."""
    source: SheetCue | None = None
    """The first cue that names its motif; None where that is itself, or it has none."""
    source_following: int | None = None
    stems: bool = False
    controllers: tuple[int, ...] = ()
    articulations: ArticulationMap | None = None
    picture: str | None = None
    """The version of the picture, for the take that is remembered; None where none is."""
    guidance: float = 0.0
    version: str = __version__

    @property
    def called(self) -> str:
        """How people know the cue: its number, else its title, else its in-time."""
        return called(self.cue, self.rate)

    @property
    def frames(self) -> int:
        """How long it is, as far as the sheet says: what it costs to write goes with it."""
        return (self.cue.end or self.following or self.cue.start) - self.cue.start


def reel_jobs(
    sheet: Sheet,
    cues: Sequence[SheetCue],
    settings: Settings,
    seed: int,
    kind: str,
    stems: bool,
    remembered: bool = False,
) -> tuple[CueJob, ...]:
    """A job for each of `cues`, in the sheet's order; remembered: each comes with a take to keep.

    Raises ModelError where there is no such bundle.
    """
    names = distinct_names([_title(cue, sheet.frame_rate) for cue in sheet.cues])
    digest = model_digest(bundle_folder(settings.model.bundle))
    first: dict[str, int] = {}
    for place, cue in enumerate(sheet.cues):
        first.setdefault(cue.motif, place)
    jobs = []
    for place, cue in enumerate(sheet.cues):
        if cue not in cues:
            continue
        source = first[cue.motif] if cue.motif and first[cue.motif] != place else None
        jobs.append(
            CueJob(
                cue,
                sheet.frame_rate,
                names[place],
                kind,
                seed,
                settings.model.bundle,
                digest,
                _after(sheet, place),
                None if source is None else sheet.cues[source],
                None if source is None else _after(sheet, source),
                stems,
                tuple(settings.output.expression),
                settings.output.articulations,
                sheet.picture if remembered else None,
                settings.model.guidance,
            )
        )
    return tuple(jobs)


def called(cue: SheetCue, rate: FrameRate) -> str:
    """How people know a cue: by its number, else its title, else its in-time."""
    return cue.number or cue.title or label_at(cue.start, rate)


def model_digest(bundle: Path) -> str:
    """What the model in that folder digests to: 16 hex digits. Raises ModelError where it can't be read."""
    try:
        return blake2b((bundle / MODEL_FILE).read_bytes(), digest_size=8).hexdigest()
    except OSError as error:
        raise ModelError(f"{bundle / MODEL_FILE} cannot be read: {error.strerror or error}.") from error


def _title(cue: SheetCue, rate: FrameRate) -> str:
    return " ".join(word for word in (cue.number, cue.title) if word) or label_at(cue.start, rate)


def _after(sheet: Sheet, place: int) -> int | None:
    return sheet.cues[place + 1].start if place + 1 < len(sheet.cues) else None
