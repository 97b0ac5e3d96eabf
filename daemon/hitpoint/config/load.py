"""Puts the settings together: defaults < the person's file < --config < environment < flags.

Every mistake of every source is found before any is told, so that a file is mended once.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from typing import Any, get_type_hints

from hitpoint.config.articulation_maps import switched_twice
from hitpoint.config.document import Table, Text, Written, did_you_mean, parse_document, read_document, repeats
from hitpoint.config.places import user_config_file
from hitpoint.config.readers import Reader
from hitpoint.config.settings import Settings
from hitpoint.errors import ConfigError
from hitpoint.score.articulation import ArticulationMap
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.stinger import Stinger
from hitpoint.timeline.units import FrameRate

PREFIX = "HITPOINT_"
"""Of the environment variables that are settings."""
ALWAYS_THERE = ("builtin", "jack", "link")
"""Who may lead and never falls silent."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting in effect."""

    key: str
    """Dotted: "output.kind"."""
    value: Any
    """As JSON would have it."""
    source: str
    """Who said so: "defaults", a file with its line, an environment variable, the command line."""


@dataclass(frozen=True, slots=True)
class _Given:
    """A setting as one source gives it."""

    key: str
    written: Written
    source: str


def load_settings(
    file: Path | None = None,
    flags: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    user_file: Path | None = None,
) -> Settings:
    """The settings in effect. Raises ConfigError that names every mistake.

    file: given with --config, must exist. flags: text by dotted key. user_file: read where it exists.
    """
    return _load(file, flags, environment, user_file)[0]


def explain(
    file: Path | None = None,
    flags: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    user_file: Path | None = None,
) -> tuple[Origin, ...]:
    """Each setting's value and where it came from, in the order of defaults.yaml. Raises ConfigError."""
    return _load(file, flags, environment, user_file)[1]


def _load(
    file: Path | None, flags: Mapping[str, str] | None, environment: Mapping[str, str] | None, user_file: Path | None
) -> tuple[Settings, tuple[Origin, ...]]:
    environment = os.environ if environment is None else environment
    user_file = user_file or user_config_file(environment=environment)
    mistakes: list[str] = []
    given = list(_of_table(defaults(), "defaults", mistakes, lines=False))
    for path in (user_file if user_file.is_file() else None, file):
        if path is not None:
            given += _of_file(path, mistakes)
    given += _of_environment(environment, mistakes)
    given += _of_flags(flags or {}, mistakes)
    values, origins = _values(given, mistakes)
    _check_together(values, origins, mistakes)
    if mistakes:
        count = f"{len(mistakes)} mistakes in the settings: " if len(mistakes) > 1 else ""
        raise ConfigError(count + "; ".join(mistakes))
    return _built(Settings, values), tuple(Origin(key, _plain(value), origins[key]) for key, value in values.items())


@cache
def readers() -> dict[str, Reader]:
    """Each setting's dotted key and its reader, taken from the Settings dataclasses."""
    return dict(_readers(Settings, ""))


def _readers(section: type, prefix: str) -> Iterator[tuple[str, Reader]]:
    for name, hint in get_type_hints(section, include_extras=True).items():
        if hasattr(hint, "__metadata__"):
            yield f"{prefix}{name}", hint.__metadata__[0]
        else:
            yield from _readers(hint, f"{prefix}{name}.")


def _names() -> list[str]:
    """Every setting and every section."""
    return [*readers(), *dict.fromkeys(key.rpartition(".")[0] for key in readers() if "." in key)]


def defaults() -> Table:
    """defaults.yaml."""
    return parse_document((files("hitpoint.config") / "defaults.yaml").read_text("utf-8"), "defaults.yaml")


def _of_file(path: Path, mistakes: list[str]) -> list[_Given]:
    try:
        table = read_document(path)
    except ConfigError as error:
        mistakes.append(str(error).rstrip("."))
        return []
    mistakes += [f"{path} line {line}: {key} is written twice" for line, key in repeats(table)]
    return list(_of_table(table, str(path), mistakes))


def _of_table(table: Table, source: str, mistakes: list[str], prefix: str = "", lines: bool = True) -> Iterator[_Given]:
    for name, written in table.entries.items():
        key = f"{prefix}{name}"
        where = f"{source} line {written.line}" if lines else source
        if key in readers():
            yield _Given(key, written, where)
        elif not any(known.startswith(f"{key}.") for known in readers()):
            mistakes.append(f"{where}: {_unknown(key, _names())}")
        elif isinstance(written, Table):
            yield from _of_table(written, source, mistakes, f"{key}.", lines)
        elif not (isinstance(written, Text) and written.text == ""):
            # A section whose lines are all commented out is empty, and no mistake.
            mistakes.append(f"{where}: {key} holds settings of its own. Write them below it, indented")


