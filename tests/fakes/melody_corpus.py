"""A corpus of made-up melodies, one line a piece, whose copies are known."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fakes.melodies import write_line
from hitpoint.originality.lines import Line


@dataclass(frozen=True)
class Melody:
    """One piece of it."""

    name: str
    line: Line
    split: str = "train"
    source: str = "one"
    group: str = ""


def write_melodies(folder: Path, melodies: Sequence[Melody]) -> Path:
    """A folder with a manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    records = []
    for melody in melodies:
        path = folder / f"{melody.name}.mid"
        write_line(path, melody.line)
        records.append({
            "id": f"{melody.source}/{melody.name}", "source": melody.source, "path": path.name, "split": melody.split,
            "group": melody.group, "title": melody.name.title(), "licence": "CC0-1.0", "attribution": "nobody",
            "source_url": "https://example.org", "tempo_source": "marked", "features": {"velocity_mean": 70},
            "sha256": sha256(path.read_bytes()).hexdigest(),
        })  # fmt: skip
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n", encoding="utf-8")
    return folder
