"""The tree against the table and the proposal's words. Over HTTP and by an independent client: test_site.py."""

from random import Random

import pytest

from hitpoint.hosts.commands import COMMANDS, Kind
from hitpoint.page.oscquery import (
    ATTRIBUTES,
    EXTENSIONS,
    Names,
    addresses,
    answer,
    host_info,
    node_at,
    path_changes,
    readable,
    tree,
)

NAMES = Names(("strings", "violin 1"), ("impact",))
VALUES = {
    "/hitpoint/control/intensity": (0.5,),
    "/hitpoint/transport": (True, 3, 1, 0, 120.0),
    "/hitpoint/control/valence": (),
}
ROOT = tree(NAMES, VALUES)


def nodes(node: dict) -> list[dict]:
    return [node, *(below for child in node.get("CONTENTS", {}).values() for below in nodes(child))]


def test_every_address_of_the_table_is_in_the_tree_with_its_range():
    there = {node["FULL_PATH"]: node for node in nodes(ROOT)}
    for command in COMMANDS:
        address = command.address.replace("{part}", "violin_1").replace("{stinger}", "impact")
        node = there[address]
        assert node["DESCRIPTION"] == command.does
        assert node["ACCESS"] == (1 if command.readable else 0) + (2 if command.build is not None else 0)
        if command.build is not None:
            assert node["TYPE"] == ("".join(one.kind.value for one in command.arguments) or "N")
        for place, argument in enumerate(command.arguments):
            if argument.kind in (Kind.NUMBER, Kind.WHOLE):
                assert node["RANGE"][place] == {"MIN": argument.low, "MAX": argument.high}
            elif argument.words:
                assert node["RANGE"][place] == {"VALS": list(argument.words)}


def test_every_node_says_where_it_is_and_a_group_that_it_has_no_value():
    for node in nodes(ROOT):
        assert set(node) <= set(ATTRIBUTES)
        for name, child in node.get("CONTENTS", {}).items():
            assert child["FULL_PATH"] == f"{node['FULL_PATH'].rstrip('/')}/{name}"
        if "TYPE" not in node:
            assert node["ACCESS"] == 0
        assert len(node.get("RANGE", [])) in (0, len(node.get("TYPE", "")))
        assert len(node.get("CLIPMODE", [])) == len(node.get("RANGE", []))


def test_parts_and_stingers_have_addresses_of_their_own():
    there = dict(addresses(NAMES))
    assert {"/hitpoint/part/violin_1/mute", "/hitpoint/part/strings/lock", "/hitpoint/stinger/impact"} <= set(there)
    assert not [address for address in there if "{" in address]
    assert "/hitpoint/part/violin_1/solo" in readable(NAMES, "/hitpoint/part")
    assert readable(NAMES, "/hitpoint/control/intensity") == ("/hitpoint/control/intensity",)


def test_values_have_the_types_that_are_told():
    assert node_at(ROOT, "/hitpoint/transport")["TYPE"] == "Tiiif"
    assert node_at(ROOT, "/hitpoint/transport")["VALUE"] == [True, 3, 1, 0, 120.0]
    # What nobody holds has no value, but has its place.
    assert node_at(ROOT, "/hitpoint/control/valence")["VALUE"] == [None]


@pytest.mark.parametrize(
    ("path", "attribute", "status", "content"),
    [
        ("/hitpoint/control/intensity", "VALUE", 200, {"VALUE": [0.5]}),
        ("/hitpoint/control/intensity", "RANGE", 200, {"RANGE": [{"MIN": 0.0, "MAX": 1.0}]}),
        ("/hitpoint/control/intensity", "TYPE", 200, {"TYPE": "f"}),
        ("/hitpoint/control/intensity", "ACCESS", 200, {"ACCESS": 3}),
        ("/hitpoint/control/intensity", "CLIPMODE", 200, {"CLIPMODE": ["none"]}),
        ("/hitpoint/control/intensity", "FULL_PATH", 200, {"FULL_PATH": "/hitpoint/control/intensity"}),
        ("/hitpoint/panic", "VALUE", 204, None),
        ("/hitpoint/panic", "RANGE", 204, None),
        ("/hitpoint/control", "VALUE", 204, None),
        ("/hitpoint/control/intensity", "UNIT", 204, None),
        ("/hitpoint/control/intensity", "NONSENSE", 400, None),
        ("/hitpoint/nothing", "VALUE", 404, None),
        ("/hitpoint/nothing", None, 404, None),
    ],
)
def test_a_query_is_answered_as_the_proposal_says(path: str, attribute: str | None, status: int, content: object):
    assert answer(ROOT, path, attribute) == (status, content)


