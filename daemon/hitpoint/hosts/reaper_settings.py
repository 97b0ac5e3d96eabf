"""Our lines in REAPER's own files, put in and taken out again: control surface, actions, what runs at its start.

Bytes in, bytes out: nothing else in a file is touched, whatever its encoding and line ends. Each edit comes as a pair,
and taking out what was just put in gives the same bytes back; the one exception is a file without the line or the
last line end that the edit needs. Only what bears our name is ever taken out.

Source: REAPER's own reaper.ini and reaper-kb.ini; for the surface line, reaper_csurf/csurf_osc.cpp of its SDK.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hitpoint.errors import HostError

REAPER_LISTENS = 19794
"""UDP port on loopback where REAPER hears us. Our choice."""
HITPOINT_LISTENS = 19793
"""UDP port on loopback where REAPER tells us of itself. Our choice."""

PATTERN = "Hitpoint"
"""Name of the surface and of its pattern file, Hitpoint.ReaperOSC."""

SURFACE = f'OSC "{PATTERN}" 3 {REAPER_LISTENS} "127.0.0.1" {HITPOINT_LISTENS} 1024 10 "{PATTERN}"'
"""Both ways, packets of 1024 bytes, 10 ms between packets, which are REAPER's own defaults."""

ACTION_PREFIX = "HITPOINT_"
"""All our command ids begin with it; REAPER shows them with an underscore before."""

BRIDGE = "hitpoint_bridge.lua"
"""The script that runs from REAPER's start."""

_OUR_SURFACE = re.compile(rb'OSC\s+(?:"Hitpoint"|Hitpoint)\s')
_OUR_ACTION = re.compile(rb"SCR\s+\d+\s+\d+\s+\"?HITPOINT_")
_INDEXED = re.compile(rb"(\s*csurf_)(\d+)(\s*=\s*)(.*)", re.IGNORECASE | re.DOTALL)
_COUNTED = re.compile(rb"(\s*csurf_cnt\s*=\s*)(\d+)(.*)", re.IGNORECASE | re.DOTALL)
_SECTION = re.compile(rb"\s*\[([^\]]*)\]")
_WORD = re.compile(rb'"[^"]*"|\S+')
_BOM = b"\xef\xbb\xbf"

_BEGIN = b"-- Hitpoint: begin (taken out by `hitpoint install reaper --uninstall`)"
_END = b"-- Hitpoint: end"


@dataclass(frozen=True, slots=True)
class Action:
    """A script that REAPER lists among its actions."""

    command: str
    """Its command id, without the underscore that REAPER puts before."""
    title: str
    """What people search for."""
    file: str
    """Under Scripts/, with slashes."""

    @property
    def line(self) -> bytes:
        """As reaper-kb.ini has it, for the main section."""
        return f'SCR 4 0 {self.command} "Custom: {self.title}" "{self.file}"'.encode()


def action_of(name: str, script: bytes, folder: str) -> Action | None:
    """The action that a script file is, by its `@description`; None for a file that is only used by others."""
    found = re.search(rb"@description[ \t]+([^\r\n]+)", script)
    if found is None:
        return None
    words = found[1].decode("utf-8", "replace").replace('"', "'").strip()
    title = words if words.startswith("Hitpoint") else f"Hitpoint: {words}"
    stem = name.removesuffix(".lua").removeprefix("hitpoint_")
    return Action(ACTION_PREFIX + re.sub(r"\W", "_", stem).upper(), title, f"{folder}/{name}")


def with_surface(ini: bytes) -> bytes:
    """reaper.ini with our control surface. One of our name that is there stays as the person has it."""
    lines = _lines(ini)
    start, end = _reaper_section(lines)
    end_of_line = _line_end(ini)
    if start is None:
        return b"".join(_ended(lines, end_of_line)) + end_of_line.join(
            [b"[REAPER]", b"csurf_0=" + SURFACE.encode(), b"csurf_cnt=1", b""]
        )
    if surface_of(ini):
        return ini
    head, inside, tail = lines[: start + 1], lines[start + 1 : end], lines[end:]
    if not any(_COUNTED.fullmatch(line) for line in inside):
        head, inside = _ended(head, end_of_line), [b"csurf_cnt=0" + end_of_line, *inside]
    count = next(_counted(line) for line in inside if _COUNTED.fullmatch(line))
    ours = b"csurf_%d=%s" % (count, SURFACE.encode()) + end_of_line
    kept: list[bytes] = []
    for line in inside:
        if _COUNTED.fullmatch(line):
            # Before the count, so that a file whose last line has no end stays so.
            kept += [ours] if ours not in kept else []
            kept.append(_COUNTED.sub(lambda found: found[1] + b"%d" % (count + 1) + found[3], line))
        elif _number(line) != count:
            # A line of that number was beyond the count, and so in nobody's use.
            kept.append(line)
    return b"".join([*head, *kept, *tail])


