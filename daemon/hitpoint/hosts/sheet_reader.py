"""Reads a spotting sheet. Every mistake is found before any is told, so that a sheet is mended once.

A cue's `picture` is for people and for `hitpoint sheet conform`: it is accepted and left aside.
"""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from hitpoint.config.document import Items, Table, Text, Written, did_you_mean, parse_document, read_document, repeats
from hitpoint.config.readers import number, switch
from hitpoint.errors import ConfigError, HitpointError, HostError
from hitpoint.hosts.cue_map_reader import read_cue_map
from hitpoint.hosts.sheet import Sheet, SheetCue, SheetHit
from hitpoint.hosts.sheet_curves import read_curves
from hitpoint.score.controls import Key
from hitpoint.score.direction import Direction, parse
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

SHEET_KEYS = ("title", "frame_rate", "picture", "key_plan", "cues")
CUE_KEYS = ("number", "title", "start", "end", "prompt", "hits", "curves", "motif", "key", "tempo_map", "picture")
HIT_KEYS = ("at", "name", "weight", "window", "locked")

LEAST_WEIGHT = 0.001
HEAVIEST_WEIGHT = 1000.0
WIDEST_WINDOW = 1000.0
"""Frames. Our choices: outside these a number is a slip of the keyboard."""

_weight = number(LEAST_WEIGHT, HEAVIEST_WEIGHT)
_frames = number(0.0, WIDEST_WINDOW)
_Value = TypeVar("_Value")


def read_sheet(path: Path) -> Sheet:
    """Read and check a sheet. Raises HostError that names every mistake with its line."""
    try:
        return sheet_of(read_document(path), path)
    except ConfigError as error:
        raise HostError(str(error)) from error


def sheet_of(table: Table, path: Path) -> Sheet:
    """The sheet that a document holds; `path` is for messages. Raises HostError that names every mistake."""
    return _Reader(path).sheet(table)


def read_sheet_text(text: str, path: Path) -> Sheet:
    """The same for a sheet's text; `path` is for messages."""
    try:
        return _Reader(path).sheet(parse_document(text, str(path)))
    except ConfigError as error:
        raise HostError(str(error)) from error


