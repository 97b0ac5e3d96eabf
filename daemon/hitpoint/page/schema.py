"""The messages of the page's socket as a JSON schema, made from the one table of commands. Words: API.md."""

from functools import cache
from typing import Any

from hitpoint.hosts.commands import COMMANDS, LONGEST_TEXT, Argument, Command, Kind
from hitpoint.page.api import API, MOST_ARGUMENTS, MOST_BARS
from hitpoint.page.client import LARGEST_ID
from hitpoint.score.controls import CONTROL_RANGES

_TEXT = {"type": "string"}
_NUMBER = {"type": "number"}
_COUNT = {"type": "integer", "minimum": 0}
_SWITCH = {"type": "boolean"}
_ID = {"type": "integer", "minimum": 0, "maximum": LARGEST_ID}


@cache
def schema() -> dict[str, Any]:
    """The whole of it: `#/$defs/toDaemon` for what clients send, `#/$defs/toClient` for what they hear."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Hitpoint's page, messages of version {API}",
        "anyOf": [_ref("toDaemon"), _ref("toClient")],
        "$defs": {
            "toDaemon": {"anyOf": [*map(_command, COMMANDS), *_gets(), *_asks()]},
            "toClient": {"oneOf": _to_client()},
            "state": _state(),
        },
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _command(command: Command) -> dict[str, Any]:
    taken = [_argument(argument) for argument in command.arguments]
    needed = sum(not argument.optional for argument in command.arguments)
    arguments: dict[str, Any] = {"type": "array", "maxItems": MOST_ARGUMENTS}
    if taken:
        arguments |= {"prefixItems": taken, "items": False, "minItems": needed}
    required = ["id", "do", *(["args"] if needed else [])]
    properties = {"id": _ID, "do": _address(command.address), "args": arguments}
    return _object(properties, required) | {"description": command.does}


def _gets() -> list[dict[str, Any]]:
    return [
        _object({"id": _ID, "do": _address(f"{command.address}/get"), "args": {"type": "array"}}, ["id", "do"])
        for command in COMMANDS
        if command.readable
    ]


def _address(address: str) -> dict[str, str]:
    if "{" not in address:
        return {"const": address}
    words = [r"[^/]+" if word.startswith("{") else word for word in address.split("/")]
    return {"type": "string", "pattern": f"^{'/'.join(words)}$"}


def _argument(argument: Argument) -> dict[str, Any]:
    told = {"title": argument.name}
    match argument.kind:
        case Kind.TEXT if argument.words:
            return told | {"enum": list(argument.words)}
        case Kind.TEXT:
            return told | {"type": "string", "maxLength": LONGEST_TEXT}
        case Kind.SWITCH:
            return told | {"type": ["boolean", "number"]}
        case _:
            kind = "integer" if argument.kind is Kind.WHOLE else "number"
            return told | {"type": kind, "minimum": argument.low, "maximum": argument.high}


def _asks() -> list[dict[str, Any]]:
    bar = {"type": "integer", "minimum": 1}
    notes = {"id": _ID, "ask": {"const": "notes"}, "first": bar, "last": bar}
    return [
        _object(notes, list(notes)) | {"description": f"at most {MOST_BARS} bars"},
        *(_object({"id": _ID, "ask": {"const": name}}, ["id", "ask"]) for name in ("doctor", "models", "clock")),
    ]


def _to_client() -> list[dict[str, Any]]:
    pointers = {"type": "array", "items": _TEXT}
    return [
        _message("hello", api={"const": API}, hitpoint=_TEXT, build=_TEXT, now=_NUMBER),
        _message("state", version=_COUNT, now=_NUMBER, state=_ref("state")),
        _message("change", **{"from": _COUNT}, version=_COUNT, now=_NUMBER, set={"type": "object"}, gone=pointers),
        _message("beat", now=_NUMBER),
        _message("goodbye", why=_TEXT),
        _answer(False, error=_TEXT),
        _answer(True, value={"type": "array"}),
        _answer(True, bars=_of(_bar_notes())),
        _answer(True, findings={"type": "array", "items": _finding()}),
        _answer(True, models={"type": "array", "items": _TEXT}),
        _answer(True, now=_NUMBER),
    ]


def _message(kind: str, **members: Any) -> dict[str, Any]:
    return _object({"type": {"const": kind}, **members}, ["type", *members])


def _answer(ok: bool, **members: Any) -> dict[str, Any]:
    number = _ID if ok else {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    return _message("answer", id=number, ok={"const": ok}, **members)


def _finding() -> dict[str, Any]:
    health = {"enum": ["ok", "warn", "fail"]}
    return _object({"check": _TEXT, "health": health, "found": _TEXT, "advice": _TEXT}, ["check", "health", "found"])


def _bar_notes() -> dict[str, Any]:
    note = {"type": "array", "prefixItems": [_NUMBER, _COUNT, _COUNT, _COUNT], "items": False, "minItems": 4}
    part = _strict(by=_TEXT, notes={"type": "array", "items": note})
    return _strict(revision=_COUNT, parts=_of(part))


def _state() -> dict[str, Any]:
    """Every field of the state. Fields may be missing only until control has told them for the first time."""
    controls = _strict(**{name: _or_null(_NUMBER) for name in CONTROL_RANGES})
    span = _strict(start=_NUMBER, end=_NUMBER)
    switches = {"mute": _SWITCH, "solo": _SWITCH, "lock": _SWITCH}
    bar = _strict(stage=_TEXT, by=_TEXT, start=_COUNT, end=_COUNT, cue=_TEXT, controls=_or_null(controls))
    return _object(
        {
            "daemon": _strict(there=_SWITCH, why=_TEXT),
            "transport": _strict(rolling=_SWITCH, tick=_NUMBER, at=_NUMBER, loop=_or_null(span), turns=_SWITCH),
            "timeline": _timeline(),
            "spotting": _strict(
                cues=_list(_strict(name=_TEXT, start=_NUMBER, end=_or_null(_NUMBER))),
                hits=_list(_strict(tick=_NUMBER, name=_TEXT, kind=_TEXT, cue=_TEXT)),
                unread=_list(_strict(tick=_NUMBER, name=_TEXT, reason=_TEXT)),
            ),
            "landings": _of({"type": "object"}),
            "controls": controls,
            "curves": _of(_list(_list(_NUMBER))),
            "bars": _of(bar),
            "written": _of(_COUNT),
            "parts": _of(_strict(order=_COUNT, stem=_TEXT, instrument=_TEXT, **switches, sounds=_SWITCH)),
            "stems": _of(_strict(**switches)),
            "direction": _TEXT,
            "loop_varies": _SWITCH,
            "states": {"type": "object"},
            "stingers": _list(_TEXT),
            "midi": {"type": "object"},
            "audition": _strict(take=_TEXT, second=_NUMBER, at=_NUMBER),
            "status": {"type": "object"},
            "takes": _takes(),
            "page": _strict(address=_TEXT, lan=_SWITCH, clients=_COUNT, dropped=_COUNT),
            "osc": _strict(host=_TEXT, port=_COUNT),
        },
        ["daemon", "page", "takes"],
    )


def _takes() -> dict[str, Any]:
    cue = _strict(name=_TEXT, start=_or_null(_NUMBER), end=_or_null(_NUMBER), there=_COUNT)
    return _strict(
        cues=_list(cue),
        none=_TEXT,
        ready=_COUNT,
        run=_or_null(_strict(cue=_TEXT, done=_COUNT, count=_COUNT)),
        one=_or_null(_strict(what={"enum": ["vary", "infill", "add"]}, of=_TEXT)),
        preparing=_TEXT,
        wrong=_list(_strict(cue=_TEXT, why=_TEXT)),
        made=_COUNT,
    )


def _timeline() -> dict[str, Any]:
    return _strict(
        frame_rate=_TEXT,
        tempo=_list(_strict(tick=_COUNT, seconds=_NUMBER, bpm=_NUMBER, ramp={"enum": ["step", "beats", "time"]})),
        meter=_list(_strict(tick=_COUNT, bar=_COUNT, numerator=_COUNT, denominator=_COUNT)),
        markers=_list(_strict(id=_TEXT, tick=_NUMBER, name=_TEXT)),
        regions=_list(_strict(id=_TEXT, start=_NUMBER, end=_NUMBER, name=_TEXT)),
    )


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _strict(**properties: Any) -> dict[str, Any]:
    return _object(properties, list(properties))


def _of(value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": value}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _or_null(value: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [value, {"type": "null"}]}
