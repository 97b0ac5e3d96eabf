"""`hitpoint convert`: a list of markers from one program's format to another's."""

import argparse
import json
import sys
from pathlib import Path

from hitpoint.cli.asked_file import add_force, asked_path, check_place, report_stream
from hitpoint.cli.marker_source import read_source
from hitpoint.hosts.marker_files.conversion import converted, read_list
from hitpoint.hosts.marker_files.formats import FORMATS, format_named, format_of_ending, format_of_file
from hitpoint.score.whole_file import write_asked
from hitpoint.timeline.units import FrameRate

_NAMES = ", ".join(known.name for known in FORMATS)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "convert",
        help="bring markers from one program's list to another's, or to a sheet",
        description="Convert a list of markers: names, colours, durations and exact frames are kept.\n"
        "What the new format cannot hold is named on stderr.\n\n"
        f"formats: {_NAMES}\n"
        "A file that is read is known by its content and its ending, a new one by its ending: .edl is Resolve's,\n"
        ".csv REAPER's, .tsv Premiere's, .txt that of Pro Tools; for others give --to.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: hitpoint convert markers.edl reel1.yaml --frame-rate 23.976\n"
        "         hitpoint convert reel1.yaml markers.csv --to premiere",
    )
    parser.add_argument("input", type=Path, metavar="IN", help="the list")
    parser.add_argument("output", type=asked_path, metavar="OUT", help="where to write it; - is standard output")
    parser.add_argument("--from", dest="source_format", metavar="FORMAT", help="what IN is, where that can't be told")
    parser.add_argument("--to", dest="target_format", metavar="FORMAT", help="what OUT becomes")
    parser.add_argument("--frame-rate", metavar="R", help="23.976, 24, 25, 29.97, 29.97df or 30, where IN has none")
    add_force(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    given = FrameRate.named(arguments.frame_rate) if arguments.frame_rate is not None else None
    after = (
        format_named(arguments.target_format) if arguments.target_format else format_of_ending(str(arguments.output))
    )
    named = format_named(arguments.source_format) if arguments.source_format else None
    source = read_source(arguments.input)
    before = named or format_of_file(source)
    check_place(arguments.output, arguments.input)
    found = read_list(source, before, given)
    new = converted(found, after)
    write_asked([(arguments.output, new.content)], arguments.force)
    for remark in new.markers.remarks:
        print(f"{arguments.input}: {remark}", file=sys.stderr)
    for loss in new.losses:
        print(f"lost: {loss.words}", file=sys.stderr)
    report = report_stream(arguments.output)
    if arguments.json:
        said = {
            "file": str(arguments.output),
            "from": before.name,
            "to": after.name,
            "frame_rate": found.frame_rate.name,
            "markers": len(new.markers.markers),
            "remarks": list(new.markers.remarks),
            "lost": [{"what": loss.what, "markers": loss.markers, "words": loss.words} for loss in new.losses],
        }
        print(json.dumps(said, ensure_ascii=False), file=report)
    else:
        rate = found.frame_rate.name
        count = len(new.markers.markers)
        print(f"{arguments.output}: {count} markers at {rate} frames a second, as {after.words}", file=report)
    return 0
