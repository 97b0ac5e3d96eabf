"""The table of addresses as tools for a language model: names, descriptions and JSON schemas. No protocol here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hitpoint.errors import HostError
from hitpoint.hosts.commands import COMMANDS, LONGEST_TEXT, Argument, Command, Kind, part_address, read

GET = "get"
"""The tool that reads any value; what can only be read has a tool of its own, too."""
_LEFT_OUT = ("/hitpoint/subscribe", "/hitpoint/unsubscribe", "/hitpoint/midi/learn", "/hitpoint/midi/cancel")
"""What needs somebody who listens, or a hand at a controller."""
_NAMED = {
    "part": "a part's or a stem's name, as in `violin 1` or `strings`",
    "stinger": "its name; the tool `stingers` tells which there are",
}
"""By placeholder in an address."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message for the daemon."""

    address: str
    arguments: tuple[Any, ...] = ()
    reads: bool = False
    """True when it is to answer with its value."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing that can be done, or read."""

    name: str
    does: str
    schema: Mapping[str, Any]
    """JSON schema of its arguments."""
    reads: bool
    """True when it changes nothing."""


def tools() -> tuple[Tool, ...]:
    """All there are, in the table's order, and `get`."""
    made = (_tool(name, command) for name, command in _by_name().items())
    return (*made, Tool(GET, "the value that an address has now; empty where nobody holds one", _get_schema(), True))


def asked(name: str, given: Mapping[str, Any]) -> Asked:
    """What a call comes to. Raises HostError that says what is wrong with it, and then nothing is to be sent."""
    if name == GET:
        return _asked_to_get(given)
    command = _by_name().get(name)
    if command is None:
        raise HostError(f"no tool {name[:80]!r}. Take one of those listed.")
    placeholders = _placeholders(command)
    names = (*placeholders, *map(_key, command.arguments))
    if unknown := [key for key in given if key not in names]:
        raise HostError(f"{name} takes {', '.join(names) or 'nothing'}, not {', '.join(unknown)[:80]}.")
    address = _filled(command.address, given)
    if command.build is None:
        return Asked(address, reads=True)
    values = _in_order(name, command, given)
    read(address, values)
    return Asked(address, values)


def _by_name() -> dict[str, Command]:
    return {_name(command.address): command for command in COMMANDS if command.address not in _LEFT_OUT}


def _name(address: str) -> str:
    """`/hitpoint/part/{part}/mute` is part_mute, `/hitpoint/state/go` state_go."""
    return "_".join(word for word in address.split("/")[2:] if not word.startswith("{"))


def _placeholders(command: Command) -> tuple[str, ...]:
    return tuple(re.findall(r"\{(\w+)\}", command.address))


def _key(argument: Argument) -> str:
    return argument.name.replace(" ", "_")


def _tool(name: str, command: Command) -> Tool:
    required = list(_placeholders(command))
    properties: dict[str, Any] = {word: {"type": "string", "description": _NAMED[word]} for word in required}
    for argument in command.arguments:
        properties[_key(argument)] = _schema(argument)
        if not argument.optional:
            required.append(_key(argument))
    schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return Tool(name, command.does, schema, command.build is None)


def _schema(argument: Argument) -> dict[str, Any]:
    match argument.kind:
        case Kind.NUMBER:
            return {"type": "number", "minimum": argument.low, "maximum": argument.high}
        case Kind.WHOLE:
            return {"type": "integer", "minimum": argument.low, "maximum": argument.high}
        case Kind.SWITCH:
            return {"type": "boolean"}
        case Kind.TEXT if argument.words:
            return {"type": "string", "enum": list(argument.words)}
        case Kind.TEXT:
            return {"type": "string", "maxLength": LONGEST_TEXT}


def _get_schema() -> dict[str, Any]:
    addresses = [command.address for command in COMMANDS if command.readable]
    part = {"type": "string", "description": f"for an address with {{part}} in it: {_NAMED['part']}"}
    properties = {"address": {"type": "string", "enum": addresses}, "part": part}
    return {"type": "object", "properties": properties, "required": ["address"], "additionalProperties": False}


def _asked_to_get(given: Mapping[str, Any]) -> Asked:
    address = str(given.get("address"))
    if address not in (command.address for command in COMMANDS if command.readable):
        raise HostError(f"no value at {address[:80]!r}. Take one of the addresses that `get` lists.")
    return Asked(_filled(address, given), reads=True)


def _filled(address: str, given: Mapping[str, Any]) -> str:
    for word in re.findall(r"\{(\w+)\}", address):
        name = given.get(word)
        if not isinstance(name, str) or not re.fullmatch(r"[^\s/#*,?\[\]{}][^/#*,?\[\]{}\x00-\x1f]*", name):
            raise HostError(f"{address} needs a {word}: {_NAMED[word]}.")
        address = address.replace(f"{{{word}}}", part_address(name))
    return address


def _in_order(name: str, command: Command, given: Mapping[str, Any]) -> tuple[Any, ...]:
    """What was given, in the table's order. What was left out can only be at the end."""
    values: list[Any] = []
    missing = ""
    for argument in command.arguments:
        value = given.get(_key(argument))
        if value is None:
            missing = missing or _key(argument)
        elif missing:
            raise HostError(f"{name}: {_key(argument)} comes after {missing}. Give {missing}, too.")
        else:
            values.append(value)
    return tuple(values)
