"""What was done with takes, in order, so that it can be shown to others: entries that hang together by their hashes.

The words of an entry have a digest, and its hash is made of the hash before and that digest. Nothing can be changed,
left out or put in between but that all later hashes become others. Words that are purged leave their digest, and the
chain still holds; digests are salted, so that nobody finds the words by trying. An end that is cut off shows only to
those who have noted a later hash elsewhere: `hitpoint takes export` writes the last one beside the files.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from typing import Any

from hitpoint.errors import ScoreError

FIRST_HASH = "0" * 64
"""What the first entry follows on."""
STATUSES = ("TEMP", "SUBMITTED", "APPROVED", "FINAL", "WITHDRAWN")
"""Of a take. Source: FILM 6.4, after what film companies ask about generated material."""
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that was done."""

    number: int
    """From 1, without gaps."""
    take: str
    words: str | None
    """A JSON object: `at` (UTC), `event` and what goes with it, and the salt; None once purged."""
    digest: str
    """SHA-256 of the take's id and the words."""
    hash: str
    """SHA-256 of the hash before and the digest."""

    def as_json(self, with_words: bool = True) -> dict[str, Any]:
        """The entry as `hitpoint takes log` writes it. Without its words, too, the chain can be followed."""
        said = {"words": self.words} if with_words else {}
        return {"number": self.number, "take": self.take, **said, "digest": self.digest, "hash": self.hash}

    @property
    def said(self) -> Mapping[str, Any]:
        """What the words say; empty where they are purged. Raises ScoreError for words that were never ours."""
        if self.words is None:
            return {}
        try:
            said = json.loads(self.words)
        except ValueError as error:
            raise _broken(self.number) from error
        return said if isinstance(said, dict) else {}


def add_entry(database: sqlite3.Connection, take: str, event: str, at: str, said: Mapping[str, Any]) -> None:
    """Add to the log. To be called within the transaction that does what it tells of."""
    words = json.dumps({"at": at, "event": event, **said, "salt": token_hex(_SALT_BYTES)}, ensure_ascii=False)
    digest = _digest(take, words)
    database.execute(
        "INSERT INTO log (take, words, digest, hash) VALUES (?, ?, ?, ?)",
        (take, words, digest, _hash(last_hash(database), digest)),
    )


def last_hash(database: sqlite3.Connection) -> str:
    """The hash of the last entry: it stands for all of them."""
    row = database.execute("SELECT hash FROM log ORDER BY number DESC LIMIT 1").fetchone()
    return FIRST_HASH if row is None else str(row[0])


def entries_of(database: sqlite3.Connection) -> tuple[LogEntry, ...]:
    """All of the log, the oldest first."""
    rows = database.execute("SELECT number, take, words, digest, hash FROM log ORDER BY number").fetchall()
    return tuple(LogEntry(*row) for row in rows)


def forget_words(database: sqlite3.Connection, takes: Iterable[str]) -> None:
    """Leave of the entries of these takes nothing but what the chain needs."""
    database.executemany("UPDATE log SET words = NULL WHERE take = ?", [(take,) for take in takes])


def check_log(entries: Sequence[LogEntry], head: str = "") -> None:
    """Raises ScoreError where the entries do not hang together, or none has the hash `head`; that names the first one
    that is wrong."""
    before = FIRST_HASH
    for number, entry in enumerate(entries, 1):
        whole = entry.words is None or entry.digest == _digest(entry.take, entry.words)
        if entry.number != number or not whole or entry.hash != _hash(before, entry.digest):
            raise _broken(number)
        before = entry.hash
    wanted = head.strip().lower()
    if wanted and not any(entry.hash == wanted for entry in entries) and wanted != FIRST_HASH:
        raise ScoreError(
            f"no entry of the log has the hash {wanted[:16]}…: its end was cut off, or this is another log. "
            "Bring the file back from a copy."
        )


def _broken(number: int) -> ScoreError:
    return ScoreError(
        f"the log was changed by something else than Hitpoint: entry {number} is not what it was, or one before it is "
        "missing. Bring the file back from a copy."
    )


def _digest(take: str, words: str) -> str:
    return sha256(f"{take}\n{words}".encode("utf-8", "replace")).hexdigest()


def _hash(before: str, digest: str) -> str:
    return sha256(f"{before}{digest}".encode()).hexdigest()
