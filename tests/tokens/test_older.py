"""Vocabularies of other versions: the beginnings of ours are understood, and nothing else."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from fakes.older_bundle import FIRST_VOCABULARY
from hitpoint.tokens.older import differences, unknown_fields
from hitpoint.tokens.vocabulary import FIELDS, LAYOUT, OFFSETS, Kind, as_json

Stored = dict[str, Any]


def stored() -> Stored:
    """Ours, as it comes back from a file."""
    return dict(json.loads(json.dumps(as_json())))


def cut(count: int) -> Stored:
    """Ours when it had only so many fields."""
    known = {field.name for field in FIELDS[:count]}
    found = stored()
    found["fields"] = found["fields"][:count]
    found["layout"] = {kind: [name for name in names if name in known] for kind, names in found["layout"].items()}
    found["row_width"] = max(len(names) for names in found["layout"].values())
    found["size"] = 1 + sum(field["size"] for field in found["fields"])
    return found


def test_our_own_is_understood() -> None:
    assert differences(stored()) == unknown_fields(stored()) == ()


def test_that_of_the_first_bundle_is_understood() -> None:
    assert differences(json.loads(FIRST_VOCABULARY.read_text())) == ()


@pytest.mark.parametrize("count", range(21, len(FIELDS)))
def test_each_of_our_beginnings_since_the_first_bundle_is_understood(count: int) -> None:
    assert differences(cut(count)) == ()


def _renamed(found: Stored) -> None:
    found["instruments"][0] = "kazoo"


def _another_size(found: Stored) -> None:
    found["fields"][3]["size"] += 1


def _another_order(found: Stored) -> None:
    found["layout"]["BAR"].reverse()


def _without_a_kind(found: Stored) -> None:
    del found["layout"]["HOLE"]


def _one_id_more(found: Stored) -> None:
    found["size"] += 1


def _without_a_column(found: Stored) -> None:
    found["layout"]["PART"] = ["kind"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_renamed, ("instruments",)),
        (_another_size, ("size", "fields")),
        (_another_order, ("layout",)),
        (_without_a_kind, ("layout",)),
        (_one_id_more, ("size",)),
        (_without_a_column, ("layout",)),
    ],
)
def test_what_is_no_beginning_of_ours_is_named(change: Callable[[Stored], None], named: tuple[str, ...]) -> None:
    for found in (stored(), cut(21)):
        change(found)
        assert differences(found) == named


def test_what_a_newer_version_added_is_named() -> None:
    found = stored()
    found["fields"].append({"name": "swing", "size": 4, "first_id": found["size"]})
    assert unknown_fields(found) == ("swing",)


def test_new_fields_stand_at_the_end_of_the_ids_and_of_each_row() -> None:
    first = json.loads(FIRST_VOCABULARY.read_text())
    assert [{"name": x.name, "size": x.size, "first_id": OFFSETS[x.name]} for x in FIELDS][:21] == first["fields"]
    for kind in Kind:
        assert list(LAYOUT[kind])[: len(first["layout"][kind.name])] == first["layout"][kind.name]