def _of_environment(environment: Mapping[str, str], mistakes: list[str]) -> Iterator[_Given]:
    known = {PREFIX + key.replace(".", "_").upper(): key for key in readers()}
    for name in sorted(environment):
        if name in known:
            yield from _of_text(known[name], environment[name], name, mistakes)
        elif name.startswith(PREFIX):
            mistakes.append(f"environment: {_unknown(name, list(known))}")


def _of_flags(flags: Mapping[str, str], mistakes: list[str]) -> Iterator[_Given]:
    for key, text in flags.items():
        if key in readers():
            yield from _of_text(key, text, "command line", mistakes)
        else:
            mistakes.append(f"command line: {_unknown(key, _names())}")


def _of_text(key: str, text: str, source: str, mistakes: list[str]) -> Iterator[_Given]:
    """One value outside a file: text, or a table in YAML's one-line form, {strings: -60}."""
    try:
        yield _Given(key, parse_document(text, source) if text.lstrip().startswith("{") else Text(text, 1), source)
    except ConfigError as error:
        mistakes.append(str(error).rstrip("."))


def _unknown(key: str, known: list[str]) -> str:
    return f"{key} is not a setting.{did_you_mean(key, known) or ' `hitpoint config` lists them.'}"


def _values(given: list[_Given], mistakes: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for item in given:
        try:
            values[item.key] = readers()[item.key](item.written)
            origins[item.key] = item.source
        except ConfigError as error:
            mistakes.append(f"{item.source}: {item.key} {str(error).rstrip('.')}")
    return values, origins


def _check_together(values: dict[str, Any], origins: dict[str, str], mistakes: list[str]) -> None:
    for key, ip, lan in (
        ("osc.host", values["osc.host"], "osc.lan"),
        ("osc.notes", values["osc.notes"][0], "osc.lan"),
        ("page.host", values["page.host"], "page.lan"),
    ):
        if not ip_address(ip).is_loopback and not values[lan]:
            mistakes.append(
                f"{origins[key]}: {key} {ip} is not this machine. Set {lan}: true if you mean to use the network, "
                "else keep 127.0.0.1"
            )
    _check_order(values["follow"], origins["follow"], mistakes)
    if values["output.clock"] and "midi" in values["follow"]:
        mistakes.append(
            f"{origins['output.clock']}: output.clock true leads others by MIDI clock, and follow midi is led by one: "
            "Hitpoint could come to follow itself. Set output.clock: false, or follow something else"
        )
    for switch in switched_twice(values["output.articulations"], values["output.expression"]):
        mistakes.append(
            f"{origins['output.articulations']}: output.articulations: {switch}, which output.expression sends, too: "
            "it would not stay. Choose another controller, or leave that one out of output.expression"
        )
    if values["output.transport"] == "jack":
        for key, fits, wanted in (
            ("follow", values["follow"] == ("builtin",), "builtin"),
            ("output.kind", values["output.kind"] in ("auto", "jack"), "jack"),
        ):
            if not fits:
                mistakes.append(
                    f"{origins['output.transport']}: output.transport jack leads JACK's transport, which takes {key}: "
                    f"{wanted}. Set that, or output.transport: own"
                )
    if values["output.link"] and "link" in values["follow"]:
        mistakes.append(
            f"{origins['output.link']}: output.link true leads a Link session, and follow link is led by one. "
            "Set output.link: false, or follow something else"
        )
    if values["commit_seconds"] >= values["look_ahead_seconds"]:
        mistakes.append(
            f"{origins['commit_seconds']}: commit_seconds {values['commit_seconds']:g} must be less than "
            f"look_ahead_seconds {values['look_ahead_seconds']:g}"
        )


def _check_order(follow: tuple[str, ...], origin: str, mistakes: list[str]) -> None:
    """Of several sources each must be able to lead."""
    for name, later in pairwise(follow):
        if name in ALWAYS_THERE:
            mistakes.append(
                f"{origin}: follow names {name} before {later}, but {name} is always there, so that {later} would "
                f"never lead. Name {name} last"
            )


def _built(section: type[Any], values: dict[str, Any], prefix: str = "") -> Any:
    return section(
        **{
            name: values[key] if (key := f"{prefix}{name}") in values else _built(hint, values, f"{key}.")
            for name, hint in get_type_hints(section).items()
        }
    )


def _plain(value: Any) -> Any:
    match value:
        case FrameRate():
            return value.name
        case ArticulationMap():
            return value.source
        case Stinger():
            return value.text
        case dict():
            return {name: _plain(entry) for name, entry in value.items()}
        case Path():
            return str(value)
        case (str(name), int(port)):
            return f"{name}:{port}"
        case (BoundControl(), *_):
            return [bound._asdict() for bound in value]
        case tuple():
            return list(value)
        case _:
            return value
