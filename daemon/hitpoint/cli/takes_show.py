"""`hitpoint takes list|show|render|compare|export`: what only looks at takes."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from hitpoint.cli.asked_file import check_place
from hitpoint.cli.take_options import takes_file
from hitpoint.cli.takes_open import open_takes
from hitpoint.errors import ConfigError

if TYPE_CHECKING:
    from hitpoint.engine.take import TakeFacts

PROMPT_COLUMNS = 60
"""Characters of a prompt in a list."""


def list_(arguments: argparse.Namespace) -> int:
    """Print the takes there are, the newest first."""
    file = takes_file(arguments.takes, arguments.sheet)
    found: list[TakeFacts] = []
    if file.exists() or arguments.takes is not None:
        with open_takes(arguments) as store:
            found = [one for one in reversed(store.all()) if _wanted(one, arguments)]
    if arguments.json:
        print(json.dumps({"file": str(file), "takes": [one.as_json() for one in found]}, ensure_ascii=False))
        return 0
    for one in found:
        print(_line(one))
    if not found:
        print(f"no takes in {file}")
    return 0


def _wanted(one: "TakeFacts", arguments: argparse.Namespace) -> bool:
    words = " ".join((one.id, one.prompt, one.note, str(one.asked.get("note", "")))).casefold()
    return (
        (arguments.cue is None or one.cue.casefold() == arguments.cue.strip().casefold())
        and (arguments.rated is None or (one.rating is not None and one.rating >= arguments.rated))
        and (arguments.text is None or all(word in words for word in arguments.text.casefold().split()))
        and (one.kept or not arguments.kept)
    )


def _line(one: "TakeFacts") -> str:
    stars = "-" if one.rating is None else "★" * one.rating or "0"
    said = one.prompt if len(one.prompt) <= PROMPT_COLUMNS else f"{one.prompt[: PROMPT_COLUMNS - 1]}…"
    came = f" ← {one.parent}" if one.parent else ""
    marks = f" [{one.note}]" if one.note else ""
    kept = "kept" if one.kept else ""
    return f"{one.id:7} {stars:5} {kept:4} {one.made} {one.cue or '-':6} {one.bars:3} bars  {said}{came}{marks}"


def show(arguments: argparse.Namespace) -> int:
    """Print a take's facts, lineage and notes."""
    from hitpoint.engine.take_picture import lineage, piano_roll

    with open_takes(arguments) as store:
        facts, everyone = store.facts(arguments.id), store.all()
        music = store.music(facts.id)
    tree = lineage(facts, everyone)
    meter_map = music.score.timeline.meter_map
    rolls = {part.name: piano_roll(part, meter_map, music.bars) for part in music.score.parts}
    if arguments.json:
        print(json.dumps({**facts.as_json(), "lineage": list(tree), "picture": rolls}, ensure_ascii=False))
        return 0
    for name, value in _told(facts):
        print(f"{name:12} {value}")
    print("lineage")
    for line in tree:
        print(f"  {line}")
    for part in music.score.parts if not arguments.no_picture else ():
        locked = ", locked" if part.name in facts.locks else ""
        print(f"\n{part.name}: {len(part.notes)} notes{locked}")
        for line in rolls[part.name]:
            print(line)
    return 0


def _told(facts: "TakeFacts") -> list[tuple[str, object]]:
    verdict = "not checked: the model came without an index"
    if facts.verdict is not None:
        verdict = f"{facts.verdict['verdict']} ({facts.verdict['longest_run_notes']} notes, {facts.verdict['index']})"
    rating = "none" if facts.rating is None else f"{facts.rating} of 5"
    told: list[tuple[str, object]] = [
        ("take", f"{facts.id}{', kept' if facts.kept else ''}"),
        ("prompt", facts.prompt),
        ("cue", facts.cue),
        ("picture", facts.picture),
        ("status", facts.status.lower()),
        ("rating", rating),
        ("note", facts.note),
        ("locked", ", ".join(facts.locks)),
        ("made", facts.made),
        ("length", f"{facts.bars} bars, {facts.notes} notes, {len(facts.parts)} parts"),
        ("seed", facts.seed),
        ("model", f"{facts.origin.bundle} (sha256 {facts.origin.bundle_sha256[:16]})"),
        ("written by", f"hitpoint {facts.origin.hitpoint}, {facts.origin.runtime}"),
        ("originality", verdict),
        ("midi sha256", facts.midi_sha256),
    ]
    return [(name, value) for name, value in told if value != ""]


