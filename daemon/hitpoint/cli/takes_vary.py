"""`hitpoint takes vary`: another take of a take, by a note, a share, or just another answer."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from hitpoint.cli.candidates import add_candidates_option, check_candidates
from hitpoint.cli.model_options import add_model_options, chosen_settings
from hitpoint.cli.progress import Progress
from hitpoint.cli.takes_open import open_takes, parts_meant
from hitpoint.config.places import bundle_folder
from hitpoint.errors import ConfigError
from hitpoint.score.bar_choice import bars_in
from hitpoint.score.direction_change import DirectionChange, parse_change
from hitpoint.score.ensemble import instrument_in
from hitpoint.score.keep import Keep

if TYPE_CHECKING:
    from hitpoint.engine.take import TakeFacts, TakeMusic
    from hitpoint.engine.take_vary import Varied


def add_vary_options(parser: argparse.ArgumentParser) -> None:
    """Declare what a variation may be asked."""
    parser.add_argument("id", metavar="ID", help="the take's id, or its first letters")
    parser.add_argument("--note", metavar="TEXT", help='what should be other: "darker, less busy, no brass at the end"')
    parser.add_argument(
        "--parts", metavar="NAMES", help="parts, instruments or sections (default: all but locked ones)"
    )
    parser.add_argument("--bars", metavar="5-8", help='bars from 1: "5-8", "5", "3,5-6" (default: all)')
    parser.add_argument("--amount", type=float, metavar="A", help="share of the notes to write anew, 0 to 1")
    parser.add_argument("--keep", choices=[keep.value for keep in Keep], help="hold this one thing")
    parser.add_argument("--seed", type=int, metavar="S", help="another answer; the same seed gives the same one")
    add_candidates_option(parser, "with --amount or --keep: ")
    add_model_options(parser)


def vary(arguments: argparse.Namespace) -> int:
    """Make another take of one, and remember it."""
    if arguments.amount is not None and not 0.0 <= arguments.amount <= 1.0:
        raise ConfigError(f"--amount {arguments.amount:g} is outside 0 to 1. Give 0.2 for a few notes, 1 for all.")
    check_candidates(arguments.candidates)
    change = _understood(arguments)
    from hitpoint.engine.rendered_take import origin_of, verdict_on
    from hitpoint.engine.take import NewTake

    with open_takes(arguments) as store:
        parent = store.facts(arguments.id)
        music = store.music(parent.id)
        parts = None if arguments.parts is None else parts_meant([arguments.parts], parent.parts, "--parts")
        bars = () if arguments.bars is None else bars_in(arguments.bars, parent.bars)
        locked = sorted(set(parts or ()) & set(parent.locks))
        if locked:
            raise ConfigError(f"{', '.join(locked)} is locked in {parent.id}. `hitpoint takes lock --off` lets it go.")
        settings = chosen_settings(arguments)
        bundle = bundle_folder(settings.model.bundle)
        made = _made(arguments, parent, music, change, parts or (), bars)
        asked = {
            "note": arguments.note,
            "changes": list(change.in_words()),
            "parts": list(parts) if parts else None,
            "bars": arguments.bars,
            "amount": arguments.amount,
            "keep": arguments.keep,
            "candidates": arguments.candidates,
            "seed": arguments.seed,
            "guidance": settings.model.guidance or None,
        }
        verdict = verdict_on(made.music.score, bundle)
        locks = tuple(name for name in parent.locks if name in {part.name for part in made.music.score.parts})
        there = {take.id for take in store.all()}
        facts = store.remember(
            NewTake(
                made.music, parent.prompt, origin_of(bundle), parent.cue, parent.picture, parent.id,
                {name: value for name, value in asked.items() if value not in (None, [])}, verdict, locks,
            )
        )  # fmt: skip
    for reason in made.not_applied:
        print(f"not applied: {reason}", file=sys.stderr)
    if arguments.json:
        said = {
            **facts.as_json(),
            "new": facts.id not in there,
            "changes": list(change.in_words()),
            "not_applied": list(made.not_applied),
            "flags": list(change.flags),
            "unknown": list(change.unknown),
        }
        print(json.dumps(said, ensure_ascii=False))
        return 0
    print(f"take {facts.id} of {parent.id}: {facts.bars} bars, {facts.notes} notes")
    if facts.id in there:
        again = "another --seed" if arguments.seed is not None else "--seed 1"
        print(f"It is there already: the same was asked before. {again} gives another answer.", file=sys.stderr)
    return 0


def _understood(arguments: argparse.Namespace) -> DirectionChange:
    """The note's signed changes, shown before they are applied. Raises ConfigError where it asks for nothing known."""
    if arguments.note is None:
        return DirectionChange()
    change = parse_change(arguments.note)
    unknown = f" Not understood: {', '.join(change.unknown)}." if change.unknown else ""
    if not change.changes_something:
        flags = "".join(f" {flag[:1].upper()}{flag[1:]}." for flag in change.flags)
        raise ConfigError(
            f"--note {arguments.note[:60]!r} asks for nothing that is known here.{unknown}{flags} Say it otherwise."
        )
    if not arguments.json:
        print("; ".join(change.in_words()))
        for flag in change.flags:
            print(f"note: {flag}", file=sys.stderr)
        if unknown:
            print(unknown.strip(), file=sys.stderr)
    return change


def _made(
    arguments: argparse.Namespace, parent: "TakeFacts", music: "TakeMusic", change: DirectionChange,
    parts: tuple[str, ...], bars: tuple[int, ...],
) -> "Varied":  # fmt: skip
    from hitpoint.engine.composer import Composer
    from hitpoint.engine.infill_choice import infills
    from hitpoint.engine.infill_file import Answer, OpenFile
    from hitpoint.engine.infill_file import Wanted as Rewritten
    from hitpoint.engine.take_change import bars_meant
    from hitpoint.engine.take_infill import Redrawn, redraw
    from hitpoint.engine.take_vary import Varied, Wanted, vary

    settings = chosen_settings(arguments)
    bundle, guidance, progress = bundle_folder(settings.model.bundle), settings.model.guidance, Progress("writing")

    def write(file: OpenFile, wish: Rewritten) -> Answer:
        return next(
            infills(file, [wish], bundle, guidance, arguments.candidates, lambda share: progress.show(share, 1))
        )

    try:
        if arguments.amount is not None or arguments.keep is not None:
            free = tuple(name for name in parts or parent.parts if name not in parent.locks)
            chosen = bars or range(parent.bars)
            keep = None if arguments.keep is None else Keep(arguments.keep)
            amount = 1.0 if arguments.amount is None else arguments.amount
            for stage in change.stages:
                placed = None if stage.place is None else bars_meant(music, stage.place)
                there = [bar for bar in chosen if placed is None or bar in placed]
                meant = tuple(name for name in free if stage.is_for(instrument_in(name)))
                asked = Redrawn(meant, tuple(there), amount, keep, arguments.seed or 0, stage)
                music = redraw(music, asked, write)
            return Varied(music)
        wanted = Wanted(change, parts, bars, arguments.seed)
        return vary(
            music, wanted, parent.locks, lambda: Composer.load(bundle, guidance), progress.show, bool(parent.cue),
            settings.output.articulations,
        )  # fmt: skip
    finally:
        progress.close()
