"""Notes on a take that were written before the vocabulary, or by other people, held against what they meant by them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from hitpoint.score.direction_change import DirectionChange, parse_change
from score import directors


def written_down(name: str) -> list[dict[str, Any]]:
    """Each note with what it is to change."""
    found: list[dict[str, Any]] = yaml.safe_load((Path(__file__).with_name("prompts") / name).read_text("utf-8"))
    return found


NOTES, PHRASES, OTHERS = map(written_down, ("notes.yaml", "directors.yaml", "directors_of_others.yaml"))
UNSEEN = {"br", "bs", "bt", "bu", "bv", "bw", "bx", "by", "bz", "ca"}
"""Sets that were read once, when the reader was as it is, and have mended nothing."""
SAME_PLACE = {"start": {"start", "opening", "beginning", "intro"}, "end": {"end", "ending", "finish"}}


def wrong_in(note: dict[str, Any]) -> Iterator[str]:
    change = parse_change(note["note"])
    signs = {name: "+" if amount > 0 else "-" for name, amount in change.controls}
    allowed = {**note.get("may", {}), **note.get("change", {})}
    yield from (f"no {name}{sign}" for name, sign in note.get("change", {}).items() if signs.get(name) != sign)
    yield from (f"{name}{sign} made up" for name, sign in signs.items() if allowed.get(name) != sign)
    if not tempo_is(change, note.get("tempo")):
        yield "tempo"
    if (change.register or 0) * {"+": 1, "-": -1, None: 0}[note.get("register")] < 0 or (
        ("register" in note) != (change.register is not None)
    ):
        yield "register"
    players = (("lose", change.drop), ("add", change.add), ("solo", change.only))
    yield from (f"{name} {found}" for name, found in players if set(note.get(name, ())) != set(found))
    if {*note.get("lose_some", ()), *note.get("quieter", ())} != set(change.softer):
        yield f"softer {change.softer}"
    where = change.place.words if change.place else None
    if where not in SAME_PLACE.get(note.get("where", ""), {note.get("where")}):
        yield f"where {where}"
    if note.get("mode") != change.mode or note.get("key") != (str(change.key) if change.key else None):
        yield "key"
    if (note.get("bars") == "+") != ((change.bars_more or 0) > 0):
        yield "bars"


def tempo_is(change: DirectionChange, wanted: str | float | None) -> bool:
    way = change.tempo_more or (change.tempo_factor or 1) - 1
    if isinstance(wanted, str):
        return way > 0 if wanted == "+" else way < 0
    if wanted is None:
        return way == 0 and change.tempo_bpm is None
    return wanted in (change.tempo_factor, change.tempo_bpm)


def test_notes_become_the_changes_that_were_written_down_beforehand() -> None:
    wrong = {note["note"]: list(wrong_in(note)) for note in NOTES}
    wrong = {note: what for note, what in wrong.items() if what}
    assert len(NOTES) >= 60
    assert len(wrong) <= 0.05 * len(NOTES), wrong


def test_directors_phrases_become_the_signed_changes_that_were_written_down_beforehand() -> None:
    wrong = {phrase["note"]: found for phrase in PHRASES if (found := list(directors.wrong_in(phrase)))}
    assert len(PHRASES) == 80
    assert len(wrong) <= 0.05 * 60, wrong


def test_what_other_people_say_becomes_the_signed_changes_that_they_wrote_down() -> None:
    wrong = {phrase["note"]: found for phrase in OTHERS if (found := list(directors.wrong_in(phrase)))}
    assert len(OTHERS) == 6600
    assert len(wrong) <= 0.05 * len(OTHERS), wrong


def test_so_does_what_nobody_who_mended_the_reader_had_seen() -> None:
    unseen = [phrase for phrase in OTHERS if phrase["set"] in UNSEEN]
    wrong = {phrase["note"]: found for phrase in unseen if (found := list(directors.wrong_in(phrase)))}
    assert len(unseen) == 600
    assert len(wrong) <= 0.05 * len(unseen), wrong
