"""The training corpus: which pieces there are, where each may be used, and whose they are.

Only `train` trains; `valid` chooses; `test` is looked at once, at the end. Nothing else in the folder is opened.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path

from hitpoint.errors import ConfigError
from hitpoint.score.style import STYLES

UNMARKED_VELOCITY = 80
"""What the corpus writes where the source has no dynamics."""

STYLE_OF_SOURCE = {
    "openscore_orchestra": "orchestral",
    "openscore_quartets": "chamber strings",
    "openscore_lieder": "song",
    "open_hymnal": "choral",
    "elvis_villotte": "choral",
    "freedoom": "game",
    "helland": "game",
    "groove": "drum groove",
}
"""Collections of one kind of music."""
FEWEST_ORCHESTRAL_TRACKS = 7
"""Strings with winds or brass in fewer tracks are not called an orchestra. Our choice."""


class Split(Enum):
    """What a piece may be used for."""

    TRAIN = "train"
    VALID = "valid"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece, as the manifest tells it."""

    id: str
    source: str
    """The collection it comes from."""
    path: Path
    split: Split
    licence: str
    """SPDX."""
    attribution: str
    """What its licence asks to be shown."""
    source_url: str
    tempo_known: bool
    """False when no tempo was in the source and 120 was assumed."""
    velocities_known: bool
    """False when every note has the assumed velocity."""
    sha256: str
    title: str = ""
    group: str = ""
    """The work it belongs to: movements, copies and arrangements share it. Empty when the manifest does not say."""
    style: str | None = None
    """One of STYLES; None where none of them is clear."""


def read_manifest(corpus: Path, split: Split) -> list[Entry]:
    """The pieces of a split, in the manifest's order. Raises ConfigError when there is no manifest, or a broken one."""
    manifest = corpus / "manifest.jsonl"
    if not manifest.is_file():
        raise ConfigError(f"{corpus} has no manifest.jsonl. Give the corpus folder with --corpus DIR.")
    entries = []
    for number, line in enumerate(manifest.read_text(encoding="utf-8").splitlines(), 1):
        try:
            record = json.loads(line)
            if record["split"] == split.value:
                entries.append(_entry(corpus, record, split))
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(
                f"{manifest}, line {number}: not a piece's record ({error}). Mend or fetch it."
            ) from error
    if not entries:
        raise ConfigError(f"{manifest} has no pieces of the split {split.value!r}. Check the corpus.")
    return entries


def verify(entry: Entry) -> None:
    """Compare the file's digest with the manifest's. Raises ConfigError when it differs or is missing."""
    try:
        digest = sha256(entry.path.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(f"{entry.path} cannot be read ({error.strerror}). Fetch the corpus again.") from error
    if digest != entry.sha256:
        raise ConfigError(f"{entry.path} is not the file that the manifest describes. Fetch the corpus again.")


def _entry(corpus: Path, record: dict[str, object], split: Split) -> Entry:
    features = record.get("features")
    mean = features.get("velocity_mean") if isinstance(features, dict) else None
    return Entry(
        id=str(record["id"]),
        source=str(record["source"]),
        path=corpus / str(record["path"]),
        split=split,
        licence=str(record["licence"]),
        attribution=str(record["attribution"]),
        source_url=str(record["source_url"]),
        tempo_known=record["tempo_source"] != "default",
        velocities_known=mean != UNMARKED_VELOCITY,
        sha256=str(record["sha256"]),
        title=_named(record),
        group=str(record.get("group") or ""),
        style=style_of(record),
    )


def _named(record: dict[str, object]) -> str:
    """Composer and title, as far as they are known."""
    return ": ".join(str(said) for name in ("composer", "title") if (said := record.get(name)))


def style_of(record: Mapping[str, object]) -> str | None:
    """The piece's kind of music: its collection's, else what its instruments say; None where they say none.

    Voices with keys alone are a song where nothing says that it is sacred.
    """
    named = STYLE_OF_SOURCE.get(str(record["source"]))
    if named is not None:
        assert named in STYLES
        return named
    families, genre, tracks = (record.get(name) or () for name in ("families", "genre", "n_tracks"))
    if not isinstance(families, list):
        return None
    played = set(families)
    return _style_of_families(played, isinstance(genre, list) and "Sacred" in genre, int(str(tracks or 0)))


def _style_of_families(played: set[str], sacred: bool, tracks: int) -> str | None:
    keys = played & {"piano", "organ"}
    if "choir" in played:
        alone = played == {"choir"} or played == {"choir", "organ"}
        return (
            "song" if not sacred and keys and not played - {"choir", *keys} else "choral" if sacred or alone else None
        )
    if "strings" in played:
        if played & {"winds", "brass"}:
            return "orchestral" if tracks >= FEWEST_ORCHESTRAL_TRACKS else None
        return "chamber strings" if played == {"strings"} and tracks > 1 else None
    if keys and played == keys:
        return "keyboard"
    return "band" if played and not played - {"winds", "brass", "percussion"} and tracks > 2 else None
