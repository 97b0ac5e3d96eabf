"""Vocabularies of other versions: an older one is the beginning of ours, and what it lacks is left unsaid.

New fields go to the end of FIELDS, and to the end of a row. So every id of an older vocabulary means what it means in
ours, in the same column, and a model that learned it reads our rows when the ids and columns beyond its own are left
out. A model of a newer vocabulary may read our rows too, but nobody here knows what it draws: it is refused.
"""

from collections.abc import Mapping
from typing import Any

from hitpoint.tokens import vocabulary


def unknown_fields(stored: Mapping[str, Any]) -> tuple[str, ...]:
    """Fields of a stored vocabulary that this version does not know: then it is of a newer one."""
    names = [str(field["name"]) for field in stored["fields"]]
    return tuple(name for name in names if name not in vocabulary.FIELD_BY_NAME)


def differences(stored: Mapping[str, Any]) -> tuple[str, ...]:
    """What keeps a stored vocabulary from being ours, or the beginning of ours; nothing where it is.

    Names entries of `vocabulary.as_json`, in its order.
    """
    ours = vocabulary.as_json()
    agrees = {
        "size": stored.get("size") == 1 + sum(int(field["size"]) for field in stored["fields"]),
        "row_width": stored.get("row_width") == max(len(columns) for columns in stored["layout"].values()),
        "fields": _begins(ours["fields"], stored["fields"]),
        "layout": _layout_agrees(stored["layout"], stored["fields"]),
    }
    return tuple(name for name in ours if not agrees.get(name, ours[name] == stored.get(name)))


def _layout_agrees(layout: Mapping[str, Any], fields: list[Mapping[str, Any]]) -> bool:
    """Whether every kind of row is ours without the columns of fields that are not known there."""
    known = {field["name"] for field in fields}
    return set(layout) == {kind.name for kind in vocabulary.LAYOUT} and all(
        _begins(columns, layout[kind.name]) and not known.intersection(columns[len(layout[kind.name]) :])
        for kind, columns in vocabulary.LAYOUT.items()
    )


def _begins(whole: Any, part: Any) -> bool:
    return list(whole[: len(part)]) == list(part)
