"""What of a session is kept in its file, wish by wish: how each is written as JSON, and how it is read back.

A new field of Session gets a row in WISHES, or a reason in MOMENTARY: a test sees to it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from hitpoint.hosts.midi_binding_text import binding_of
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.controls import CONTROL_RANGES, Controls
from hitpoint.score.session import Session, VariationAsked


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


def _variations_as_json(variations: Iterable[VariationAsked]) -> list[dict[str, object]]:
    return [{**asdict(asked), "parts": sorted(asked.parts)} for asked in variations]


def _variations_of(content: Iterable[Mapping[str, Any]]) -> tuple[VariationAsked, ...]:
    return tuple(
        VariationAsked(int(asked["first_bar"]), int(asked["last_bar"]), _names(asked["parts"])) for asked in content
    )


def _bindings_of(content: Iterable[Iterable[str]]) -> tuple[BoundControl, ...]:
    bindings = tuple(BoundControl(*map(str, words)) for words in content)
    for words in bindings:
        binding_of(words)
    return bindings


WISHES: tuple[Wish, ...] = (
    Wish("seed", int, int),
    Wish("direction", str, str),
    Wish("controls", _controls_as_json, _controls_of),
    Wish("muted", sorted, _names),
    Wish("soloed", sorted, _names),
    Wish("locked", sorted, _names),
    Wish("variations", _variations_as_json, _variations_of),
    Wish("bindings", list, _bindings_of),
)
"""In the order of the file."""

MOMENTARY = {
    "timeline": "the host tells it anew",
    "transport": "where the host was is not where it will be",
    "stingers": "thrown in over what plays now",
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
