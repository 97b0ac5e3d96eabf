"""Takes made without a file: of a cue of a sheet, or of one that was cut out of a host's timeline."""

from collections.abc import Callable
from dataclasses import replace

from hitpoint.config.places import bundle_folder, fields_read
from hitpoint.config.settings import Settings
from hitpoint.engine.composer import Composer
from hitpoint.engine.cue_text import CueText
from hitpoint.engine.reel import write_cue
from hitpoint.engine.reel_job import CueJob, called, reel_jobs
from hitpoint.engine.render import render
from hitpoint.engine.rendered_take import rendered_take
from hitpoint.engine.take import NewTake
from hitpoint.errors import ConfigError
from hitpoint.hosts.sheet import Sheet, SheetCue
from hitpoint.planner.plan import RING_OUT_BARS

Progress = Callable[[float], None]


def take_of_text(text: CueText, settings: Settings, seed: int, progress: Progress) -> NewTake:
    """A take of it. The same seed gives the same one. Blocks for it all. Raises ModelError, ConfigError."""
    bundle = bundle_folder(settings.model.bundle)
    session = replace(text.music.session, seed=seed, model_reads=fields_read(settings.model.bundle))
    output, guidance, bars = settings.output, settings.model.guidance, text.music.bars + RING_OUT_BARS
    parts = render(
        session, Composer.load(bundle, guidance), bars, lambda done, of: progress(done / of), output.expression,
        output.articulations,
    )  # fmt: skip
    if not parts:
        raise ConfigError("nobody plays in it. Put players on its marker, such as `strings`.")
    title = text.prompt if text.prompt.startswith(text.cue) else f"{text.cue} {text.prompt}"
    return rendered_take(
        session, parts, bars, text.prompt, bundle, output.expression, text.cue, title=title,
        timeline=text.music.score.timeline, guidance=guidance,
    )  # fmt: skip


def sheet_jobs(sheet: Sheet, cues: list[SheetCue], settings: Settings, seed: int) -> tuple[CueJob, ...]:
    """What is to be written of a sheet. Raises ModelError where there is no such bundle."""
    return reel_jobs(sheet, cues, settings, seed, ".mid", False, True)


def take_of_sheet(job: CueJob, progress: Progress) -> NewTake:
    """A take of a sheet's cue, as `hitpoint render --sheet` writes it. Raises HitpointError."""
    made = write_cue(job, progress).remembered
    assert made is not None  # `sheet_jobs` asks for it
    return replace(made, cue=job.called)


def cue_named(sheet: Sheet, name: str) -> SheetCue:
    """The cue that is called so: by its number, else its title, else its in-time. Raises ConfigError where there is
    none, or more than one."""
    wanted = name.strip().lower()
    found = [cue for cue in sheet.cues if called(cue, sheet.frame_rate).lower() == wanted]
    if len(found) != 1:
        names = ", ".join(called(cue, sheet.frame_rate) for cue in sheet.cues[:12])
        raise ConfigError(f"the sheet has {len(found) or 'no'} cues {name[:40]!r}. It has {names}.")
    return found[0]
