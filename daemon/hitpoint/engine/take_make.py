"""Takes made without a file: of a cue of a sheet, or of one that was cut out of a host's timeline."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from hitpoint.config.places import bundle_folder, fields_read
from hitpoint.config.settings import Settings
from hitpoint.engine.composer import Composer
from hitpoint.engine.cue_text import CueText
from hitpoint.engine.reel import cue_take
from hitpoint.engine.reel_job import CueJob, called, reel_jobs
from hitpoint.engine.render import render
from hitpoint.engine.rendered_take import rendered_take
from hitpoint.engine.side_by_side import side_by_side
from hitpoint.engine.take import NewTake
from hitpoint.errors import ConfigError
from hitpoint.hosts.sheet import Sheet, SheetCue
from hitpoint.planner.plan import RING_OUT_BARS

Progress = Callable[[float], None]


def takes_of_text(
    text: CueText, settings: Settings, seeds: Sequence[int], progress: Progress
) -> Iterator[NewTake]:  # fmt: skip
    """A take of it for each seed, in their order. The same seed gives the same one. progress: told how much of all is
    done. Blocks until the next is. Raises ModelError, ConfigError."""
    bundle, guidance = bundle_folder(settings.model.bundle), settings.model.guidance
    session = replace(text.music.session, model_reads=fields_read(settings.model.bundle))
    output, bars = settings.output, text.music.bars + RING_OUT_BARS

    def write(seed: int, told: Progress, composer: Composer) -> NewTake:
        seeded = replace(session, seed=seed)
        parts = render(
            seeded, composer, bars, lambda done, of: told(done / of), output.expression, output.articulations
        )  # fmt: skip
        if not parts:
            raise ConfigError("nobody plays in it. Put players on its marker, such as `strings`.")
        title = text.prompt if text.prompt.startswith(text.cue) else f"{text.cue} {text.prompt}"
        return rendered_take(
            seeded, parts, bars, text.prompt, bundle, output.expression, text.cue, title=title,
            timeline=text.music.score.timeline, guidance=guidance,
        )  # fmt: skip

    return _each(bundle, guidance, seeds, write, progress)


def sheet_jobs(sheet: Sheet, cues: list[SheetCue], settings: Settings, seed: int) -> tuple[CueJob, ...]:
    """What is to be written of a sheet. Raises ModelError where there is no such bundle."""
    return reel_jobs(sheet, cues, settings, seed, ".mid", False, True)


def takes_of_sheet(job: CueJob, seeds: Sequence[int], progress: Progress) -> Iterator[NewTake]:
    """Takes of a sheet's cue, as `hitpoint render --sheet` writes it with each seed; otherwise as `takes_of_text`.
    Raises HitpointError."""

    def write(seed: int, told: Progress, composer: Composer) -> NewTake:
        made = cue_take(replace(job, seed=seed), composer, told).remembered
        assert made is not None  # `sheet_jobs` asks for it
        return replace(made, cue=job.called)

    return _each(bundle_folder(job.bundle), job.guidance, seeds, write, progress)


def _each(
    bundle: Path, guidance: float, seeds: Sequence[int], write: Callable[[int, Progress, Composer], NewTake],
    progress: Progress,
) -> Iterator[NewTake]:  # fmt: skip
    done = [0.0] * len(seeds)

    def tell(place: int, share: float) -> None:
        done[place] = share
        progress(sum(done) / len(done))

    works = [partial(write, seed, partial(tell, place)) for place, seed in enumerate(seeds)]
    return side_by_side(bundle, guidance, works)


def cue_named(sheet: Sheet, name: str) -> SheetCue:
    """The cue that is called so: by its number, else its title, else its in-time. Raises ConfigError where there is
    none, or more than one."""
    wanted = name.strip().lower()
    found = [cue for cue in sheet.cues if called(cue, sheet.frame_rate).lower() == wanted]
    if len(found) != 1:
        names = ", ".join(called(cue, sheet.frame_rate) for cue in sheet.cues[:12])
        raise ConfigError(f"the sheet has {len(found) or 'no'} cues {name[:40]!r}. It has {names}.")
    return found[0]
