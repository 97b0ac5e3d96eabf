"""Opening the take memory that a command means, and finding parts in a take by a person's words."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hitpoint.cli.take_options import takes_file
from hitpoint.config.document import did_you_mean
from hitpoint.errors import ConfigError
from hitpoint.score.ensemble import instrument_in
from hitpoint.score.sections import players_of
from hitpoint.score.stem import INSTRUMENTS

if TYPE_CHECKING:
    from hitpoint.engine.take_store import TakeStore

_STEMS = {instrument.name: instrument.stem for instrument in INSTRUMENTS}


def open_takes(arguments: argparse.Namespace) -> "TakeStore":
    """The memory. Raises ConfigError where there is none yet: only what keeps a take makes a file."""
    from hitpoint.engine.take_store import TakeStore

    path = takes_file(arguments.takes, arguments.sheet)
    if not path.exists():
        raise ConfigError(f"{path} is not there: no take is kept in it yet. `hitpoint render` keeps what it writes.")
    return TakeStore(path)


def parts_meant(words: Sequence[str], parts: Sequence[str], what: str) -> tuple[str, ...]:
    """Those of a take's parts that are named: by their own names, instruments, sections or stems; commas may part them.

    what: the option, for messages. Raises ConfigError for a word that names none of them.
    """
    found: set[str] = set()
    for word in (piece.strip().lower() for one in words for piece in one.split(",")):
        if not word:
            continue
        meant = {part for part in parts if word in _names_of(part)}
        players = set(players_of(word)) | set(players_of(word.removesuffix("s")))
        meant |= {part for part in parts if instrument_in(part) in players}
        if not meant:
            raise ConfigError(f"{what} {word!r} names no part of the take.{did_you_mean(word, list(parts))}")
        found |= meant
    return tuple(part for part in parts if part in found)


def _names_of(part: str) -> set[str]:
    instrument = instrument_in(part)
    return {part.lower(), instrument.lower(), _STEMS.get(instrument, "")}
