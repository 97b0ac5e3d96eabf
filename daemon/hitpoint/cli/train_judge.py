"""`hitpoint train judge`: what a bundle writes when it is asked, measured. Needs no extra."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Any

from hitpoint.cli.progress import Progress
from hitpoint.config.places import bundle_folder, fields_read
from hitpoint.errors import ConfigError
from hitpoint.score.whole_file import write_whole

if TYPE_CHECKING:
    from hitpoint.score.midi_score import MidiScore
    from hitpoint.training.judge.asked import Asked

KINDS = ("adherence", "controls", "moods", "bars", "returns", "originality")
USUAL = KINDS[:-1]
"""Those that need no index of what the model was trained on."""
MOST_PROMPTS, MOST_SEEDS, MOST_GUIDANCE = 10_000, 100, 4.0


def add_judge_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the step takes."""
    parser.add_argument("--bundle", required=True, metavar="DIR", help="the bundle: a name, or a folder")
    parser.add_argument("--guidance", type=float, default=0.0, metavar="G", help="as `hitpoint render` (default 0)")
    parser.add_argument("--prompts", type=int, default=200, metavar="N", help="how much to ask for (default 200)")
    parser.add_argument("--seeds", type=int, default=2, metavar="S", help="cues of each prompt (default 2)")
    parser.add_argument(
        "--only",
        metavar="KINDS",
        help=f"some of {','.join(KINDS)}, with commas between (default: all but the last, which needs the index that "
        "`hitpoint train index` makes: `--only originality --prompts 500 --corpus corpus`)",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="prepared codes: people's bars beside, from `valid`")
    parser.add_argument(
        "--corpus",
        type=Path,
        metavar="DIR",
        help="what the index was made of: whether it finds planted copies and blocks nothing else, beside originality",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="also write the figures as Markdown tables")


def judge_step(arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure. Returns the figures. Raises HitpointError for what cannot be used."""
    from hitpoint.training.corpus import Split
    from hitpoint.training.dataset import load
    from hitpoint.training.judge.judge import judge
    from hitpoint.training.judge.reference import Reference
    from hitpoint.training.judge.report import report

    kinds = _kinds(arguments)
    folder = bundle_folder(arguments.bundle)
    if not 0.0 <= arguments.guidance <= MOST_GUIDANCE:
        raise ConfigError(f"--guidance {arguments.guidance:g} is outside 0 to {MOST_GUIDANCE:g}.")
    people = load(arguments.data, Split.VALID) if arguments.data else None
    reference = Reference.load(folder, arguments.corpus) if "originality" in kinds else None
    if arguments.report and not arguments.report.parent.is_dir():
        raise ConfigError(f"{arguments.report.parent} is not a folder. Make it, or write elsewhere with --report.")
    begun, progress = monotonic(), Progress("judging")
    with TemporaryDirectory() as place:
        writer = CueWriter(folder, Path(place), arguments.guidance)
        figures = judge(writer.write, kinds, arguments.prompts, arguments.seeds, progress.show, people, reference)
    progress.close()
    spent = {"seconds": round(monotonic() - begun, 1), "notes": writer.notes, "keys_refused": writer.keys_refused}
    asked = {name: getattr(arguments, name) for name in ("guidance", "prompts", "seeds")}
    answer = {"bundle": folder.name, **asked, **spent, **figures}
    if arguments.report:
        write_whole(arguments.report, report(answer).encode())
    return answer


class CueWriter:
    """Writes cues as `hitpoint render` does, each to a file, and reads them back."""

    def __init__(self, bundle: Path, place: Path, guidance: float = 0.0) -> None:
        """place: a folder for the file. guidance: of the model. Raises ModelError when the bundle cannot be used."""
        from hitpoint.engine.register_composer import RegisterComposer

        self._composer = RegisterComposer.load(bundle, guidance)
        self._reads = fields_read(str(bundle))
        self._file = place / "cue.mid"

    @property
    def notes(self) -> int:
        """Written so far."""
        return self._composer.notes_written

    @property
    def keys_refused(self) -> int:
        """By the copy guard, so far; 0 without an index."""
        return self._composer.keys_refused

    def write(self, asked: "Asked") -> "MidiScore":
        """The cue that is asked for, as its file has it. Controllers, which move no note, are left out."""
        from dataclasses import replace

        from hitpoint.engine.render import prompt_session, render, write
        from hitpoint.score.control_curve import BarPoint, ControlCurve
        from hitpoint.score.direction import parse
        from hitpoint.score.midi_file import read_midi_file
        from hitpoint.training.judge.asked import REGISTER

        held = dict(asked.controls)
        self._composer.register = held.pop(REGISTER, None)
        curves = tuple(ControlCurve(name, (BarPoint(0, value),)) for name, value in held.items())
        session, bars = prompt_session(parse(asked.prompt), asked.bars, asked.seed)
        session = replace(session, curves=curves, model_reads=self._reads)
        parts = render(session, self._composer, bars, lambda *_: None, ())
        write(self._file, session, parts, asked.prompt)
        return read_midi_file(self._file)


def _kinds(arguments: argparse.Namespace) -> tuple[str, ...]:
    if not 1 <= arguments.prompts <= MOST_PROMPTS:
        raise ConfigError(f"--prompts {arguments.prompts} is outside 1 to {MOST_PROMPTS}.")
    if not 1 <= arguments.seeds <= MOST_SEEDS:
        raise ConfigError(f"--seeds {arguments.seeds} is outside 1 to {MOST_SEEDS}.")
    asked = USUAL if arguments.only is None else tuple(arguments.only.split(","))
    unknown = [kind for kind in asked if kind not in KINDS]
    if unknown:
        raise ConfigError(f"--only {unknown[0]!r} is none of {', '.join(KINDS)}. Put commas between, and no spaces.")
    return asked
