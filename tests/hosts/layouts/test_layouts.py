"""What surfaces would send, read from their files alone, is what the table of addresses takes."""

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

import pytest

from hitpoint.errors import HostError
from hitpoint.hosts.actions import Panic, Play, Stop, Subscribe, ThrowIn, Undo
from hitpoint.hosts.commands import Kind, find, read
from hitpoint.hosts.layouts.open_stage_control import open_stage_control
from hitpoint.hosts.layouts.places import HEIGHT, WIDTH, Frame, placed
from hitpoint.hosts.layouts.stage import Names, controls, stage
from hitpoint.hosts.layouts.touch_osc import touch_osc
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.session import ControlMoved, PartSet, Switch
from hitpoint.score.when import When
from hitpoint.score.wish import FreezeAsked, ReturnAsked, StateAsked, VaryAsked

NAMES = Names(("calm", "big chase", "x]]>&<y"), ("impact", "low roll"), ("strings", "violin 1"))


@dataclass(frozen=True)
class Message:
    """What a control in a file sends."""

    address: str
    tags: str
    fixed: tuple[object, ...]
    span: tuple[object, object] | None
    """From which value to which, for what moves."""
    hears: bool


def of_open_stage_control(file: bytes) -> Iterator[Message]:
    """Read as its documentation has it: `/address ...preArgs ...value`."""
    session = json.loads(file)
    assert session["type"] == "session"
    assert session["content"]["type"] == "root"
    widgets = session["content"]["widgets"]
    assert len({widget["id"] for widget in widgets}) == len(widgets)
    for widget in widgets:
        if widget["type"] == "text":
            continue
        assert widget["target"] == ["127.0.0.1:19790"]
        fixed, span = tuple(widget.get("preArgs", ())), None
        if widget["type"] == "fader":
            span = (widget["range"]["min"], widget["range"]["max"])
        elif widget["mode"] == "toggle":
            span = (widget["off"], widget["on"])
        elif widget["mode"] == "tap":
            fixed = (*fixed, widget["on"])
        yield Message(widget["address"], widget["typeTags"], fixed, span, span is not None)


def of_touch_osc(file: bytes) -> Iterator[Message]:
    """Read by a parser of XML, as any program would."""
    root = ElementTree.fromstring(zlib.decompress(file))
    assert (root.tag, root.get("version")) == ("lexml", "5")
    nodes = list(root.iter("node"))
    assert len({node.get("ID") for node in nodes}) == len(nodes)
    for osc in root.iter("osc"):
        (path,) = osc.iterfind("path/partial")
        fixed: list[object] = []
        span: tuple[object, object] | None = None
        tags = ""
        for partial in osc.iterfind("arguments/partial"):
            conversion, value = partial.findtext("conversion"), partial.findtext("value") or ""
            tags += {"FLOAT": "f", "INTEGER": "i", "STRING": "s"}[conversion or ""]
            kind = {"FLOAT": float, "INTEGER": int, "STRING": str}[conversion or ""]
            if partial.findtext("type") == "CONSTANT":
                fixed.append(kind(value))
            else:
                low, high = (float(partial.findtext(name) or "") for name in ("scaleMin", "scaleMax"))
                span = (kind(low), kind(high))
        yield Message(path.findtext("value") or "", tags, tuple(fixed), span, osc.findtext("receive") == "1")


def messages(name: str, names: Names = NAMES, receive_port: int | None = None) -> list[Message]:
    sections = stage(names, receive_port)
    if name == "TouchOSC":
        return list(of_touch_osc(touch_osc(sections)))
    return list(of_open_stage_control(open_stage_control(sections, "127.0.0.1:19790")))


both = pytest.mark.parametrize("program", ["TouchOSC", "Open Stage Control"])


@both
def test_addresses_types_and_ranges_are_the_table_s(program: str) -> None:
    sent = messages(program, receive_port=9000)
    assert len(sent) == len(list(controls(stage(NAMES))))
    for message in sent:
        command, _ = find(message.address)
        values = (*message.fixed, *(() if message.span is None else message.span[1:]))
        wanted = [argument.kind for argument in command.arguments[: len(values)]]
        # Switches go as they are told: 0 or 1.
        assert message.tags == "".join(kind.value for kind in wanted).replace("T", "i")
        if message.span is None:
            assert not message.hears
            continue
        assert message.hears
        assert command.readable
        moved = command.arguments[len(message.fixed)]
        assert message.span == ((0, 1) if moved.kind is Kind.SWITCH else (moved.low, moved.high))


@both
def test_what_the_stage_needs_is_there_and_does_what_it_says(program: str) -> None:
    sent = messages(program)
    done = [read(one.address, (*one.fixed, *([] if one.span is None else [one.span[1]]))) for one in sent]
    for name, (_, high) in CONTROL_RANGES.items():
        assert ControlMoved(name, high) in done
        assert ControlMoved(name, None) in done
    for state in NAMES.states:
        assert StateAsked(state, When.BAR, False, False, None) in done
    for stinger in NAMES.stingers:
        assert ThrowIn(stinger, When.BEAT) in done
    for part in NAMES.parts:
        assert PartSet(part, Switch.MUTE, True) in done
    for one in (Play(), Stop(), Panic(), Undo(), Subscribe(None), ReturnAsked(When.BAR), FreezeAsked(True)):
        assert one in done
    assert VaryAsked(When.BAR, frozenset()) in done
    assert read("/hitpoint/transport/locate", [1.0]) in done


@both
def test_the_port_to_listen_on_is_told(program: str) -> None:
    (message,) = (one for one in messages(program, receive_port=9000) if one.address == "/hitpoint/subscribe")
    assert message.fixed == (9000,)


def test_a_name_that_no_address_can_hold_is_refused() -> None:
    for name in ("hit/run", "what?", "größer"):
        with pytest.raises(HostError, match="plain letters"):
            stage(Names(stingers=(name,)))


@pytest.mark.parametrize("many", [0, 1, 7, 30])
def test_nothing_lies_over_anything_else_or_outside(many: int) -> None:
    names = Names([f"s{n}" for n in range(many)], [f"t{n}" for n in range(many)], [f"p{n}" for n in range(many)])
    frames = [one.frame for one in placed(stage(names))]
    for frame in frames:
        assert frame.x >= 0
        assert frame.y >= 0
        assert frame.x + frame.width <= WIDTH
        assert frame.y + frame.height <= HEIGHT
        assert min(frame.width, frame.height) >= 16
    assert not any(overlap(*two) for two in combinations(frames, 2))


def overlap(one: Frame, other: Frame) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def test_the_same_names_make_the_same_bytes() -> None:
    makers: list[Callable[[], bytes]] = [
        lambda: touch_osc(stage(NAMES)),
        lambda: open_stage_control(stage(NAMES), "127.0.0.1:19790"),
    ]
    assert all(make() == make() for make in makers)
