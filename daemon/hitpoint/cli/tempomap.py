"""`hitpoint tempomap`: a tempo and metre map that puts a cue's locked hits on beats."""

import argparse
import json
from pathlib import Path

from hitpoint.cli.asked_file import add_force, check_place
from hitpoint.cli.progress import Progress
from hitpoint.cli.sheet_cue import add_cue_arguments, cue_of, place_of
from hitpoint.engine.cue_maps import solved_map
from hitpoint.errors import ConfigError, ScoreError
from hitpoint.hosts.sheet import Sheet, SheetCue, timeline_of_cue
from hitpoint.hosts.sheet_writer import SHEET_ENDINGS, with_tempo_map
from hitpoint.score.midi_file import midi_content
from hitpoint.score.whole_file import write_asked, write_whole
from hitpoint.spotting.solved_map import SolvedMap
from hitpoint.spotting.tempo_map_solver import DEFAULT_CAP
from hitpoint.timeline.cue_map import CueMap

MAP_ENDINGS = (".mid", ".midi")

_PLACES = 4
"""Decimals of a frame in the JSON."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "tempomap",
        help="solve a tempo and metre map that puts a cue's hits on beats",
        description="Solve a tempo and metre map that puts every locked hit on a beat within half a frame, the "
        "heavier ones on downbeats where that costs little. It starts from the tempo and metre of the cue's prompt. "
        "The tempo changes at bar lines only, in steps, or with --ramps evenly from one to the next. A hit is locked "
        "unless the sheet says `locked: false`. A hit that can't be met is told with what would free it.",
        epilog="example: hitpoint tempomap reel1.yaml --cue 1m03 -o 1m03.mid",
    )
    add_cue_arguments(parser)
    parser.add_argument(
        "--cap", type=float, default=100 * DEFAULT_CAP, metavar="PERCENT",
        help=f"largest change of tempo from a bar to the next (default {100 * DEFAULT_CAP:g})",
    )  # fmt: skip
    parser.add_argument(
        "--ramps", action="store_true", help="let the tempo go evenly from bar line to bar line, not in steps"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE",
        help="write the map, with a marker a hit, to FILE.mid; or the sheet with the map in it to FILE.yaml",
    )  # fmt: skip
    add_force(parser)
    parser.add_argument("--write", action="store_true", help="put the map into the sheet itself; comments stay")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    kind = _kind(arguments.output)
    sheet, cue = cue_of(arguments.sheet, arguments.cue)
    progress = Progress("hits met")
    try:
        solved = solved_map(cue, sheet.frame_rate, arguments.cap / 100, arguments.ramps, progress.show)
    except ScoreError as error:
        raise ConfigError(f"{place_of(arguments.sheet, cue)}: {error}") from error
    finally:
        progress.close()
    written = _written(arguments, kind, sheet, cue, solved.cue_map)
    if arguments.json:
        print(json.dumps(_as_json(cue, solved, written), ensure_ascii=False))
        return 0
    print("\n".join(_lines(solved)))
    if arguments.ramps and not solved.ramps:
        print(f"No ramps here keep the tempo within {arguments.cap:g} % from bar line to bar line: it goes in steps.")
    for path in written:
        print(f"wrote {path}")
    return 0


def _kind(output: Path | None) -> str:
    kind = "" if output is None else output.suffix.lower()
    if output is not None and kind not in (*MAP_ENDINGS, *SHEET_ENDINGS):
        wrong = f": {kind} is no kind of map we write" if kind else " has no ending"
        raise ConfigError(f"{output}{wrong}. End it in .mid or .yaml.")
    if output is not None:
        check_place(output)
    return kind


def _written(arguments: argparse.Namespace, kind: str, sheet: Sheet, cue: SheetCue, cue_map: CueMap) -> list[str]:
    """What was written. The sheet's new text is made before any file is touched."""
    changed = with_tempo_map(arguments.sheet, cue, cue_map) if arguments.write or kind in SHEET_ENDINGS else b""
    written: list[Path] = []
    if kind:
        content = changed
        if kind in MAP_ENDINGS:
            title = " ".join(word for word in (cue.number, cue.title) if word)
            timeline = timeline_of_cue(sheet.frame_rate, cue, cue_map)
            content = midi_content(str(arguments.output), [], timeline, title)
        write_asked([(arguments.output, content)], arguments.force)
        written.append(arguments.output)
    if arguments.write:
        write_whole(arguments.sheet, changed)
        written.append(arguments.sheet)
    return [str(path) for path in written]


def _as_json(cue: SheetCue, solved: SolvedMap, written: list[str]) -> dict[str, object]:
    tempo_map = solved.cue_map.tempo_map
    return {
        "cue": cue.number,
        "events": [
            {
                "beat": event.quarters,
                "seconds": round(tempo_map.seconds_at(event.tick), 6),
                "bpm": event.bpm,
                "meter": str(event.meter),
                "ramp": event.ramp,
            }
            for event in solved.cue_map.events
        ],
        "hits": [
            {
                "name": hit.hit.name,
                "seconds": round(hit.seconds, 6),
                "beat": hit.quarters,
                "frames_off": round(hit.frames_off, _PLACES),
                "downbeat": hit.on_downbeat,
                "locked": hit.hit.locked,
            }
            for hit in solved.hits
        ],
        "unsolved": [
            {
                "name": one.hit.name,
                "seconds": round(one.seconds, 6),
                "frames_off": round(one.frames_off, _PLACES),
                "would_free": list(one.would_free),
            }
            for one in solved.unsolved
        ],
        "largest_change": round(solved.largest_change, 6),
        "files": written,
    }


def _lines(solved: SolvedMap) -> list[str]:
    bars, tempo_map = solved.cue_map.meter_map, solved.cue_map.tempo_map
    lines = ["  bar      beat    seconds       bpm     metre"]
    for event in solved.cue_map.events:
        bar = bars.bar_at(event.tick).index + 1
        seconds = tempo_map.seconds_at(event.tick)
        way = "to" if event.ramp else "  "
        lines.append(f"{bar:5d}  {event.quarters:8g}  {seconds:9.3f}  {event.bpm:8.3f} {way}  {event.meter}")
    lines.append("")
    for hit in solved.hits:
        place = bars.bar_beat_tick_at(hit.tick)
        lines.append(f"{hit.seconds:9.3f} s  {place!s:>9}  {hit.frames_off:+6.2f} frames  {hit.hit.name}")
    for one in solved.unsolved:
        ways = " or ".join(one.would_free)
        lines.append(
            f"{one.hit.name or 'the hit'} at {one.seconds:.3f} s can't be met: its nearest beat is "
            f"{one.frames_off:+.2f} frames off. To free it: {ways}."
        )
    return lines
