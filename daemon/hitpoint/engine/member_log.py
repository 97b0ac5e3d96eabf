"""What a member logs, on its way to the supervisor, which keeps the file: for that, people's own words are left out."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from hitpoint.engine.crew_pipes import Logged
from hitpoint.score.session import Session
from hitpoint.score.stem import INSTRUMENTS

LEFT_OUT = "[…]"
"""Stands for a person's words."""
_SHORTEST = 3
"""Characters of a name that is left out: what is shorter tells nothing, and would tear holes into everything."""
_OURS = {name for instrument in INSTRUMENTS for name in (instrument.name, instrument.stem)}
"""Words that are not a person's own."""


class MemberLog(logging.Handler):
    """say: takes a message for the supervisor. words: people's own, as they are now; None to leave nothing out."""

    def __init__(self, say: Callable[[Logged], None], words: Callable[[], Iterable[str]] | None) -> None:
        super().__init__()
        self._say = say
        self._words = words
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Send it on: the message alone for the person, with the traceback for the file."""
        filed = self.format(record)
        if self._words is not None:
            filed = without_words(filed, self._words())
        self._say(Logged(record.levelno, record.getMessage(), filed))


def without_words(text: str, words: Iterable[str]) -> str:
    """`text` with LEFT_OUT for each of the words, and `~` for the home folder."""
    text = text.replace(str(Path.home()), "~")
    # The longest first, or a short one would leave the rest of a long one.
    for word in sorted({word for word in words if len(word) >= _SHORTEST} - _OURS, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", LEFT_OUT, text, flags=re.IGNORECASE)
    return text


def words_of(session: Session) -> Iterator[str]:
    """Every text that a person wrote into a session or its host, whole and in the pieces that messages quote."""
    for text in _texts(session):
        yield text
        for piece in text.split(","):
            yield piece.strip()
        yield text.partition(" ")[2].strip()


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for pair in value.items():
                yield from _texts(pair)
        case tuple() | list() | set() | frozenset():
            for item in value:
                yield from _texts(item)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from _texts(getattr(value, field.name))
