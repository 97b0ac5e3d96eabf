"""Reads which switch selects which articulation: a map that comes with Hitpoint, or a person's own file."""

import re
from collections.abc import Collection, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal

from hitpoint.config.document import Table, Text, Written, did_you_mean, parse_document, read_document, repeats
from hitpoint.config.readers import words
from hitpoint.errors import ConfigError
from hitpoint.score.articulation import ARTICULATIONS, SUSTAIN, ArticulationMap, Switch
from hitpoint.score.midi_message import SUSTAIN_PEDAL
from hitpoint.score.pedal import PEDALLED
from hitpoint.score.stem import INSTRUMENTS

SHIPPED = ("generic", "keyswitched")
HOW_TO = "Write `key C0`, `program 3` or `cc 32 5`."
_PITCHED = [instrument for instrument in INSTRUMENTS if not instrument.drums]
_KEY = re.compile(r"([A-Ga-g])([#b]?)(-?\d)")
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def articulation_map(written: Written) -> ArticulationMap:
    """The map of a name, or of a file. Raises ConfigError that names file and line."""
    name = words(written)
    if name in SHIPPED:
        text = (files("hitpoint.config") / "articulations" / f"{name}.yaml").read_text("utf-8")
        return read_map(parse_document(text, f"{name}.yaml"), name)
    path = Path(name).expanduser()
    if not path.suffix and not path.exists():
        raise ConfigError(f"must be {' or '.join(SHIPPED)}, or a YAML file, not {name[:80]!r}")
    return read_map(read_document(path), str(path))


def read_map(table: Table, source: str) -> ArticulationMap:
    """The map that a document holds. Raises ConfigError that names `source` and the line of the first mistake."""
    for line, key in repeats(table):
        raise ConfigError(f"{source} line {line}: {key} is written twice. Keep one")
    known = list(dict.fromkeys(word for one in _PITCHED for word in (one.name, one.stem)))
    entries: dict[str, dict[str, Switch]] = {}
    for name, written in table.entries.items():
        where = f"{source} line {written.line}"
        if name not in known:
            hint = did_you_mean(name, known) or f" Write one of {', '.join(known)}."
            raise ConfigError(f"{where}: {name!r} is no instrument or stem with switches.{hint}")
        if not isinstance(written, Table):
            raise ConfigError(f"{where}: {name} must hold lines of the form `staccato: key C0`")
        entries[name] = {}
        for articulation, value in written.entries.items():
            where = f"{source} line {value.line}"
            if articulation not in ARTICULATIONS:
                hint = did_you_mean(articulation, list(ARTICULATIONS)) or f" Write one of {', '.join(ARTICULATIONS)}."
                raise ConfigError(f"{where}: {articulation!r} is no articulation.{hint}")
            entries[name][articulation] = _switch(value, where, name)
        if entries[name] and SUSTAIN not in entries[name]:
            raise ConfigError(
                f"{source} line {written.line}: {name} has no sustain, so that nothing would end what is switched to. "
                "Write what selects it, as in `sustain: key C0`"
            )
    return ArticulationMap(source, entries)


def switched_twice(known: ArticulationMap, controllers: Collection[int]) -> Iterator[str]:
    """Which switches would be overwritten by `controllers`, those of the setting output.expression, in words."""
    for name, switches in known.entries.items():
        pedalled = any(name in (one.name, one.stem) for one in _PITCHED if one.name in PEDALLED)
        sent = {number for number in controllers if number != SUSTAIN_PEDAL or pedalled}
        for articulation, switch in switches.items():
            if switch.kind == "cc" and switch.number in sent:
                yield f"{articulation} of {name} in {known.source} is cc {switch.number}"


def _switch(written: Written, where: str, name: str) -> Switch:
    said = written.text.split() if isinstance(written, Text) else []
    match said:
        case ["key", key]:
            number = _key(key, where)
            for one in _PITCHED:
                if name in (one.name, one.stem) and one.low <= number <= one.high:
                    raise ConfigError(f"{where}: key {key} is a note of the {one.name}. Choose one outside its range")
            return Switch("key", number)
        case ["program", number]:
            return Switch("program", _number(number, where))
        case ["cc", number, value]:
            return Switch(_CC, _number(number, where), _number(value, where))
    shown = written.text[:40] if isinstance(written, Text) else "a list or table"
    raise ConfigError(f"{where}: {shown!r} is no switch. {HOW_TO}")


_CC: Literal["cc"] = "cc"


def _key(text: str, where: str) -> int:
    """A key by its name, middle C being C4, or by its number."""
    named = _KEY.fullmatch(text)
    if named is None:
        return _number(text, where)
    letter, sign, octave = named.groups()
    key = 12 * (int(octave) + 1) + _STEPS[letter.upper()] + {"": 0, "#": 1, "b": -1}[sign]
    return _number(str(key), where)


def _number(text: str, where: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= 127):
        raise ConfigError(f"{where}: {text[:40]!r} must be a whole number from 0 to 127. {HOW_TO}")
    return int(text)
