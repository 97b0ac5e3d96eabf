"""From a setting as written to its value. Each reader says in words what it wanted when it got something else."""

import ipaddress
from collections.abc import Callable
from math import isfinite
from pathlib import Path

from hitpoint.config.document import Items, Table, Text, Written, did_you_mean
from hitpoint.errors import ConfigError, HostError
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.direction import parse
from hitpoint.score.stinger import Stinger, read_stinger
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

Reader = Callable[[Written], object]
"""Raises ConfigError that says what the value must be, without naming the setting."""

_NOTHING = ("", "null", "none", "~")
_SWITCHES = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def words(written: Written) -> str:
    """Any text."""
    if not isinstance(written, Text) or not written.text.strip():
        raise ConfigError("must be text")
    return written.text.strip()


def one_of(*names: str) -> Reader:
    """One of a few words."""

    def read(written: Written) -> str:
        word = words(written).lower()
        if word not in names:
            raise ConfigError(f"must be one of {', '.join(names)}, not {word!r}.{did_you_mean(word, list(names))}")
        return word

    return read


def ranked(*names: str) -> Reader:
    """One of a few words, or several in an order that matters; in one text they are parted by commas."""
    read_one = one_of(*names)

    def read(written: Written) -> tuple[str, ...]:
        items = written.items if isinstance(written, Items) else _parted(written)
        if not items:
            raise ConfigError(f"must name at least one of {', '.join(names)}")
        given = tuple(str(read_one(item)) for item in items)
        if doubled := [word for number, word in enumerate(given) if word in given[:number]]:
            raise ConfigError(f"must not name {doubled[0]} twice")
        return given

    return read


def whole(low: int, high: int) -> Reader:
    """A whole number of a range."""

    def read(written: Written) -> int:
        try:
            value = int(words(written))
        except (ValueError, ConfigError):
            value = low - 1
        if not low <= value <= high:
            raise ConfigError(f"must be a whole number from {low} to {high}, not {shown(written)}")
        return value

    return read


def some_of(*numbers: int) -> Reader:
    """A list of none, some or all of a few whole numbers, in their order; in one text they are parted by commas."""
    known = {str(number): number for number in numbers}

    def read(written: Written) -> tuple[int, ...]:
        items = written.items if isinstance(written, Items) else _parted(written)
        given = [item.text.strip() if isinstance(item, Text) else "" for item in items]
        if unknown := [word for word in given if word not in known]:
            raise ConfigError(
                f"must be a list of {', '.join(known)}, or [] for none, not with {unknown[0][:40]!r} in it"
            )
        return tuple(number for word, number in known.items() if word in given)

    return read


def _parted(written: Written) -> list[Written]:
    text = written.text.strip().strip("[]") if isinstance(written, Text) else "?"
    return [] if text.lower() in _NOTHING else [Text(word, written.line) for word in text.split(",")]


def number(low: float, high: float) -> Callable[[Written], float]:
    """A number of a range."""

    def read(written: Written) -> float:
        try:
            value = float(words(written))
        except (ValueError, ConfigError):
            value = float("nan")
        if not (isfinite(value) and low <= value <= high):
            raise ConfigError(f"must be a number from {low:g} to {high:g}, not {shown(written)}")
        return value

    return read


def switch(written: Written) -> bool:
    """True or false."""
    value = _SWITCHES.get(written.text.strip().lower()) if isinstance(written, Text) else None
    if value is None:
        raise ConfigError(f"must be true or false, not {shown(written)}")
    return value


def file_path(written: Written) -> Path:
    """A file; `~` is the home folder."""
    return Path(words(written)).expanduser()


def frame_rate(written: Written) -> FrameRate:
    """A picture rate by its usual name."""
    return FrameRate.named(words(written))


def timecode(written: Written) -> str:
    """A time code label, HH:MM:SS:FF with frames to 29."""
    label = words(written).replace(";", ":")
    rate = FrameRate.named("30")
    try:
        return label_at(frame_at(label, rate), rate)
    except HostError:
        raise ConfigError(f"must be a time code like 01:00:00:00, not {shown(written)}") from None


def direction(written: Written) -> str:
    """What to play, in words of which all are understood."""
    text = words(written)
    unknown = parse(text).unknown
    if unknown:
        raise ConfigError(f"has words that mean nothing here: {', '.join(unknown)}")
    return text


def stinger(written: Written) -> Stinger:
    """A stinger in words."""
    return read_stinger(words(written))


def host(written: Written) -> str:
    """An IP address, or localhost: a name could lead elsewhere tomorrow."""
    return _host(words(written))


def address(written: Written) -> tuple[str, int]:
    """A machine and a UDP port, as HOST:PORT."""
    name, _, port = words(written).rpartition(":")
    if not name or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigError(f"must be HOST:PORT, such as 127.0.0.1:8000, not {shown(written)}")
    return _host(name), int(port)


def _host(name: str) -> str:
    try:
        return "127.0.0.1" if name == "localhost" else str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        raise ConfigError(f"must be an IP address such as 127.0.0.1, not {name!r}") from None


def table_of(read: Callable[[Written], object]) -> Reader:
    """A value for each of some names."""

    def read_table(written: Written) -> dict[str, object]:
        if isinstance(written, Text) and written.text.strip() in _NOTHING:
            return {}
        if not isinstance(written, Table):
            raise ConfigError("must be a table of `name: value` lines")
        return {name: _entry(read, name, value) for name, value in written.entries.items()}

    return read_table


def _entry(read: Callable[[Written], object], name: str, written: Written) -> object:
    try:
        return read(written)
    except ConfigError as error:
        raise ConfigError(f"{name} {error}") from error


def bound_controls(written: Written) -> tuple[BoundControl, ...]:
    """MIDI controls and what they drive, each with source, target and, where need be, how."""
    if isinstance(written, Text) and written.text.strip() in _NOTHING:
        return ()
    if not isinstance(written, Items):
        raise ConfigError("must be a list of {source: …, target: …, how: …}")
    return tuple(_bound_control(item) for item in written.items)


def _bound_control(written: Written) -> BoundControl:
    if not isinstance(written, Table):
        raise ConfigError(f"line {written.line} must be {{source: …, target: …, how: …}}")
    for name in written.entries:
        if name not in BoundControl._fields:
            raise ConfigError(f"line {written.line} says {name!r}.{did_you_mean(name, list(BoundControl._fields))}")
    texts = {name: _entry(words, name, text) for name, text in written.entries.items()}
    if not {"source", "target"} <= texts.keys():
        raise ConfigError(f"line {written.line} must have a source and a target")
    return BoundControl(**{name: str(text) for name, text in texts.items()})


def list_of(read: Callable[[Written], object]) -> Reader:
    """Some values: a list, or text with commas between."""

    def read_list(written: Written) -> tuple[object, ...]:
        if isinstance(written, Table):
            raise ConfigError("must be a list, as in [one, another]")
        if isinstance(written, Text):
            texts = written.text.strip().strip("[]").split(",")
            written = Items(tuple(Text(text, written.line) for text in texts if text.strip()), written.line)
        return tuple(read(item) for item in written.items)

    return read_list


def optional(read: Reader) -> Reader:
    """The same, or nothing (`null`)."""

    def read_or_nothing(written: Written) -> object:
        nothing = isinstance(written, Text) and written.text.strip().lower() in _NOTHING
        return None if nothing else read(written)

    return read_or_nothing


def shown(written: Written) -> str:
    """The value for a message, short."""
    if isinstance(written, Text):
        return repr(written.text[:40])
    return "a table" if isinstance(written, Table) else "a list"
