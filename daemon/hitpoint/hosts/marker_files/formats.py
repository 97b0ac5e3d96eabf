"""The formats by name, ending and content."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from hitpoint.errors import ConfigError, HostError
from hitpoint.hosts.marker_files import (
    cmx_edl,
    midi_markers,
    native_sheet,
    open_timeline,
    premiere_csv,
    pro_tools_text,
    reaper_csv,
    resolve_edl,
)
from hitpoint.hosts.marker_files.file_text import text_of
from hitpoint.hosts.marker_files.marker_list import MarkerList, Source
from hitpoint.hosts.marker_files.midi_bytes import MIDI_OPENING
from hitpoint.timeline.units import FrameRate


@dataclass(frozen=True, slots=True)
class MarkerFormat:
    """One format."""

    name: str
    """As `--from` and `--to` take it."""
    words: str
    """For a person."""
    endings: tuple[str, ...]
    """The first format in FORMATS with an ending is the one that a new file of it gets."""
    says: Callable[[str], bool]
    """Whether text is of this format."""
    read: Callable[[Source, FrameRate | None], MarkerList]
    write: Callable[[MarkerList], bytes]
    holds_rate: bool
    """Whether a file of it states its frame rate, drop-frame aside."""
    opens: bool = False
    """Whether its sign opens the file, where no name or note can stand."""


FORMATS = (
    MarkerFormat(
        "resolve", "a Resolve marker EDL", (".edl",), resolve_edl.says, resolve_edl.read, resolve_edl.write, False
    ),
    MarkerFormat("cmx", "an EDL with locators", (".edl",), cmx_edl.says, cmx_edl.read, cmx_edl.write, False),
    MarkerFormat(
        "reaper", "a REAPER marker list", (".csv",), reaper_csv.says, reaper_csv.read, reaper_csv.write, False, True
    ),
    MarkerFormat(
        "premiere",
        "a Premiere marker list",
        (".tsv", ".csv", ".txt"),
        premiere_csv.says,
        premiere_csv.read,
        premiere_csv.write,
        False,
        True,
    ),
    MarkerFormat(
        "protools",
        "a Pro Tools session text",
        (".txt",),
        pro_tools_text.says,
        pro_tools_text.read,
        pro_tools_text.write,
        True,
    ),
    MarkerFormat(
        "midi",
        "a MIDI file",
        (".mid", ".midi", ".smf"),
        lambda text: text.startswith("MThd"),
        midi_markers.read,
        midi_markers.write,
        True,
    ),
    MarkerFormat(
        "otio",
        "an OpenTimelineIO file",
        (".otio",),
        open_timeline.says,
        open_timeline.read,
        open_timeline.write,
        True,
    ),
    MarkerFormat("sheet", "a sheet", (".yaml", ".yml"), native_sheet.says, native_sheet.read, native_sheet.write, True),
)

_WRITTEN_BY_ENDING = {".txt": "protools"}
"""Where the first in FORMATS is not what people mean."""


def format_named(name: str) -> MarkerFormat:
    """The format of that name. Raises ConfigError for any other."""
    for known in FORMATS:
        if known.name == name:
            return known
    raise ConfigError(f"format {name!r} is not one of {', '.join(known.name for known in FORMATS)}. Give one of those.")


def format_of_file(source: Source) -> MarkerFormat:
    """What a file is, by its content; where that has the signs of several formats, or of none, by its ending, and where
    that is nobody's, by what opens it: names and notes may look like any format. Raises HostError.
    """
    if source.content.startswith(MIDI_OPENING):
        return format_named("midi")
    text = text_of(source)
    ending = PurePath(source.name).suffix.lower()
    told = sorted((known for known in FORMATS if known.says(text)), key=lambda known: not known.opens)
    if told:
        return next((known for known in told if ending in known.endings), told[0])
    fitting = [known for known in FORMATS if ending in known.endings]
    if len(fitting) == 1:
        return fitting[0]
    if ending == ".edl" and re.search(r"^\s*\d{3,6}\s", text, re.MULTILINE):
        raise HostError(f"{source.name} is an EDL without markers. Export its markers or locators.")
    raise HostError(
        f"{source.name} is in no format that can be told. Say which with --from: "
        f"{', '.join(known.name for known in FORMATS)}."
    )


def format_of_ending(name: str) -> MarkerFormat:
    """What a new file of that name becomes. Raises ConfigError for an ending that says nothing."""
    ending = PurePath(name).suffix.lower()
    if ending in _WRITTEN_BY_ENDING:
        return format_named(_WRITTEN_BY_ENDING[ending])
    for known in FORMATS:
        if ending in known.endings:
            return known
    raise ConfigError(
        f"{name}: its ending says no format. Say which with --to: {', '.join(known.name for known in FORMATS)}."
    )
