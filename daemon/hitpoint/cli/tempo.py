"""`hitpoint tempo`: which one tempo meets most of a cue's hits."""

import argparse
import json
from fractions import Fraction

from hitpoint.cli.sheet_cue import add_cue_arguments, cue_of, hits_of
from hitpoint.errors import ConfigError, ScoreError
from hitpoint.spotting.constant_tempo import TempoResult, bpm_grid, rank_tempi
from hitpoint.spotting.hit import HitList

SHOWN = 10
"""Tempi in the table for people. All are in the JSON."""
_NAME_WIDTH = 12
"""Characters of a hit's name over its column."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "tempo",
        help="rank constant tempos by how many of a cue's hits fall on a beat",
        description="Rank constant tempos, best first: by the weight of the hits on a beat, then by how far off all "
        "are, in frames. A hit without a window counts as met within one frame. A positive start is music that begins "
        "after the cue does; a positive figure under a hit is music after the picture.",
        epilog="example: hitpoint tempo reel1.yaml --cue 1m03 --bpm 80:140 --step 0.25 --offset 12",
    )
    add_cue_arguments(parser)
    parser.add_argument("--bpm", default="80:140", metavar="LOW:HIGH", help="beats a minute (default 80:140)")
    parser.add_argument("--step", default="0.25", metavar="BPM", help="from one tempo to the next (default 0.25)")
    parser.add_argument(
        "--offset", type=int, default=0, metavar="FRAMES", help="most frames the start may move either way (default 0)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    low, _, high = arguments.bpm.partition(":")
    first, last = _number("--bpm", low), _number("--bpm", high or low)
    step = _number("--step", arguments.step)
    sheet, cue = cue_of(arguments.sheet, arguments.cue)
    hits = hits_of(arguments.sheet, sheet, cue)
    try:
        results = rank_tempi(hits, bpm_grid(first, last, step), arguments.offset)
    except ScoreError as error:
        raise ConfigError(
            f"--bpm {arguments.bpm} --step {arguments.step} --offset {arguments.offset}: {error}"
        ) from error
    if arguments.json:
        names = [hit.name for hit in hits.hits]
        found = [_as_json(result) for result in results]
        print(json.dumps({"cue": cue.number, "names": names, "results": found}, ensure_ascii=False))
        return 0
    print("\n".join(_table(hits, results[:SHOWN])))
    if len(results) > SHOWN:
        print(f"{len(results) - SHOWN} more with --json")
    return 0


def _number(option: str, text: str) -> Fraction:
    try:
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        raise ConfigError(f"{option} has {text!r}, which is no number. Write --bpm 80:140 --step 0.25.") from None


def _as_json(result: TempoResult) -> dict[str, object]:
    return {
        "bpm": result.bpm,
        "start_offset_frames": result.start_offset_frames,
        "frames_off": list(result.frames_off),
        "mean_abs_frames": result.mean_abs_frames,
        "max_abs_frames": result.max_abs_frames,
        "hits": result.hits,
        "near": result.near,
        "miss": result.miss,
    }


def _table(cue: HitList, results: tuple[TempoResult, ...]) -> list[str]:
    names = [(hit.name or f"hit {number}")[:_NAME_WIDTH] for number, hit in enumerate(cue.hits, 1)]
    rows = [["bpm", "start", "hits", "near", "miss", "mean", "max", *names]]
    for result in results:
        counts = [str(count) for count in (result.hits, result.near, result.miss)]
        spread = [f"{result.mean_abs_frames:.2f}", f"{result.max_abs_frames:.2f}"]
        off = [f"{frames:+.1f}" for frames in result.frames_off]
        rows.append([f"{result.bpm:g}", f"{result.start_offset_frames:+d}", *counts, *spread, *off])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]
