"""What is wrong in the reading of a director's phrase, by what prompts/directors.yaml says of it."""

from collections.abc import Iterator
from typing import Any

from hitpoint.score.direction_change import DirectionChange, parse_change
from hitpoint.score.direction_words import phrase_of, table

_PLAYERS = ("add", "drop", "only", "softer", "louder")
_PLACES = {"start": (0.0, 0.25), "middle": (0.25, 0.75), "end": (0.75, 1.0)}


def moved(change: DirectionChange) -> dict[str, Any]:
    """All that is changed, by name: a sign for what goes up or down, else the value."""
    found: dict[str, Any] = {name: _sign(amount) for name, amount in change.controls}
    tempo = change.tempo_more or (change.tempo_factor or 1.0) - 1.0
    if tempo:
        found["tempo"] = _sign(tempo)
    if change.register:
        found["register"] = _sign(change.register)
    for name in ("key", "mode", "meter"):
        if getattr(change, name) is not None:
            found[name] = str(getattr(change, name))
    found |= {name: getattr(change, name) for name in ("tempo_bpm", "bars_more") if getattr(change, name) is not None}
    if change.bars is not None:
        found["length"] = change.bars
    return found | {name: sorted(named) for name in _PLAYERS if (named := getattr(change, name))}


def wrong_in(phrase: dict[str, Any]) -> Iterator[str]:
    """What is missing, turned round or made up; nothing where it is read right."""
    change = parse_change(phrase["note"])
    found = moved(change)
    want, may = _by_our_names(phrase.get("want", {})), phrase.get("may", {})
    free = "place" in may or bool({"place", "bars"} & phrase.get("any", {}).keys())
    yield from _wrong_place(change, want.pop("place", None), want.pop("bars", None), free)
    yield from (f"{name} {value} is missing" for name, value in want.items() if found.get(name) != _ordered(value))
    one_of = _by_our_names(phrase.get("any", {}))
    there = {name: one_of.pop(name) for name in ("place", "bars") if name in one_of}
    if there and all(_misplaced(change, name, value, may) for name, value in there.items()):
        yield f"not at {there}"
    if one_of and not any(found.get(name) == _ordered(value) for name, value in one_of.items()):
        yield f"none of {one_of}"
    allowed = {**may, **one_of, **want}
    # `true` is either way.
    found = {name: value for name, value in found.items() if may.get(name) is not True}
    yield from (f"{name} {value} is made up" for name, value in found.items() if _ordered(allowed.get(name)) != value)
    yield from (f"{word} is not listed as unknown" for word in phrase.get("unknown", ()) if word not in change.unknown)


def _wrong_place(change: DirectionChange, words: Any, bars: Any, free: bool) -> Iterator[str]:
    place = change.place
    if words is None and bars is None:
        if place is not None and place.share != (0.0, 1.0) and not free:
            yield f"place {place.words} is made up"
    elif place is None:
        yield "the place is missing"
    elif bars is not None:
        if [place.first_bar, place.last_bar] != bars:
            yield f"place {place.words}"
    elif isinstance(words, list):
        if place.share is None or not all(abs(one - two) < 0.01 for one, two in zip(place.share, words, strict=True)):
            yield f"place {place.words}"
    elif place.share != _PLACES[words]:
        yield f"place {place.words}"


def _misplaced(change: DirectionChange, name: str, value: Any, may: dict[str, Any]) -> bool:
    """True where the change holds neither there nor where it may hold instead."""
    asked = [value, *([may[name]] if isinstance(may.get(name), list | str) else [])]
    return all(list(_wrong_place(change, *((one, None) if name == "place" else (None, one)), False)) for one in asked)


def _by_our_names(said: dict[str, Any]) -> dict[str, Any]:
    """Players by the name that the table writes for them: a celesta is one of the bells, a snare one of the drums;
    and keys as they are written out."""
    names = table().instruments
    by_name = {
        key: sorted({names.get(phrase_of(name), name) for name in value}) if key in _PLAYERS else value
        for key, value in said.items()
    }
    if "key" in said:
        # "E flat major" is Eb major.
        by_name["key"] = str(parse_change(f"in {said['key']}").key or said["key"])
    return by_name


def _ordered(value: Any) -> Any:
    """Lists are sets: who plays, in no order; bars are in order, and the last may be none."""
    return sorted(value) if isinstance(value, list) and None not in value else value


def _sign(amount: float) -> int:
    return 1 if amount > 0 else -1