def without_surface(ini: bytes) -> bytes:
    """reaper.ini with no control surface of ours; those after it move up by one."""
    lines = _lines(ini)
    start, end = _reaper_section(lines)
    if start is None:
        return ini
    inside = lines[start + 1 : end]
    gone = {number for line in inside if (number := _number(line)) is not None and _ours(line)}
    if not gone:
        return ini
    kept = [_moved_up(line, gone) for line in inside if _number(line) not in gone]
    return b"".join([*lines[: start + 1], *kept, *lines[end:]])


def surface_of(ini: bytes) -> str:
    """Our control surface as reaper.ini has it; empty where it has none."""
    lines = _lines(ini)
    start, end = _reaper_section(lines)
    if start is None:
        return ""
    inside = lines[start + 1 : end]
    count = next((_counted(line) for line in inside if _COUNTED.fullmatch(line)), 0)
    for line in inside:
        found = _INDEXED.fullmatch(line)
        if found and int(found[2]) < count and _ours(line):
            return found[4].decode("utf-8", "replace").strip()
    return ""


def with_actions(keys: bytes, actions: Sequence[Action]) -> bytes:
    """reaper-kb.ini with these actions of ours and no others."""
    there = {tuple(_WORD.findall(line.replace(b'"', b""))) for line in _lines(keys) if _OUR_ACTION.match(line)}
    if there == {tuple(_WORD.findall(action.line.replace(b'"', b""))) for action in actions}:
        return keys
    end_of_line = _line_end(keys)
    kept = _ended(_lines(without_actions(keys)), end_of_line)
    return b"".join([*kept, *(action.line + end_of_line for action in actions)])


def without_actions(keys: bytes) -> bytes:
    """reaper-kb.ini with no action of ours. Shortcuts that a person gave them stay, and do nothing."""
    return b"".join(line for line in _lines(keys) if not _OUR_ACTION.match(line))


def with_start(startup: bytes, folder: str) -> bytes:
    """Scripts/__startup.lua that starts the bridge in that folder of Scripts.

    At its top, as nothing may follow a `return` that the person's own lines end with; a bridge that fails must not
    keep them from running.
    """
    end_of_line = _line_end(startup)
    block = end_of_line.join(
        [
            _BEGIN,
            b"do",
            b'  local path = reaper.GetResourcePath() .. "/Scripts/%s/%s"' % (folder.encode(), BRIDGE.encode()),
            b"  local started, why = pcall(dofile, path)",
            b'  if not started then reaper.ShowConsoleMsg("Hitpoint: " .. tostring(why) .. "\\n") end',
            b"end",
            _END,
            b"",
        ]
    )
    if block in startup:
        return startup
    rest = without_start(startup)
    bom = _BOM if rest.startswith(_BOM) else b""
    return bom + block + rest[len(bom) :]


def without_start(startup: bytes) -> bytes:
    """Scripts/__startup.lua without what starts the bridge."""
    kept: list[bytes] = []
    bom = _BOM if startup.startswith(_BOM) else b""
    inside = False
    for line in _lines(startup[len(bom) :]):
        inside = inside or line.strip() == _BEGIN
        if not inside:
            kept.append(line)
        inside = inside and line.strip() != _END
    # An end that somebody has taken away: what follows may be theirs.
    return startup if inside else bom + b"".join(kept)


def _ours(line: bytes) -> bool:
    found = _INDEXED.fullmatch(line)
    return found is not None and _OUR_SURFACE.match(found[4]) is not None


def _moved_up(line: bytes, gone: set[int]) -> bytes:
    number = _number(line)
    if number is not None:
        before = sum(other < number for other in gone)
        return _INDEXED.sub(lambda found: found[1] + b"%d" % (number - before) + found[3] + found[4], line)
    if _COUNTED.fullmatch(line):
        before = sum(other < _counted(line) for other in gone)
        return _COUNTED.sub(lambda found: found[1] + b"%d" % (int(found[2]) - before) + found[3], line)
    return line


def _number(line: bytes) -> int | None:
    found = _INDEXED.fullmatch(line)
    return None if found is None else int(found[2])


def _counted(line: bytes) -> int:
    found = _COUNTED.fullmatch(line)
    return 0 if found is None else int(found[2])


def _reaper_section(lines: Sequence[bytes]) -> tuple[int | None, int]:
    """Its heading's index, None when there is none, and that of the line after its last."""
    start = None
    for index, line in enumerate(lines):
        found = _SECTION.match(line.removeprefix(_BOM))
        if found is None:
            continue
        if start is not None:
            return start, index
        if found[1].strip().lower() == b"reaper":
            start = index
    return start, len(lines)


def _lines(content: bytes) -> list[bytes]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise HostError("it is written in UTF-16, which REAPER does not read. Save it as plain text.")
    return content.splitlines(keepends=True)


def _ended(lines: Sequence[bytes], end_of_line: bytes) -> list[bytes]:
    if lines and not lines[-1].endswith((b"\n", b"\r")):
        return [*lines[:-1], lines[-1] + end_of_line]
    return list(lines)


def _line_end(content: bytes) -> bytes:
    return b"\r\n" if b"\r\n" in content else b"\n"
