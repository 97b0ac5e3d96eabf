"""What differs between two JSON values, as pointers and new values; and the way back. Pure.

Objects are compared member by member; lists and plain values are told whole. Pointers are RFC 6901's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """From one value to the next: first all that is gone, then all that is set."""

    set: Mapping[str, Any]
    """By pointer: the new value."""
    gone: tuple[str, ...] = ()
    """Pointers."""

    def __bool__(self) -> bool:
        return bool(self.set or self.gone)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """What makes `after` of `before`. Where both hold the very same object nothing is looked at: values are not
    changed once they are told."""
    changes = list(_changes("", before, after))
    return Difference(
        {pointer: value for pointer, value, there in changes if there},
        tuple(pointer for pointer, _, there in changes if not there),
    )


def applied(value: Mapping[str, Any], change: Difference) -> dict[str, Any]:
    """`value` with the difference made. Raises KeyError for a pointer that leads nowhere."""
    result = dict(value)
    for pointer in change.gone:
        parent, name = _parent(result, pointer)
        del parent[name]
    for pointer, new in change.set.items():
        parent, name = _parent(result, pointer)
        parent[name] = new
    return result


def _changes(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    for name in before:
        if name not in after:
            yield f"{path}/{_escaped(name)}", None, False
    for name, value in after.items():
        old = before.get(name)
        if old is value and name in before:
            continue
        if isinstance(old, dict) and isinstance(value, dict):
            yield from _changes(f"{path}/{_escaped(name)}", old, value)
        elif name not in before or type(old) is not type(value) or old != value:
            yield f"{path}/{_escaped(name)}", value, True


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _parent(value: dict[str, Any], pointer: str) -> tuple[dict[str, Any], str]:
    *way, last = (name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:])
    for name in way:
        # A copy on the way, so that whoever holds the value before keeps it.
        value[name] = dict(value[name])
        value = value[name]
    return value, last