class _Reader:
    """Collects mistakes while it reads, so that a sheet is mended once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mistakes: list[str] = []
        self._rate = FrameRate.named("24")
        self._key_plan: dict[str, Key] = {}

    def sheet(self, table: Table) -> Sheet:
        self._mistakes += [f"line {line}: {key} is written twice" for line, key in repeats(table)]
        self._check_keys(table, SHEET_KEYS, "a sheet")
        self._read_rate(table)
        self._read_key_plan(table)
        cues = [self._cue(item) for item in self._tables(table, "cues")]
        ordered = tuple(sorted((cue for cue in cues if cue is not None), key=lambda cue: cue.start))
        self._check_order(ordered)
        if not cues:
            self._mistake(table.entries.get("cues", table), "it has no cues")
        if self._mistakes:
            raise HostError(f"{self._path}: {'; '.join(self._mistakes)}.")
        return Sheet(self._text(table, "title"), self._rate, ordered, self._text(table, "picture"))

    def _read_rate(self, table: Table) -> None:
        name = self._text(table, "frame_rate")
        if not name:
            self._mistake(
                table.entries.get("frame_rate", table), "frame_rate is missing: timecode means nothing without it"
            )
            return
        try:
            self._rate = FrameRate.named(name)
        except HitpointError as error:
            self._mistake(table.entries["frame_rate"], str(error))

    def _read_key_plan(self, table: Table) -> None:
        written = table.entries.get("key_plan")
        if written is None or (isinstance(written, Text) and not written.text):
            return
        if not isinstance(written, Table):
            self._mistake(written, "key_plan must give keys their names, as in {home: D minor, away: F major}")
            return
        for name in written.entries:
            key = _key_of(self._text(written, name))
            if key is None:
                self._mistake(written.entries[name], f"{name} in the key_plan is no key. Write one such as D minor")
            else:
                self._key_plan[name] = key

    def _key(self, table: Table, prompt: str) -> Key | None:
        said = self._text(table, "key")
        if not said:
            return None
        key = self._key_plan.get(said) or _key_of(said)
        if key is None:
            hint = did_you_mean(said, list(self._key_plan))
            self._mistake(table.entries["key"], f"key {said!r} is neither a key nor a name in the key_plan.{hint}")
            return None
        asked = parse(prompt)
        if (asked.key or key) != key or (asked.mode or key.mode) != key.mode:
            other = asked.key or asked.mode
            self._mistake(table.entries["key"], f"key is {key}, and the prompt says {other}. Leave one of them out")
        return key

    def _cue(self, table: Table) -> SheetCue | None:
        self._check_keys(table, CUE_KEYS, "a cue")
        start, end = self._frame(table, "start", needed=True), self._frame(table, "end")
        if start is None:
            return None
        if end is not None and end <= start:
            self._mistake(table, "the cue ends before it starts")
        hits = [self._hit(hit, start, end) for hit in self._tables(table, "hits")]
        found = tuple(sorted((hit for hit in hits if hit is not None), key=lambda hit: hit.frame))
        text = (self._text(table, key) for key in ("number", "title", "prompt"))
        name, title, prompt = text
        tempo_map = read_cue_map(table.entries["tempo_map"], self._mistake) if "tempo_map" in table.entries else None
        curves = read_curves(table.entries.get("curves", Text("", table.line)), self._rate, self._mistake)
        motif, key = self._text(table, "motif"), self._key(table, prompt)
        return SheetCue(name, title, start, end, prompt, found, tempo_map, curves, motif, key, table.line)

    def _hit(self, table: Table, start: int, end: int | None) -> SheetHit | None:
        self._check_keys(table, HIT_KEYS, "a hit")
        frame = self._frame(table, "at", needed=True)
        if frame is None:
            return None
        if frame < start or (end is not None and frame > end):
            self._mistake(table, f"the hit at {label_at(frame, self._rate)} lies outside its cue")
        weight = self._read(table, "weight", _weight) or 1.0
        locked = self._read(table, "locked", switch)
        return SheetHit(frame, self._text(table, "name"), weight, self._window(table), locked is not False)

    def _window(self, table: Table) -> tuple[float, float] | None:
        written = table.entries.get("window")
        if written is None or (isinstance(written, Text) and not written.text):
            return None
        try:
            early, late = (_frames(side) for side in (written.items if isinstance(written, Items) else ()))
        except (ConfigError, ValueError):
            self._mistake(written, "window must be two numbers of frames, early and late, as in [0, 1]")
            return None
        return early, late

    def _read(self, table: Table, key: str, read: Callable[[Written], _Value]) -> _Value | None:
        """What is written under `key`; None where nothing is, or after telling that it is no such thing."""
        written = table.entries.get(key)
        if written is None or (isinstance(written, Text) and not written.text):
            return None
        try:
            return read(written)
        except ConfigError as error:
            self._mistake(written, f"{key} {error}")
            return None

    def _check_order(self, cues: tuple[SheetCue, ...]) -> None:
        for cue, after in pairwise(cues):
            last = max((hit.frame for hit in cue.hits), default=cue.start)
            if after.start <= cue.start or after.start < (cue.end or last):
                label = label_at(after.start, self._rate)
                before = f"cue {cue.number}" if cue.number else "the cue"
                self._mistakes.append(
                    f"line {after.line}: cue {after.number or label} starts at {label}, before {before} of line "
                    f"{cue.line} ends: one timeline has one tempo, so give overlapping cues sheets of their own"
                )

    def _frame(self, table: Table, key: str, needed: bool = False) -> int | None:
        label = self._text(table, key)
        if not label:
            if needed:
                self._mistake(table, f"{key} is missing")
            return None
        try:
            return frame_at(label, self._rate)
        except HostError as error:
            self._mistake(table.entries[key], f"{key} {str(error).rstrip('.')}")
            return None

    def _text(self, table: Table, key: str) -> str:
        written = table.entries.get(key, Text("", table.line))
        if isinstance(written, Text):
            return written.text.strip()
        self._mistake(written, f"{key} must be text")
        return ""

    def _tables(self, table: Table, key: str) -> list[Table]:
        written = table.entries.get(key)
        if written is None or (isinstance(written, Text) and not written.text):
            return []
        items = written.items if isinstance(written, Items) else ()
        if not isinstance(written, Items) or not all(isinstance(item, Table) for item in items):
            self._mistake(written, f"{key} must be a list, each entry with keys of its own")
        return [item for item in items if isinstance(item, Table)]

    def _check_keys(self, table: Table, known: tuple[str, ...], what: str) -> None:
        for key, written in table.entries.items():
            if key not in known:
                self._mistake(written, f"{key!r} is no key of {what}.{did_you_mean(key, list(known))}")

    def _mistake(self, written: Written, text: str) -> None:
        self._mistakes.append(f"line {written.line}: {text.rstrip('.')}")


def _key_of(text: str) -> Key | None:
    """The key that is all that `text` says."""
    read = parse(text)
    return read.key if read == Direction(text, key=read.key) else None
