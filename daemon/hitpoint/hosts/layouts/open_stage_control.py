"""A session for Open Stage Control, as JSON.

Source: its documentation, docs/widgets/properties-reference and docs/widgets/general-mechanics, and its own sessions
as version 1.29 writes them. What is left out has its default there.
"""

import json
from collections.abc import Sequence
from typing import Any

from hitpoint.hosts.layouts.places import HEIGHT, WIDTH, Frame, Placed, Title, placed
from hitpoint.hosts.layouts.stage import Section, Shape, type_tag

WRITTEN_FOR = "1.29.2"
"""The version whose properties these are: a later one brings them up to date when it opens the session."""
DECIMALS = 4
"""Of a fader's value: finer than a screen."""
_PANIC_COLOUR = "#d03b3b"


def open_stage_control(sections: Sequence[Section], target: str) -> bytes:
    """The session's file. target: HOST:PORT of the daemon, as Open Stage Control's server reaches it."""
    widgets = [_widget(one, number, target) for number, one in enumerate(placed(sections))]
    root = {"type": "root", "id": "root", "widgets": widgets}
    session = {"createdWith": "Open Stage Control", "version": WRITTEN_FOR, "type": "session", "content": root}
    return (json.dumps(session, ensure_ascii=False, indent=1) + "\n").encode()


def _widget(one: Placed, number: int, target: str) -> dict[str, Any]:
    if isinstance(one.what, Title):
        return {"type": "text", "id": f"title_{number}", **_place(one.frame), "value": one.what.text, "bypass": True}
    control = one.what
    sent = [one.value for one in control.sent]
    widget: dict[str, Any] = {
        "type": "fader" if control.shape is Shape.FADER else "button",
        "id": f"control_{number}",
        **_place(one.frame),
        "address": control.address,
        "typeTags": "".join(map(type_tag, control.kinds)),
        "target": [target],
        # Only to the daemon, whatever else the server sends to.
        "ignoreDefaults": True,
    }
    match control.shape:
        case Shape.FADER if control.moving is not None:
            low, high = control.moving.low, control.moving.high
            widget |= {"range": {"min": low, "max": high}, "decimals": DECIMALS, "design": "compact"}
            if low < 0:
                widget["origin"] = 0
        case Shape.TOGGLE:
            widget |= {"mode": "toggle", "on": 1, "off": 0, "label": control.label}
        case _ if not sent:
            widget |= {"mode": "momentary", "label": control.label}
        case _:
            # What is pressed sends its last argument as the button's own value.
            widget |= {"mode": "tap", "on": sent[-1], "preArgs": sent[:-1], "label": control.label}
    if control.address == "/hitpoint/panic":
        widget["colorWidget"] = _PANIC_COLOUR
    return widget


def _place(frame: Frame) -> dict[str, str]:
    """In hundredths, so that it fills any screen."""
    return {
        "left": f"{frame.x / WIDTH:.2%}",
        "top": f"{frame.y / HEIGHT:.2%}",
        "width": f"{frame.width / WIDTH:.2%}",
        "height": f"{frame.height / HEIGHT:.2%}",
    }
