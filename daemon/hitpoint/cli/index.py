"""`hitpoint index`: makes an index of a folder of MIDI files, for `hitpoint check --index`."""

import argparse
import json
import sys
from pathlib import Path

from hitpoint.cli.progress import Progress
from hitpoint.errors import ConfigError
from hitpoint.score.one_line import one_line


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "index",
        help="index a folder of MIDI files, to check others against",
        description="Index a folder of MIDI files, to check others against. The index holds hashes and names, "
        "not notes. Files that cannot be read, or have no notes but drums', are named and left out.",
        epilog="example: hitpoint index my-catalogue -o my-catalogue.index",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="with MIDI files, also in folders within")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where to write the index")
    parser.add_argument("--force", action="store_true", help="replace FILE even where it is no index")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    from hitpoint.originality.catalogue import index_folder
    from hitpoint.originality.index_file import is_free, write_index

    if not arguments.output.parent.is_dir():
        raise ConfigError(f"{arguments.output.parent} is not a folder. Make it, or write elsewhere with -o.")
    if not arguments.force and not is_free(arguments.output):
        raise ConfigError(
            f"{arguments.output} is there already, and no index. Give --force to replace it, or another -o."
        )
    progress = Progress("indexing")
    found = index_folder(arguments.folder, progress.show)
    progress.close()
    index = write_index(arguments.output, found.index)
    size = arguments.output.stat().st_size
    if arguments.json:
        told = {"file": str(arguments.output), "id": index.id, "pieces": len(index.pieces), "bytes": size}
        print(json.dumps({**told, "skipped": list(found.skipped)}))
        return 0
    for reason in found.skipped:
        print(f"left out: {one_line(reason)}", file=sys.stderr)
    print(f"{arguments.output}: {len(index.pieces)} pieces, {size:,} bytes, index {index.id}")
    return 0
