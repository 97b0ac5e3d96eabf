"""A YAML file as people wrote it: text, lists and tables, each with its line, nothing guessed.

YAML itself would read 10:00:00:00 as a number of base 60, 29.970 as 29.97 and `no` as false. Here every value stays
the text it was; whoever knows what is meant converts it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import yaml

from hitpoint.config.plain_text import plain_text
from hitpoint.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Text:
    """A single value, as written without its quotes."""

    text: str
    line: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Written", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values, in the order written."""

    entries: dict[str, "Written"]
    line: int
    repeated: tuple[str, ...] = ()
    """Keys written twice or more: a mistake, because only the last could count."""


Written = Text | Items | Table


def read_document(path: Path) -> Table:
    """The file's table; an empty file is an empty one. Raises ConfigError that names file and line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}. Check the path.") from error
    return parse_document(plain_text(content, str(path)), str(path))


def parse_document(content: str, name: str) -> Table:
    """The table that YAML text holds. `name` is for messages."""
    try:
        node = yaml.compose(content, Loader=yaml.BaseLoader)
        written = Table({}, 1) if node is None else _written(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{name} line {line}: {error.problem or 'broken YAML'}. Mend the YAML there.") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{name} is not YAML: {' '.join(str(error).split())}. Save it as plain text.") from error
    except RecursionError as error:
        raise ConfigError(f"{name} is nested too deep. Write it flatter.") from error
    if not isinstance(written, Table):
        raise ConfigError(f"{name} line {written.line}: holds no keys. Write lines of the form `key: value`.")
    return written


def _written(node: yaml.Node) -> Written:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Text(node.value, line)
    if isinstance(node, yaml.SequenceNode):
        return Items(tuple(_written(item) for item in node.value), line)
    keys = [key.value if isinstance(key, yaml.ScalarNode) else "?" for key, _ in node.value]
    values = [_written(value) for _, value in node.value]
    repeated = tuple(dict.fromkeys(key for key in keys if keys.count(key) > 1))
    return Table(dict(zip(keys, values, strict=True)), line, repeated)


def repeats(table: Table, place: str = "") -> Iterator[tuple[int, str]]:
    """Line and dotted key of everything written twice, at any depth outside lists."""
    for key in table.repeated:
        yield table.entries[key].line, f"{place}{key}"
    for key, value in table.entries.items():
        if isinstance(value, Table):
            yield from repeats(value, f"{place}{key}.")


def did_you_mean(word: str, known: list[str]) -> str:
    """ " Did you mean 'x'?" for the nearest of the known words; else all of them, where they are few."""
    near = get_close_matches(word, known, n=1)
    if near:
        return f" Did you mean {near[0]!r}?"
    return f" There are: {', '.join(known)}." if 0 < len(known) <= 12 else ""
