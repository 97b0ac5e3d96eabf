"""`hitpoint check`: what a MIDI file shares with the music of an index, or what of it nobody could play.

Exit status 0: clear, or flagged for a look; 1: blocked, or not playable; 2: a mistake, and nothing was checked.
"""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hitpoint.cli.playable_check import check_playable
from hitpoint.config.load import load_settings
from hitpoint.config.places import bundle_folder
from hitpoint.errors import ConfigError

if TYPE_CHECKING:
    from hitpoint.originality.index import Index
    from hitpoint.originality.verdict import Report

EXIT_BLOCKED = 1
MOST_TOLD = 20
"""Matches printed for people; JSON has all."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "check",
        help="say what a MIDI file shares with the training music, or with yours",
        description="Say which runs of notes a MIDI file shares with the music of an index: the model's training "
        "music, or your own catalogue (`hitpoint index`). Key and tempo do not hide a run; scales, repeated notes and "
        "the like do not count. Exit status 1 means blocked: 13 or more notes in a row were found. With --playable it "
        "says instead what players could not do: compass, notes at once, reach of hands, stops on strings, breath.",
        epilog="example: hitpoint check cue.mid --index my-catalogue.index",
    )
    parser.add_argument("file", type=Path, metavar="FILE.mid", help="what to check")
    parser.add_argument("--index", type=Path, metavar="FILE", help="an index; without, the model's own")
    parser.add_argument("--playable", action="store_true", help="say what players could not do; needs no index")
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    if arguments.playable:
        return 0 if check_playable(arguments) else EXIT_BLOCKED
    from hitpoint.originality.catalogue import score_lines
    from hitpoint.originality.index_file import read_index
    from hitpoint.originality.verdict import Verdict, compare
    from hitpoint.score.midi_file import read_midi_file

    score = read_midi_file(arguments.file)
    index = read_index(arguments.index or _shipped(arguments.config))
    named = list(score_lines(score))
    report = compare(index, [line for _, line in named])
    bars = score.timeline.meter_map
    told = []
    for match in report.matches:
        part, line = named[match.line]
        piece = index.pieces[match.run.piece]
        told.append({
            "source_id": piece.id,
            "run_notes": match.run.notes,
            "bar": bars.bar_at(int(line.onsets[match.run.first])).index + 1,
            "part": part,
            "verdict": match.verdict.value,
            "pitch_only": match.run.pitch_only,
            "bits": round(max(match.run.bits, match.run.long_bits), 1),
            "title": piece.title,
            "attribution": piece.attribution,
        })  # fmt: skip
    answer = {
        "longest_run_notes": report.longest,
        "matches": told,
        "verdict": report.verdict.value,
        "index": {"id": index.id, "pieces": len(index.pieces)},
        "baseline": _baseline(index, report),
    }
    print(json.dumps(answer, ensure_ascii=False) if arguments.json else _for_people(answer))
    return EXIT_BLOCKED if report.verdict is Verdict.BLOCK else 0


def _shipped(config: Path | None) -> Path:
    """The index beside the bundle that is set. Raises ConfigError when it came without one."""
    from hitpoint.originality.index_file import INDEX

    path = bundle_folder(load_settings(config).model.bundle) / INDEX
    if not path.is_file():
        raise ConfigError(f"{path.parent} has no {INDEX}. Make one with `hitpoint train index`, or give --index FILE.")
    return path


def _baseline(index: "Index", report: "Report") -> dict[str, Any] | None:
    """How the index's own pieces compare with those of other works; None when there were too few to say."""
    from hitpoint.originality.baseline import share_below

    if not index.baseline:
        return None
    told = {name: value for name, value in index.baseline.items() if name != "longest_runs"}
    return {**told, "below_this": share_below(index.baseline, report.longest)}


def _for_people(answer: dict[str, Any]) -> str:
    lines = [_match_line(match) for match in answer["matches"][:MOST_TOLD]]
    if len(answer["matches"]) > MOST_TOLD:
        lines.append(f"… and {len(answer['matches']) - MOST_TOLD} more (--json has all)")
    index, longest = answer["index"], answer["longest_run_notes"]
    what = f"the longest telling run has {longest} notes" if longest else "no telling run of 9 notes was found"
    lines.append(f"{answer['verdict']}: {what} (index {index['id']}, {index['pieces']} pieces)")
    if baseline := answer["baseline"]:
        lines.append(
            f"people against people in this index: {baseline['flagged']:.0%} flagged or blocked, "
            f"{baseline['blocked']:.0%} blocked, median longest run {baseline['longest_run_notes']['median']:g} notes; "
            f"{baseline['below_this']:.0%} of them share less than this file"
        )
    return "\n".join(lines)


def _match_line(match: dict[str, Any]) -> str:
    how = " by pitch alone" if match["pitch_only"] else ""
    source = ", ".join(said for said in (match["title"], match["attribution"]) if said)
    return (
        f"bar {match['bar']}, {match['part']}: {match['run_notes']} notes{how} as in {match['source_id']}"
        f"{f' ({source})' if source else ''}: {match['verdict']}"
    )
