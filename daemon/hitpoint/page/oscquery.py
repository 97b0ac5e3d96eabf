"""OSCQuery: every address with its type, range and words, made from the one table. No sockets here.

Source: Vidvox, OSCQueryProposal, revision 3 (attributes, queries and status codes).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitpoint.hosts.commands import COMMANDS, Argument, Command, Kind, part_address

NONE, READ, WRITE = 0, 1, 2
"""ACCESS; both is 3."""
ATTRIBUTES = (
    "FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "CLIPMODE", "TAGS", "CRITICAL",
)  # fmt: skip
"""Those that some address has."""
KNOWN = (*ATTRIBUTES, "EXTENDED_TYPE", "UNIT", "OVERLOADS", "HTML")
"""Those that may be asked for; what else is asked for is a mistake."""
EXTENSIONS = {
    "ACCESS": True,
    "VALUE": True,
    "RANGE": True,
    "DESCRIPTION": True,
    "CLIPMODE": True,
    "TAGS": True,
    "CRITICAL": True,
    "EXTENDED_TYPE": False,
    "UNIT": False,
    "LISTEN": True,
    "PATH_CHANGED": True,
    "PATH_ADDED": True,
    "PATH_REMOVED": True,
    # Parts and stingers come and go; none becomes another.
    "PATH_RENAMED": False,
    "OSC_STREAMING": True,
}
"""What HOST_INFO tells of us."""
_MOMENTARY = "N"
"""Type tag of an address that takes nothing: sending it is all there is."""
_NAMED = {"{part}": "part", "{stinger}": "stinger"}


@dataclass(frozen=True, slots=True)
class Names:
    """What the placeholders in addresses stand for."""

    parts: tuple[str, ...] = ()
    """Of parts and stems."""
    stingers: tuple[str, ...] = ()


Values = Mapping[str, Sequence[Any]]
"""What addresses tell, by address; those that tell nothing are left out."""


def addresses(names: Names) -> Iterator[tuple[str, Command]]:
    """Every address there is, with its row of the table."""
    for command in COMMANDS:
        if "{part}" in command.address:
            yield from ((command.address.replace("{part}", part_address(name)), command) for name in names.parts)
        elif "{stinger}" in command.address:
            yield from ((command.address.replace("{stinger}", part_address(name)), command) for name in names.stingers)
        else:
            yield command.address, command


def readable(names: Names, under: str = "/") -> tuple[str, ...]:
    """The addresses that tell something, at `under` and below."""
    return tuple(address for address, command in addresses(names) if command.readable and _below(address, under))


def path_changes(before: Collection[str], after: Collection[str]) -> list[tuple[str, str]]:
    """What to tell of other addresses, as commands with their paths, in order.

    Each address that has gone or come by itself; then the nodes that were there and still are, and whose contents
    have changed, for clients that know PATH_CHANGED only.
    """
    gone = [address for address in before if address not in after]
    come = [address for address in after if address not in before]
    stay = _nodes(before) & _nodes(after)
    changed = dict.fromkeys(next(node for node in _above(address) if node in stay) for address in (*gone, *come))
    return [
        *(("PATH_REMOVED", address) for address in gone),
        *(("PATH_ADDED", address) for address in come),
        *(("PATH_CHANGED", node) for node in changed),
    ]


def tree(names: Names, values: Values) -> dict[str, Any]:
    """The root node."""
    root: dict[str, Any] = {
        "FULL_PATH": "/",
        "ACCESS": NONE,
        "DESCRIPTION": "Hitpoint: music that lands on markers",
        "CONTENTS": {},
    }
    for address, command in addresses(names):
        node, path = root, ""
        for name in address.split("/")[1:]:
            path += f"/{name}"
            contents = node.setdefault("CONTENTS", {})
            node = contents.setdefault(name, {"FULL_PATH": path, "ACCESS": NONE})
        node.update(_described(command, values.get(address)))
    return root


def node_at(root: dict[str, Any], path: str) -> dict[str, Any] | None:
    """The node of that path; None where there is none."""
    node = root
    for name in filter(None, path.split("/")):
        node = node.get("CONTENTS", {}).get(name)
        if node is None:
            return None
    return node


def answer(root: dict[str, Any], path: str, attribute: str | None) -> tuple[int, dict[str, Any] | None]:
    """HTTP's status and what to send for a query. attribute: None for the whole node."""
    node = node_at(root, path)
    if node is None:
        return 404, None
    if attribute is None:
        return 200, node
    if attribute not in KNOWN:
        return 400, None
    return (200, {attribute: node[attribute]}) if attribute in node else (204, None)


def host_info(name: str, osc: tuple[str, int], socket: tuple[str, int]) -> dict[str, Any]:
    """What HOST_INFO tells: where OSC packets go, and where the WebSocket is."""
    return {
        "NAME": name,
        "OSC_IP": osc[0],
        "OSC_PORT": osc[1],
        "OSC_TRANSPORT": "UDP",
        "WS_IP": socket[0],
        "WS_PORT": socket[1],
        "EXTENSIONS": EXTENSIONS,
    }


def _nodes(addresses: Collection[str]) -> set[str]:
    return {"/"}.union(*({address, *_above(address)} for address in addresses))


def _above(address: str) -> Iterator[str]:
    """The nodes on the way up to the root, the nearest first."""
    while address != "/":
        address = address.rpartition("/")[0] or "/"
        yield address


def _described(command: Command, value: Sequence[Any] | None) -> dict[str, Any]:
    writable = command.build is not None
    node: dict[str, Any] = {
        "DESCRIPTION": command.does,
        "ACCESS": (READ if command.readable else 0) | (WRITE if writable else 0),
        "TYPE": "".join(argument.kind.value for argument in command.arguments) if writable else _type_of(value or ()),
        "TAGS": [command.address.split("/")[2]],
        # UDP may lose them: of these it would be noticed.
        "CRITICAL": writable and not command.readable,
    }
    if not node["TYPE"] and writable:
        node["TYPE"] = _MOMENTARY
    if value is not None:
        node["VALUE"] = list(value) or [None] * len(command.arguments)
    ranges = [_range(argument) for argument in command.arguments]
    if any(ranges):
        node["RANGE"] = ranges
        # A value out of range is refused, never bent into it.
        node["CLIPMODE"] = ["none"] * len(ranges)
    return node


def _range(argument: Argument) -> dict[str, Any] | None:
    match argument.kind:
        case Kind.NUMBER | Kind.WHOLE:
            return {"MIN": argument.low, "MAX": argument.high}
        case Kind.TEXT if argument.words:
            return {"VALS": list(argument.words)}
        case _:
            return None


def _type_of(value: Sequence[Any]) -> str:
    tags = {bool: "T", int: "i", float: "f", str: "s"}
    return "".join(tags.get(type(one), "s") for one in value)


def _below(address: str, under: str) -> bool:
    return under in ("", "/") or address == under.rstrip("/") or address.startswith(f"{under.rstrip('/')}/")
