"""What of a session is kept in its file, wish by wish: how each is written as JSON, and how it is read back.

A new field of Session gets a row in WISHES, or a reason in MOMENTARY: a test sees to it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from hitpoint.hosts.midi_binding_text import binding_of
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.control_curve import BarPoint, ControlCurve, checked_curve
from hitpoint.score.controls import CONTROL_RANGES, Controls
from hitpoint.score.session import Session, VariationAsked
from hitpoint.score.state import HeldState, Stack, StateChange, States
from hitpoint.score.when import When
from hitpoint.score.wish import Frozen


@dataclass(frozen=True, slots=True)
class Wish:
    """One field of a session as its file has it."""

    field: str
    """Name of the field, and of the key in the file."""
    as_json: Callable[[Any], object]
    """From the field's value."""
    of_json: Callable[[Any], Any]
    """Back. Raises KeyError, TypeError, ValueError or HitpointError for what it cannot be."""


def _names(values: Iterable[object]) -> frozenset[str]:
    return frozenset(map(str, values))


def _controls_as_json(controls: Controls) -> dict[str, float | None]:
    return {name: getattr(controls, name) for name in CONTROL_RANGES}


def _controls_of(content: Mapping[str, float | None]) -> Controls:
    controls = Controls()
    for name, value in content.items():
        controls = controls.moved(name, None if value is None else float(value))
    return controls


def _curves_as_json(curves: Iterable[ControlCurve]) -> dict[str, list[list[float]]]:
    return {curve.name: [list(point) for point in curve.points] for curve in curves}


def _curves_of(content: Mapping[str, Iterable[Iterable[float]]]) -> tuple[ControlCurve, ...]:
    curves = (
        ControlCurve(str(name), tuple(BarPoint(*map(float, point)) for point in points))
        for name, points in content.items()
    )
    return tuple(sorted(map(checked_curve, curves), key=lambda one: one.name))


def _variations_as_json(variations: Iterable[VariationAsked]) -> list[dict[str, object]]:
    return [{**asdict(asked), "parts": sorted(asked.parts)} for asked in variations]


def _variations_of(content: Iterable[Mapping[str, Any]]) -> tuple[VariationAsked, ...]:
    return tuple(
        VariationAsked(
            int(asked["first_bar"]), int(asked["last_bar"]), _names(asked["parts"]), int(asked.get("first_tick", 0))
        )
        for asked in content
    )


def _bindings_of(content: Iterable[Iterable[str]]) -> tuple[BoundControl, ...]:
    bindings = tuple(BoundControl(*map(str, words)) for words in content)
    for words in bindings:
        binding_of(words)
    return bindings


def _turn_variations_of(content: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple((int(bar), int(answers)) for bar, answers in content)


def _states_as_json(states: States) -> dict[str, object]:
    return {
        "known": dict(states.known),
        "stack": [asdict(state) for state in states.stack],
        "changes": [{**asdict(change), "when": change.when.value} for change in states.changes],
    }


def _states_of(content: Mapping[str, Any]) -> States:
    known = {str(name): str(words) for name, words in content["known"].items()}
    changes = (
        StateChange(
            int(change["tick"]),
            When(change["when"]),
            _stack_of(change["stack"]),
            None if change["bridge_from"] is None else int(change["bridge_from"]),
        )
        for change in content["changes"]
    )
    return States(tuple(sorted(known.items())), _stack_of(content["stack"]), tuple(changes))


def _stack_of(content: Iterable[Mapping[str, Any]]) -> Stack:
    return tuple(
        HeldState(
            str(state["name"]),
            str(state["direction"]),
            int(state["begun"]),
            bool(state["from_start"]),
            None if state["until"] is None else int(state["until"]),
        )
        for state in content
    )


def _frozen_as_json(frozen: Frozen | None) -> dict[str, object] | None:
    return None if frozen is None else asdict(frozen)


def _frozen_of(content: Mapping[str, Any] | None) -> Frozen | None:
    if content is None:
        return None
    until = content["until"]
    return Frozen(int(content["bar"]), int(content["since"]), None if until is None else int(until))


WISHES: tuple[Wish, ...] = (
    Wish("seed", int, int),
    Wish("direction", str, str),
    Wish("controls", _controls_as_json, _controls_of),
    Wish("curves", _curves_as_json, _curves_of),
    Wish("muted", sorted, _names),
    Wish("soloed", sorted, _names),
    Wish("locked", sorted, _names),
    Wish("variations", _variations_as_json, _variations_of),
    Wish("loop_varies", bool, bool),
    Wish("turn_variations", list, _turn_variations_of),
    Wish("bindings", list, _bindings_of),
    Wish("states", _states_as_json, _states_of),
    Wish("frozen", _frozen_as_json, _frozen_of),
    Wish("model", str, str),
)
"""In the order of the file."""

MOMENTARY = {
    "timeline": "the host tells it anew",
    "transport": "where the host was is not where it will be",
    "stingers": "thrown in over what plays now",
    "model_reads": "the bundle of the model says so, which may be another next time",
}
"""Fields that are not kept, each with its reason."""


def wishes_as_json(session: Session) -> dict[str, object]:
    """What people asked for, by field."""
    return {wish.field: wish.as_json(getattr(session, wish.field)) for wish in WISHES}


def with_wishes(session: Session, content: Mapping[str, Any]) -> Session:
    """`session` with the wishes of a file. A wish that an older file does not have stays as it is.

    Raises KeyError, TypeError, ValueError or HitpointError for a value that cannot be.
    """
    given: dict[str, Any] = {wish.field: wish.of_json(content[wish.field]) for wish in WISHES if wish.field in content}
    return replace(session, **given)
