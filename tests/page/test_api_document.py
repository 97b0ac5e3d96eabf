"""API.md against the schema and the routes: what is served is documented, and what is documented is served."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.routing import Mount, Route

from fakes.page_stage import PageStage, staged
from hitpoint.page.schema import schema
from hitpoint.page.take_cue import Making

PAGE = Path(__file__).parents[2] / "daemon" / "hitpoint" / "page"
DOCUMENT = (PAGE / "API.md").read_text(encoding="utf-8")
DEFINITIONS = schema()["$defs"]
ENVELOPE = {"type", "id", "ok"}
"""What all answers have."""


def section(title: str) -> str:
    """The words below a heading."""
    parts = re.split(r"^## (.*)$", DOCUMENT, flags=re.MULTILINE)
    return next(text for heading, text in pairwise(parts) if heading == title)


def examples(title: str) -> list[dict[str, Any]]:
    """The messages that stand there, one a line of a block; what is left out there is empty."""
    blocks = re.findall(r"^```\n(.*?)^```$", section(title), flags=re.MULTILINE | re.DOTALL)
    return [json.loads(line.replace("{ … }", "{}")) for block in blocks for line in block.splitlines()]


def names_in(shape: str) -> list[str]:
    """The members of what is told as JSON, with or without what they may be."""
    return re.findall(r'"(\w+)"', re.sub(r'": "[^"]*"(\|"[^"]*")*', '"', shape))


def alternatives(definition: str) -> list[dict[str, Any]]:
    rules = DEFINITIONS[definition]
    found: list[dict[str, Any]] = rules.get("anyOf") or rules["oneOf"]
    return found


def test_every_message_to_a_client_is_documented_with_its_members_and_no_other_is() -> None:
    of_schema = {
        (rule["properties"]["type"]["const"], frozenset(rule["required"])) for rule in alternatives("toClient")
    }
    answers = re.findall(r"Answer: `(.*?)`", section("Client → daemon"), flags=re.DOTALL)
    members = (next(name for name in names_in(one) if name not in ENVELOPE) for one in answers)
    of_document = {
        *((one["type"], frozenset(one)) for one in examples("Daemon → client")),
        *(("answer", frozenset({*ENVELOPE, name})) for name in members),
    }
    assert of_document == of_schema


def test_every_message_to_the_daemon_is_documented_with_its_members_and_no_other_is() -> None:
    of_schema = {
        (rule["properties"].get("ask", {}).get("const"), frozenset(rule["properties"]))
        for rule in alternatives("toDaemon")
    }
    assert {(one.get("ask"), frozenset(one)) for one in examples("Client → daemon")} == of_schema


@pytest.mark.parametrize(
    ("title", "definition"), [("Daemon → client", "toClient"), ("Client → daemon", "toDaemon")], ids=["heard", "sent"]
)
def test_what_is_given_as_an_example_could_be_sent(title: str, definition: str) -> None:
    valid = Draft202012Validator({**schema(), "anyOf": [{"$ref": f"#/$defs/{definition}"}]})
    for example in examples(title):
        if example.get("state") == {}:
            example["state"] = {"daemon": {"there": True, "why": ""}, "page": _page(), "takes": Making().told()}
        valid.validate(example)


def _page() -> dict[str, Any]:
    return {"address": "http://127.0.0.1:7360", "lan": False, "clients": 1, "dropped": 0}


STATE = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section("The state"), flags=re.MULTILINE))


def test_every_field_of_the_state_is_documented_and_no_other_is() -> None:
    assert list(STATE) == list(DEFINITIONS["state"]["properties"])


def _is_open(rule: dict[str, Any]) -> bool:
    """True where the schema leaves the members to the document."""
    return {"type": "object"} in (rule, rule.get("additionalProperties"))


@pytest.mark.parametrize(
    "field", [name for name, rule in DEFINITIONS["state"]["properties"].items() if not _is_open(rule)]
)
def test_every_member_of_a_field_is_documented_and_no_other_is(field: str) -> None:
    rule = DEFINITIONS["state"]["properties"][field]
    shapes = " ".join(re.findall(r"`(.*?)`", STATE[field].replace("\\|", "|")))
    assert set(names_in(shapes)) == _members(rule)


def _members(rule: Any) -> set[str]:
    """The names of all members, at any depth."""
    if isinstance(rule, list):
        return set().union(*map(_members, rule))
    if not isinstance(rule, dict):
        return set()
    own = rule.get("properties", {})
    deeper = [*own.values(), *(value for name, value in rule.items() if name != "properties")]
    return set(own) | _members(deeper)


def test_every_url_that_is_served_is_documented_and_no_other_is() -> None:
    served: set[tuple[str, str]] = set()

    async def scene(stage: PageStage) -> None:
        for route in stage.page._site.application().routes:  # type: ignore[attr-defined]
            if isinstance(route, Mount):
                served.add(("GET", "/assets"))
                continue
            path = re.sub(r"\{\w+\}", "ID", route.path.removesuffix("{path:path}"))
            methods = (route.methods or set()) - {"HEAD"} if isinstance(route, Route) else {"WS"}
            served.update((method, path) for method in methods)

    staged(scene)
    lines = re.findall(r"`(GET|POST|WS) (/[^`? ]*)( …)?", DOCUMENT)
    documented = {(method, path.removesuffix("/…")) for method, path, more in lines if not more}
    groups = {(method, path) for method, path, more in lines if more}
    assert documented == served
    assert all(any(of == method and one.startswith(path) for of, one in served) for method, path in groups)
