"""What a person set up, and what was written for them, kept in a file of their own and read back.

The host's timeline is not in it: the host tells that anew. One JSON object with a version; written whole or not at all.
A wish that is not in the file is as it is without one, so older files stay good; one that this Hitpoint does not know
is refused, as leaving it out would lose it at the next save.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hitpoint.engine.session_wishes import WISHES, wishes_as_json, with_wishes
from hitpoint.errors import ConfigError, HitpointError
from hitpoint.score.note import Note
from hitpoint.score.request import ComposedBar, Source
from hitpoint.score.session import Session
from hitpoint.score.whole_file import write_whole

VERSION = 1
"""Goes up when what is in the file changes its meaning; a new wish alone does not need it."""
_KEYS = {"hitpoint_session", "bars", *(wish.field for wish in WISHES)}


def write_session(path: Path, session: Session, bars: Iterable[ComposedBar]) -> None:
    """Put the session's wishes and its written bars into the file. Raises ScoreError when it can't be written."""
    content = {
        "hitpoint_session": VERSION,
        **wishes_as_json(session),
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
    unknown = sorted(content.keys() - _KEYS)
    if unknown:
        raise ConfigError(
            f"{path} was written by a newer Hitpoint: this one does not know its {', '.join(map(repr, unknown))}. "
            "Use that one, or name another file."
        )
    try:
        return with_wishes(session, content), tuple(_bar_of(bar) for bar in content["bars"])
    except (AttributeError, KeyError, TypeError, ValueError, HitpointError) as error:
        raise ConfigError(
            f"{path} is damaged ({type(error).__name__}: {error}). Remove it, or name another."
        ) from error


def _bar_as_json(bar: ComposedBar) -> list[object]:
    notes = [[note.tick, note.pitch, note.duration, note.velocity] for note in bar.notes]
    return [bar.part, bar.bar, bar.basis, bar.source.value, notes]


def _bar_of(row: list[Any]) -> ComposedBar:
    part, bar, basis, source, notes = row
    return ComposedBar(str(part), int(bar), str(basis), tuple(Note(*map(int, note)) for note in notes), Source(source))
