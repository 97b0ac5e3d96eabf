"""Puts a solved map into a cue of a sheet. Everything else in the file stays, letter for letter, comments too."""

from dataclasses import replace
from pathlib import Path

import yaml

from hitpoint.config.plain_text import encoding_of, plain_text
from hitpoint.errors import ConfigError, HostError
from hitpoint.hosts.sheet import Sheet, SheetCue
from hitpoint.hosts.sheet_reader import read_sheet_text
from hitpoint.timeline.cue_map import CueMap, CueMapEvent
from hitpoint.timeline.timecode import frame_at

SHEET_ENDINGS = (".yaml", ".yml")

_KEY = "tempo_map"


def with_tempo_map(path: Path, cue: SheetCue, cue_map: CueMap) -> bytes:
    """The sheet at `path`, whole, with the map as that cue's own.

    Raises HostError where the sheet can't be read, has changed, or is written in a way that leaves no safe place for
    the map.
    """
    try:
        content = path.read_bytes()
        text = plain_text(content, str(path))
    except (OSError, ConfigError) as error:
        raise HostError(f"{path} cannot be read again: {error}. Try once more.") from error
    before = read_sheet_text(text, path)
    if cue not in before.cues:
        raise HostError(f"{path} has changed meanwhile. Run the command again.")
    changed = _with_map(text, before.cues.index(cue), before, cue_map, path)
    wanted = tuple(replace(one, tempo_map=cue_map) if one == cue else one for one in before.cues)
    # Whatever the file looks like: what is read back must be what was meant.
    try:
        good = read_sheet_text(changed, path).cues == wanted
    except HostError:
        good = False
    if not good:
        raise HostError(
            f"{path}: cue {cue.number} leaves no safe place for a tempo_map. Write it as `key: value` lines."
        )
    return encoding_of(content).written(changed)


def _with_map(text: str, index: int, sheet: Sheet, cue_map: CueMap, path: Path) -> str:
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    node = _cue_node(root, sheet.cues[index].start, sheet, path)
    line_end = "\r\n" if "\r\n" in text else "\n"
    entries = [_entry(cue_map, event) for event in cue_map.events]
    for key, value in node.value:
        if key.value == _KEY:
            start, end = key.start_mark.index, _end(value)
            if node.flow_style:
                return f"{text[:start]}{_KEY}: [{', '.join(entries)}]{text[end:]}"
            return text[:start] + _block(entries, key.start_mark.column, line_end) + text[end:]
    if node.flow_style:
        end = _end(node.value[-1][1])
        return f"{text[:end]}, {_KEY}: [{', '.join(entries)}]{text[end:]}"
    # After the last value that is plainly on one line; every cue has a start.
    key, value = [
        pair for pair in node.value if isinstance(pair[1], yaml.ScalarNode) and pair[1].style not in ("|", ">")
    ][-1]
    column, end = key.start_mark.column, text.find("\n", _end(value))
    block = " " * column + _block(entries, column, line_end)
    if end < 0:
        return f"{text}{line_end}{block}{line_end}"
    return f"{text[: end + 1]}{block}{line_end}{text[end + 1 :]}"


def _cue_node(root: yaml.Node | None, start: int, sheet: Sheet, path: Path) -> yaml.MappingNode:
    for key, value in root.value if root is not None else ():
        if key.value == "cues":
            for node in value.value:
                assert isinstance(node, yaml.MappingNode)
                labels = [one.value for name, one in node.value if name.value == "start"]
                if labels and frame_at(labels[0], sheet.frame_rate) == start:
                    return node
    raise HostError(f"{path} has changed meanwhile. Run the command again.")


def _end(node: yaml.Node) -> int:
    """Where its own text ends. A block collection's mark is where the next thing begins, after comments."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _block(entries: list[str], column: int, line_end: str) -> str:
    return line_end.join([f"{_KEY}:", *(f"{' ' * (column + 2)}- {entry}" for entry in entries)])


def _entry(cue_map: CueMap, event: CueMapEvent) -> str:
    seconds = cue_map.tempo_map.seconds_at(event.tick)
    beat, bpm = (f"{number:.6f}".rstrip("0").rstrip(".") for number in (event.quarters, event.bpm))
    ramp = ", ramp: true" if event.ramp else ""
    return f"{{beat: {beat}, seconds: {seconds:.3f}, bpm: {bpm}, meter: {event.meter}{ramp}}}"
