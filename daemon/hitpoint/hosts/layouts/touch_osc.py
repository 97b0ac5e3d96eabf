"""A layout for TouchOSC (the one of 2021 and later), as a .tosc file: XML, compressed by zlib.

Source: its maker has not published the format. It is written here as in files that the program itself saved (version 5
of `lexml`), which others have described; what their nodes never have is not used.
"""

import zlib
from collections.abc import Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from hitpoint.hosts.commands import Kind, Value
from hitpoint.hosts.layouts.places import HEIGHT, WIDTH, Frame, Placed, Title, placed
from hitpoint.hosts.layouts.stage import Section, Shape, StageControl, type_tag

ALL_CONNECTIONS = "1" * 10
"""One sign for each of the program's connections."""
_MOMENTARY, _TOGGLE = 0, 1
"""Of a button."""
_CONVERSIONS = {"f": "FLOAT", "i": "INTEGER", "s": "STRING"}
"""By OSC's type tags."""
_GREY, _BLUE, _RED = (0.25, 0.25, 0.25, 1), (0.2, 0.45, 0.8, 1), (0.8, 0.2, 0.2, 1)

Property = bool | int | float | str | tuple[float, ...] | Frame


def touch_osc(sections: Sequence[Section]) -> bytes:
    """The layout's file."""
    children = "".join(map(_nodes, placed(sections)))
    frame = Frame(0, 0, WIDTH, HEIGHT)
    look = _look("Hitpoint", frame, (0, 0, 0, 1)) | {"grabFocus": False, "interactive": False}
    root = _node("stage", "GROUP", look, {"touch": "false"}, children=children)
    return zlib.compress(f"<?xml version='1.0' encoding='UTF-8'?><lexml version='5'>{root}</lexml>".encode())


def _nodes(one: Placed) -> str:
    """A control, and a label on it: its own buttons have none."""
    if isinstance(one.what, Title):
        return _label(one.what.text, one.frame)
    control = one.what
    colour = _RED if control.address == "/hitpoint/panic" else _BLUE
    look = _look(control.label, one.frame, colour)
    values = {"touch": "false", "x": "0"}
    if control.shape is Shape.FADER:
        look |= {
            "bar": True, "barDisplay": 0, "cursor": True, "cursorDisplay": 0, "grid": False, "gridSteps": 10,
            "response": 0, "responseFactor": 100,
        }  # fmt: skip
        return _node(control.name, "FADER", look, values, _message(control))
    toggles = control.shape is Shape.TOGGLE
    look |= {
        "buttonType": _TOGGLE if toggles else _MOMENTARY, "press": True, "release": True, "valuePosition": False,
    }  # fmt: skip
    return _node(control.name, "BUTTON", look, values, _message(control)) + _label(control.label, one.frame)


def _label(text: str, frame: Frame) -> str:
    look = _look(text, frame, _GREY) | {
        "background": False, "outline": False, "interactive": False, "grabFocus": False,
        "font": 0, "textAlignH": 2, "textAlignV": 2, "textClip": True, "textColor": (1, 1, 1, 1), "textLength": 0,
        "textSize": 16,
    }  # fmt: skip
    name = f"label {text} {frame.x} {frame.y}"
    return _node(name, "LABEL", look, {"text": text, "touch": "false"})


def _message(control: StageControl) -> str:
    """What is sent, and heard: a button that stays the same hears nothing."""
    arguments = "".join(_partial("CONSTANT", sent.kind, _written(sent.value)) for sent in control.sent)
    if control.moving is not None:
        arguments += _partial("VALUE", control.moving.kind, "x", control.moving.low, control.moving.high)
    hears = int(control.moving is not None)
    # A press is the rise alone: surfaces send the fall, too, unless told not to.
    condition = "ANY" if hears else "RISE"
    return (
        f"<osc><enabled>1</enabled><send>1</send><receive>{hears}</receive><feedback>0</feedback>"
        f"<noDuplicates>0</noDuplicates><connections>{ALL_CONNECTIONS}</connections>"
        f"<triggers><trigger><var>{_text('x')}</var><condition>{condition}</condition></trigger></triggers>"
        f"<path>{_partial('CONSTANT', Kind.TEXT, control.address)}</path><arguments>{arguments}</arguments></osc>"
    )


def _partial(kind: str, of: Kind, value: str, low: float = 0, high: float = 1) -> str:
    return (
        f"<partial><type>{kind}</type><conversion>{_CONVERSIONS[type_tag(of)]}</conversion><value>{_text(value)}</value>"
        f"<scaleMin>{low:g}</scaleMin><scaleMax>{high:g}</scaleMax></partial>"
    )


def _look(name: str, frame: Frame, colour: tuple[float, ...]) -> dict[str, Property]:
    """The properties that every node has."""
    return {
        "background": True, "color": colour, "cornerRadius": 1.0, "frame": frame, "grabFocus": True,
        "interactive": True, "locked": False, "name": name, "orientation": 0, "outline": True, "outlineStyle": 0,
        "pointerPriority": 0, "shape": 1, "visible": True,
    }  # fmt: skip


def _node(
    name: str, kind: str, look: Mapping[str, Property], values: Mapping[str, str], message: str = "", children: str = ""
) -> str:
    """name: what it is among all; the same name has the same identity in every layout."""
    properties = "".join(_property(key, look[key]) for key in sorted(look))
    told = "".join(
        f"<value><key>{_text(key)}</key><locked>0</locked><lockedDefaultCurrent>0</lockedDefaultCurrent>"
        f"<default>{_text(value)}</default><defaultPull>0</defaultPull></value>"
        for key, value in values.items()
    )
    # The program leaves out what is empty.
    messages = f"<messages>{message}</messages>" if message else ""
    within = f"<children>{children}</children>" if children else ""
    return (
        f"<node ID='{uuid5(NAMESPACE_URL, f'hitpoint:{name}')}' type='{kind}'><properties>{properties}</properties>"
        f"<values>{told}</values>{messages}{within}</node>"
    )


def _property(key: str, value: Property) -> str:
    match value:
        case bool():
            kind, written = "b", f"{int(value)}"
        case int():
            kind, written = "i", f"{value}"
        case float():
            kind, written = "f", f"{value:g}"
        case str():
            kind, written = "s", _text(value)
        case Frame(x, y, width, height):
            kind, written = "r", f"<x>{x}</x><y>{y}</y><w>{width}</w><h>{height}</h>"
        case _:
            kind, written = "c", "".join(f"<{name}>{part:g}</{name}>" for name, part in zip("rgba", value, strict=True))
    return f"<property type='{kind}'><key>{_text(key)}</key><value>{written}</value></property>"


def _text(text: str) -> str:
    """As the program writes texts. What would end them early is written out."""
    return escape(text) if "]]>" in text else f"<![CDATA[{text}]]>"


def _written(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
