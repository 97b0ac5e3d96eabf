"""A take handed on: its MIDI file, a file a stem, and a sheet of provenance bound to them by their digests."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from hitpoint.engine.take import TakeFacts, TakeMusic
from hitpoint.planner.ensemble import ensemble_of
from hitpoint.score.direction import parse
from hitpoint.score.midi_file import midi_file_bytes
from hitpoint.score.whole_file import write_asked

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""Made by a model. Source: IPTC digital source type vocabulary."""


def export_take(
    folder: Path,
    facts: TakeFacts,
    music: TakeMusic,
    ancestors: Sequence[TakeFacts] = (),
    log_head: str = "",
    force: bool = False,
) -> dict[Path, str]:
    """Write a take into `folder`. Returns the files with their SHA-256: whole, stems, provenance.

    ancestors: the takes that it came of, the nearest first. log_head: the hash of the log's last entry, by which it can
    be shown later that the log was not cut off. force: whether music of these names that differs is replaced. Raises
    ScoreError where it is not, or when one can't be written; then none is.
    """
    name = _name(facts)
    files = {folder / f"{name}.mid": midi_file_bytes(music.score)}
    files |= {folder / stem: data for stem, data in stem_files(facts, music).items()}
    said = _provenance(
        facts, music, ancestors, log_head, {path.name: sha256(data).hexdigest() for path, data in files.items()}
    )
    files[folder / f"{name}.json"] = (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    *music_files, provenance = files.items()
    # A rating may have changed since: what says so may be written anew, music may not.
    write_asked(music_files, force, beside=[provenance])
    return {path: sha256(data).hexdigest() for path, data in files.items()}


def stem_files(facts: TakeFacts, music: TakeMusic) -> dict[str, bytes]:
    """A MIDI file a stem, by its name. Raises ScoreError when one can't be written."""
    return {
        f"{_name(facts)}-{stem}.mid": midi_file_bytes(replace(music.score, parts=tuple(parts)))
        for stem, parts in _stems(music).items()
    }


def _name(facts: TakeFacts) -> str:
    return "-".join(word for word in ("".join(filter(str.isalnum, facts.cue)), facts.id) if word)


def _stems(music: TakeMusic) -> dict[str, list[Any]]:
    stems = {part.name: part.stem for part in ensemble_of(music.session)}
    found: dict[str, list[Any]] = {}
    for part in music.score.parts:
        if part.notes:
            found.setdefault(stems.get(part.name, part.name).replace("/", "_"), []).append(part)
    return found


def _provenance(
    facts: TakeFacts, music: TakeMusic, ancestors: Sequence[TakeFacts], log_head: str, files: Mapping[str, str]
) -> dict[str, Any]:
    timeline = music.score.timeline
    maps = repr((timeline.tempo_map.points, timeline.meter_map.changes, timeline.markers, timeline.regions))
    direction = parse(facts.prompt).as_json()
    return {
        "take": facts.as_json(),
        "prompt_as_parsed": direction,
        "timeline_sha256": sha256(maps.encode("utf-8", "replace")).hexdigest(),
        "controllers": list(music.controllers),
        "lineage": [{"id": one.id, "made": one.made, "asked": dict(one.asked)} for one in ancestors],
        "files_sha256": dict(files),
        "originality": facts.verdict or "unknown: the model came without an index",
        "training_data": "see card.md and data.jsonl.gz of the model named above",
        "status": facts.status,
        "log_head": log_head,
        "digital_source_type": SOURCE_TYPE,
    }
