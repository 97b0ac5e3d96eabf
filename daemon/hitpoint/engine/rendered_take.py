"""A rendered cue as a take: its score as the file has it, what wrote it, and what the model's index says of it."""

import platform
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from hitpoint import __version__
from hitpoint.engine.render import FILE_KINDS, LONGEST_TITLE, file_kind
from hitpoint.engine.take import NewTake, Origin, TakeMusic
from hitpoint.originality.catalogue import score_lines
from hitpoint.originality.index_file import INDEX, read_index
from hitpoint.originality.verdict import compare
from hitpoint.planner.plan import plan_bar
from hitpoint.score.midi_score import KeyChange, MidiPart, MidiScore
from hitpoint.score.session import Session
from hitpoint.score.whole_file import write_asked
from hitpoint.timeline.timeline import Timeline

RUNTIME = "onnxruntime"
"""The package that runs the model. Named, not imported: a take's facts need no model."""


def rendered_take(
    session: Session,
    parts: Sequence[MidiPart],
    bars: int,
    prompt: str,
    bundle: Path,
    controllers: Sequence[int],
    cue: str = "",
    picture: str = "",
    title: str | None = None,
    timeline: Timeline | None = None,
    guidance: float = 0.0,
) -> NewTake:
    """What `engine.render.render` wrote, as a take; its file has the bytes that `engine.render.write` gives.

    prompt: as typed, or the sheet's. bundle: the model's folder. cue, picture: the sheet's, where there is one.
    title: of the file; the prompt where it is None. timeline: of the file, where its markers have other names than what
    the bars were planned from. guidance: of the model, where it had some.
    Raises ConfigError where the bundle's index can't be read.
    """
    first = plan_bar(session, 0)
    key = first.controls.key if first is not None else None
    keys = () if key is None else (KeyChange(0, key),)
    score = MidiScore(
        session.timeline if timeline is None else timeline,
        tuple(parts),
        (prompt if title is None else title)[:LONGEST_TITLE],
        keys,
    )
    music = TakeMusic(score, session, bars, tuple(controllers))
    asked = {"guidance": guidance} if guidance else {}
    return NewTake(music, prompt, origin_of(bundle), cue, picture, asked=asked, verdict=verdict_on(score, bundle))


def write_take(path: Path, score: MidiScore, force: bool = True) -> None:
    """Write a take whole, as the ending says: .mid, .rpp or .dawproject; the same bytes each time.

    force: whether another file that is there is replaced. Raises ConfigError for an unknown ending, ScoreError when it
    can't be written.
    """
    content = FILE_KINDS[file_kind(path)](str(path), score.parts, score.timeline, score.title, score.keys)
    write_asked([(path, content)], force)


def origin_of(bundle: Path) -> Origin:
    """What writes with the model in that folder, here."""
    model = bundle / "model.onnx"
    digest = sha256(model.read_bytes()).hexdigest() if model.is_file() else ""
    try:
        runtime = f"{RUNTIME} {version(RUNTIME)}"
    except PackageNotFoundError:
        runtime = RUNTIME
    return Origin(bundle.name, digest, f"{runtime}, {platform.system()} {platform.machine()}", __version__)


def verdict_on(score: MidiScore, bundle: Path) -> Mapping[str, Any] | None:
    """What the model's own index says of a score; None where the bundle came without one.

    Raises ConfigError for an index that can't be read. Blocks: about a second for 100,000 notes.
    """
    path = bundle / INDEX
    if not path.is_file():
        return None
    index = read_index(path)
    report = compare(index, [line for _, line in score_lines(score)])
    return {"verdict": report.verdict.value, "longest_run_notes": report.longest, "index": index.id}
