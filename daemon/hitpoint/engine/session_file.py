"""What a person set up, and what was written for them, kept in a file of their own and read back.

The host's timeline is not in it: the host tells that anew. One JSON object with a version; written whole or not at all.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from hitpoint.errors import ConfigError, HitpointError
from hitpoint.score.controls import CONTROL_RANGES, Controls
from hitpoint.score.note import Note
from hitpoint.score.request import ComposedBar, Source
from hitpoint.score.session import Session, VariationAsked
from hitpoint.score.whole_file import write_whole

VERSION = 1


def write_session(path: Path, session: Session, bars: Iterable[ComposedBar]) -> None:
    """Put the session's wishes and its written bars into the file. Raises ScoreError when it can't be written."""
    content = {
        "hitpoint_session": VERSION,
        "seed": session.seed,
        "direction": session.direction,
        "controls": {name: getattr(session.controls, name) for name in CONTROL_RANGES},
        "muted": sorted(session.muted),
        "soloed": sorted(session.soloed),
        "locked": sorted(session.locked),
        "variations": [{**asdict(asked), "parts": sorted(asked.parts)} for asked in session.variations],
        "bars": [_bar_as_json(bar) for bar in bars],
    }
    write_whole(path, (json.dumps(content, ensure_ascii=False) + "\n").encode())


def read_session(path: Path, session: Session) -> tuple[Session, tuple[ComposedBar, ...]]:
    """`session` with the wishes of the file, and the bars that were written for it.

    Raises ConfigError for a file that is not a session of this version; then nothing of it is used.
    """
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read as a session ({error}). Remove it, or name another.") from error
    if not isinstance(content, dict) or content.get("hitpoint_session") != VERSION:
        raise ConfigError(f"{path} is no session of this Hitpoint (version {VERSION}). Name another file.")
    try:
        return _wishes(content, session), tuple(_bar_of(bar) for bar in content["bars"])
    except (KeyError, TypeError, ValueError, HitpointError) as error:
        raise ConfigError(
            f"{path} is damaged ({type(error).__name__}: {error}). Remove it, or name another."
        ) from error


def _wishes(content: Mapping[str, Any], session: Session) -> Session:
    controls = Controls()
    for name, value in content["controls"].items():
        controls = controls.moved(name, None if value is None else float(value))
    return replace(
        session,
        seed=int(content["seed"]),
        direction=str(content["direction"]),
        controls=controls,
        muted=frozenset(map(str, content["muted"])),
        soloed=frozenset(map(str, content["soloed"])),
        locked=frozenset(map(str, content["locked"])),
        variations=tuple(
            VariationAsked(int(asked["first_bar"]), int(asked["last_bar"]), frozenset(map(str, asked["parts"])))
            for asked in content["variations"]
        ),
    )


def _bar_as_json(bar: ComposedBar) -> list[object]:
    notes = [[note.tick, note.pitch, note.duration, note.velocity] for note in bar.notes]
    return [bar.part, bar.bar, bar.basis, bar.source.value, notes]


def _bar_of(row: list[Any]) -> ComposedBar:
    part, bar, basis, source, notes = row
    return ComposedBar(str(part), int(bar), str(basis), tuple(Note(*map(int, note)) for note in notes), Source(source))
