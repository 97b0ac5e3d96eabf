"""`hitpoint sheet`: what is done to a whole spotting sheet. `conform` moves it to a new cut of the picture.

`cues` is in `sheet_royalties`.
"""

import argparse
import json
import sys
from pathlib import Path

from hitpoint.cli.asked_file import add_force, asked_path, check_place, report_stream
from hitpoint.cli.marker_source import read_source
from hitpoint.cli.sheet_royalties import add_cues_action
from hitpoint.cli.take_options import takes_file, takes_go_along
from hitpoint.errors import ConfigError
from hitpoint.hosts.conform import CueState
from hitpoint.hosts.sheet_conform import CueReport, conform_sheet
from hitpoint.score.whole_file import takes_bytes, write_asked

_ENDINGS = (".yaml", ".yml")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "sheet",
        help="move a spotting sheet to a new cut, or make a cue sheet of it",
        description="What is done to a whole spotting sheet.",
        epilog="example: hitpoint sheet conform reel1_v3.edl reel1_v4.edl --sheet reel1.yaml -o reel1_v4.yaml",
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    conform = actions.add_parser(
        "conform",
        help="move cues and hits from one cut to the next",
        description="Move cues and hits to a new cut, by the source timecodes of two CMX 3600 EDLs of the picture.\n"
        "Each cue is unchanged, moved, stretched or cut. No cue is renumbered; hits whose frame is gone are named.\n"
        "The old sheet stays as it is.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: hitpoint sheet conform reel1_v3.edl reel1_v4.edl --sheet reel1.yaml -o reel1_v4.yaml",
    )
    conform.add_argument("old", type=Path, metavar="OLD", help="EDL of the cut that the sheet is of")
    conform.add_argument("new", type=Path, metavar="NEW", help="EDL of the new cut")
    conform.add_argument("--sheet", type=Path, metavar="SHEET.yaml", help="the sheet (default: OLD's name with .yaml)")
    conform.add_argument(
        "-o", "--output", type=asked_path, metavar="OUT.yaml", help="the new sheet (default: NEW's name with .yaml)"
    )
    conform.add_argument("--picture", default="", metavar="NAME", help="name of the new cut (default: NEW's title)")
    add_force(conform)
    conform.add_argument("--json", action="store_true", help="print one JSON object")
    conform.set_defaults(do=_conform)
    add_cues_action(actions)


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    return int(arguments.do(arguments))


def _conform(arguments: argparse.Namespace) -> int:
    sheet = arguments.sheet or _beside(arguments.old)
    output = arguments.output or arguments.new.with_suffix(".yaml")
    check_place(output, sheet, arguments.old, arguments.new)
    found = conform_sheet(read_source(sheet), read_source(arguments.old), read_source(arguments.new), arguments.picture)
    write_asked([(output, found.content)], arguments.force)
    # Beside what is written on there is no place for them, though a shell may lead it into a file.
    beside = not takes_bytes(output)
    takes = takes_go_along(sheet, output) if beside else None
    for remark in found.remarks:
        print(remark, file=sys.stderr)
    for cue in found.cues:
        for hit in cue.lost_hits:
            print(f"{_name(cue)}: hit {hit.name!r} at {hit.at} fell out", file=sys.stderr)
        for remark in cue.remarks:
            print(f"{_name(cue)}: {remark}", file=sys.stderr)
    if takes is not None:
        print(f"the takes go along: {takes}", file=sys.stderr)
    elif beside and takes_file(None, sheet).exists():
        print(f"{takes_file(None, output)} is there already: no takes of {sheet} were added to it", file=sys.stderr)
    report = report_stream(output)
    if arguments.json:
        said = {"file": str(output), "cues": [_json(cue) for cue in found.cues]}
        print(json.dumps(said, ensure_ascii=False), file=report)
        return 0
    for cue in found.cues:
        print(f"{_name(cue):8} {cue.state.value:9} {_words(cue)}".rstrip(), file=report)
    kept = sum(cue.state is not CueState.CUT for cue in found.cues)
    print(f"{output}: {kept} of {len(found.cues)} cues", file=report)
    return 0


def _beside(old: Path) -> Path:
    for ending in _ENDINGS:
        if old.with_suffix(ending).exists():
            return old.with_suffix(ending)
    raise ConfigError(f"{old.with_suffix('.yaml')} is not there. Say with --sheet which sheet is to be conformed.")


def _name(cue: CueReport) -> str:
    return cue.number or cue.title or cue.old_start


def _words(cue: CueReport) -> str:
    if cue.new_start is None:
        return f"it was at {cue.old_start}"
    said = [f"{cue.old_start} to {cue.new_start}"] if cue.moved_frames else [f"at {cue.old_start}"]
    if cue.moved_frames:
        said.append(f"{abs(cue.moved_frames)} frames {'later' if cue.moved_frames > 0 else 'earlier'}")
    if cue.longer_frames:
        said.append(f"{abs(cue.longer_frames)} frames {'longer' if cue.longer_frames > 0 else 'shorter'}")
    if cue.replaced_frames:
        said.append(f"{cue.replaced_frames} frames of its picture are gone")
    return ", ".join(said)


def _json(cue: CueReport) -> dict[str, object]:
    return {
        "number": cue.number,
        "title": cue.title,
        "state": cue.state.value,
        "old_start": cue.old_start,
        "new_start": cue.new_start,
        "moved_frames": cue.moved_frames,
        "longer_frames": cue.longer_frames,
        "replaced_frames": cue.replaced_frames,
        "lost_hits": [{"name": hit.name, "at": hit.at} for hit in cue.lost_hits],
        "remarks": list(cue.remarks),
    }