def render(arguments: argparse.Namespace) -> int:
    """Write a take to a file."""
    from hitpoint.engine.rendered_take import write_take

    check_place(arguments.output)
    with open_takes(arguments) as store:
        facts = store.facts(arguments.id)
        write_take(arguments.output, store.music(facts.id).score, arguments.force)
    if arguments.json:
        print(json.dumps({"file": str(arguments.output), "take": facts.id}))
    else:
        print(f"{arguments.output}: take {facts.id}, {facts.bars} bars, {facts.notes} notes")
    return 0


def compare(arguments: argparse.Namespace) -> int:
    """Print what two takes share."""
    from hitpoint.engine.take_compare import compare_takes
    from hitpoint.engine.take_picture import shared_line

    with open_takes(arguments) as store:
        names = store.id_of(arguments.id), store.id_of(arguments.other)
        first, second = (store.music(name) for name in names)
    found = compare_takes(first, second)
    ones, others = ({part.name: part for part in music.score.parts} for music in (first, second))
    bars, meter_map = max(first.bars, second.bars), first.score.timeline.meter_map
    lines = {
        part.part: shared_line(ones.get(part.part), others.get(part.part), meter_map, bars) for part in found.parts
    }
    if arguments.json:
        parts = [
            {"part": part.part, "notes": list(part.notes), "same": part.same, "same_keys": part.same_keys,
             "share": round(part.share, 4), "bars": lines[part.part]}
            for part in found.parts
        ]  # fmt: skip
        controls = {name: [one, other] for name, one, other in found.controls}
        said = {"takes": list(names), "share": round(found.share, 4), "parts": parts, "controls": controls,
                "tempo_bpm": list(found.tempo_bpm), "mean_pitch": list(found.mean_pitch)}  # fmt: skip
        print(json.dumps(said, ensure_ascii=False))
        return 0
    print(f"{names[0]} and {names[1]}: {found.share:.0%} of the notes are the same")
    width = max(map(len, lines), default=0)
    for part in found.parts:
        counts = f"{part.notes[0]} and {part.notes[1]} notes, {part.same_keys} on the same key at the same tick"
        print(f"{part.part:{width}} {part.share:4.0%} |{lines[part.part]}| {counts}")
    pairs = [*found.controls, ("tempo", *found.tempo_bpm), ("mean pitch", *found.mean_pitch)]
    for name, one, other in pairs:
        if one is not None or other is not None:
            print(f"{name:10} {_number(one)} {_number(other)}")
    return 0


def _number(value: float | None) -> str:
    return "      -" if value is None else f"{value:7.2f}"


def export(arguments: argparse.Namespace) -> int:
    """Write takes with stems and provenance into a folder."""
    from hitpoint.engine.take_export import export_take

    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{arguments.output} cannot be made: {error.strerror or error}. Name another -o.") from error
    files: list[Path] = []
    with open_takes(arguments) as store:
        known = {one.id: one for one in store.all()}
        for name in dict.fromkeys(store.id_of(words) for words in arguments.ids):
            ancestors, parent = [], known[name].parent
            while parent in known:
                ancestors.append(known[parent])
                parent = known[parent].parent
            written = export_take(
                arguments.output, known[name], store.music(name), ancestors, store.head, arguments.force
            )
            store.note_export(name, written.values())
            files += written
    if arguments.json:
        print(json.dumps({"files": [str(file) for file in files]}, ensure_ascii=False))
        return 0
    for file in files:
        print(file)
    return 0