def test_a_node_is_told_with_all_that_is_below_it():
    status, node = answer(ROOT, "/hitpoint/control/", None)
    assert (status, set(node["CONTENTS"])) == (200, {"intensity", "density", "valence", "arousal", "tension"})


def test_host_info_says_where_packets_and_sockets_go_and_what_is_understood():
    info = host_info("Hitpoint", ("127.0.0.1", 19790), ("127.0.0.1", 7360))
    assert (info["OSC_IP"], info["OSC_PORT"], info["OSC_TRANSPORT"]) == ("127.0.0.1", 19790, "UDP")
    assert (info["WS_IP"], info["WS_PORT"]) == ("127.0.0.1", 7360)
    assert info["EXTENSIONS"] is EXTENSIONS
    used = {name for node in nodes(ROOT) for name in node} & set(EXTENSIONS)
    assert all(EXTENSIONS[name] for name in used)


def changes(before: Names, after: Names) -> list[tuple[str, str]]:
    return path_changes(dict(addresses(before)), dict(addresses(after)))


def test_a_part_that_comes_or_goes_is_told_by_its_own_addresses_and_the_node_that_holds_it():
    one, two = Names(("strings",)), Names(("strings", "violin 1"))
    own = [f"/hitpoint/part/violin_1/{switch}" for switch in ("mute", "solo", "lock")]
    told = [("PATH_CHANGED", "/hitpoint/part")]
    assert changes(one, two) == [*(("PATH_ADDED", address) for address in own), *told]
    assert changes(two, one) == [*(("PATH_REMOVED", address) for address in own), *told]
    # The node of all parts has not been there before.
    assert changes(Names(), one)[-1] == ("PATH_CHANGED", "/hitpoint")


def test_a_stinger_changes_nothing_of_the_parts_and_another_order_nothing_at_all():
    before, after = Names(("strings",), ("impact",)), Names(("strings",), ("impact", "sting"))
    assert changes(before, after) == [
        ("PATH_ADDED", "/hitpoint/stinger/sting"),
        ("PATH_CHANGED", "/hitpoint/stinger"),
    ]
    assert changes(Names(("strings", "brass")), Names(("brass", "strings"))) == []


def reloaded(root: dict, path: str, now: dict) -> dict:
    """The tree of a client that has asked for that node again."""
    if path == "/":
        return now
    name, _, rest = path.removeprefix("/").partition("/")
    child = reloaded(root["CONTENTS"][name], f"/{rest}", now["CONTENTS"][name])
    return {**root, "CONTENTS": {**root["CONTENTS"], name: child}}


@pytest.mark.parametrize("seed", range(20))
def test_each_kind_of_client_has_the_tree_as_it_is_after_what_it_was_told(seed: int):
    random = Random(seed)

    def names() -> Names:
        some = [random.sample(("violin 1", "strings", "brass", "harp"), random.randint(0, 4)), random.sample("abc", 2)]
        return Names(*map(tuple, some))

    before, after = names(), names()
    told = changes(before, after)
    known = {address for address, _ in addresses(before)}
    for command, path in told:
        if command == "PATH_ADDED":
            known.add(path)
        elif command == "PATH_REMOVED":
            known.remove(path)
    assert known == {address for address, _ in addresses(after)}
    root = tree(before, {})
    for command, path in told:
        if command == "PATH_CHANGED":
            root = reloaded(root, path, tree(after, {}))
    assert root == tree(after, {})
