"""Takes on disk: remembered, found, rated, noted, locked, undone and purged. Nothing that is kept is overwritten.

A take's notes never change: what a person asks of a take makes another. Any number of processes may use one file.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from hitpoint.engine.take import BEST_RATING, NewTake, Origin, TakeFacts, TakeMusic
from hitpoint.engine.take_database import WAIT_SECONDS, leave_nothing, open_database, told_of, transaction
from hitpoint.engine.take_id import take_names
from hitpoint.engine.take_json import music_as_bytes, music_of
from hitpoint.engine.take_log import STATUSES, LogEntry, add_entry, check_log, entries_of, forget_words, last_hash
from hitpoint.errors import ConfigError, ScoreError
from hitpoint.score.midi_file import midi_file_bytes

MOST_STEPS = 1000
"""Steps that can be undone. Our choice."""
MOST_TOLD = 8
"""Ids named in a message."""
_PURGE = "purge"
MAKING = ("vary", "make")
"""Steps that made a take: to undo one is to forget it."""
_FACTS = (
    "id, made, cue, picture, prompt, seed, bars, parts, notes, bundle, bundle_sha256, runtime, hitpoint, parent, "
    "asked, verdict, midi_sha256, rating, note, kept, locks, status"
)
_CHANGEABLE = ("rating", "note", "kept", "locks")


def utc_now() -> str:
    """The time as takes have it: UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class TakeStore:
    """One file of takes. A context: it closes the file.

    Every method raises ScoreError where the file can't be used, then nothing has changed; those that take an id raise
    ConfigError where no take, or more than one, is meant. Process: any; thread: the one that made it.
    """

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS, now: Callable[[], str] = utc_now) -> None:
        """path: made where there is none. wait_seconds: how long another process may hold it."""
        self.path = path
        self._now = now
        self._database = open_database(path, wait_seconds)

    def __enter__(self) -> "TakeStore":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def remember(self, take: NewTake, step: str = "") -> TakeFacts:
        """Keep a take. One that is there already, note for note and from the same words, stays as it is, and so does
        what was said of it.

        step: one of MAKING where `undo` is to forget it; a variation's needs not be said. Blocks until it is on disk.
        """
        content = music_as_bytes(take.music)
        midi = sha256(midi_file_bytes(take.music.score)).hexdigest()
        prompt = _writable(take.prompt)
        asked = json.dumps(dict(take.asked), ensure_ascii=False, sort_keys=True)
        digest = blake2b(digest_size=16)
        for piece in (content, prompt, take.cue, take.picture, take.parent, asked, take.origin.bundle_sha256):
            data = piece if isinstance(piece, bytes) else _writable(piece).encode()
            digest.update(len(data).to_bytes(8) + data)
        parts, origin = take.music.score.parts, take.origin
        facts = (
            digest.digest(), self._now(), _writable(take.cue), _writable(take.picture), prompt,
            str(take.music.session.seed), take.music.bars, _list([part.name for part in parts]),
            sum(len(part.notes) for part in parts), origin.bundle, origin.bundle_sha256, origin.runtime,
            origin.hitpoint, take.parent, _writable(asked),
            None if take.verdict is None else json.dumps(dict(take.verdict), ensure_ascii=False), midi,
            _list(take.locks),
        )  # fmt: skip
        with told_of(self.path), transaction(self._database):
            known = self._rows("SELECT id FROM takes WHERE digest = ?", digest.digest())
            if known:
                return self._facts_of(known[0][0])
            taken = {row[0] for row in self._rows("SELECT id FROM takes")}
            name = next(name for name in take_names(digest.digest()) if name not in taken)
            self._database.execute(
                "INSERT INTO takes (id, digest, made, cue, picture, prompt, seed, bars, parts, notes, bundle, "
                "bundle_sha256, runtime, hitpoint, parent, asked, verdict, midi_sha256, locks) "
                f"VALUES ({', '.join('?' * 19)})",
                (name, *facts),
            )
            self._database.execute("INSERT INTO music VALUES (?, ?)", (name, content))
            if step or take.parent:
                self._step(step or "vary", name, {})
            facts_now = self._facts_of(name)
            self._log(name, "made", facts_now.as_json())
        return facts_now

    def all(self) -> tuple[TakeFacts, ...]:
        """Every take, the oldest first."""
        with told_of(self.path):
            return tuple(map(_facts, self._rows(f"SELECT {_FACTS} FROM takes ORDER BY made, rowid")))

    def id_of(self, words: str) -> str:
        """The id that `words` begins, or is."""
        prefix = words.strip().lower()
        with told_of(self.path):
            found = [
                row[0] for row in self._rows("SELECT id FROM takes WHERE substr(id, 1, ?) = ?", len(prefix), prefix)
            ]
        if prefix in found:
            return prefix
        if not prefix or not found:
            raise ConfigError(f"{self.path} has no take {words[:40]!r}. See `hitpoint takes list`.")
        if len(found) > 1:
            raise ConfigError(f"take {words!r} may be {_told(sorted(found))}. Give more letters.")
        return str(found[0])

    def facts(self, words: str) -> TakeFacts:
        """What is known of a take."""
        name = self.id_of(words)
        with told_of(self.path):
            return self._facts_of(name)

    def music(self, words: str) -> TakeMusic:
        """Its notes and what they came from, exactly as they were. Raises ScoreError for damaged ones, too."""
        name = self.id_of(words)
        with told_of(self.path):
            rows = self._rows("SELECT content FROM music WHERE take = ?", name)
        try:
            return music_of(rows[0][0])
        except (IndexError, ScoreError) as error:
            said = str(error) if rows else "its notes are gone"
            raise ScoreError(f"{self.path}: take {name}: {said}. Bring the file back from a copy.") from error

    def rate(self, words: str, rating: int | None, note: str | None = None) -> TakeFacts:
        """Give a take a rating of 0 to BEST_RATING, and a note; None leaves either as it is."""
        if rating is not None and not 0 <= rating <= BEST_RATING:
            raise ConfigError(f"rating {rating} is outside 0 to {BEST_RATING}. Give a whole number in that range.")
        changes: dict[str, Any] = {} if rating is None else {"rating": rating}
        return self._changed("rate", words, {**changes, **({} if note is None else {"note": _writable(note)})})

    def keep(self, words: str, on: bool = True) -> TakeFacts:
        """Have a take spared by purges, or no more."""
        return self._changed("keep" if on else "let go", words, {"kept": int(on)})

    def lock(self, words: str, parts: Sequence[str], on: bool = True) -> TakeFacts:
        """Have variations leave parts as they are, or no more. parts: names, as its facts have them."""
        facts = self.facts(words)
        locked = [name for name in facts.parts if (name in parts and on) or (name in facts.locks and name not in parts)]
        return self._changed("lock" if on else "unlock", words, {"locks": _list(locked)})

    def set_status(self, words: str, status: str, by: str = "", reference: str = "") -> TakeFacts:
        """Say how far a take is in the hands of others. by: who says so; reference: of a letter, a meeting, a contract.

        It is no step that can be undone: the log has both what was said and what is said instead. Raises ConfigError
        for a status that there is not, and for an approval by nobody.
        """
        wanted = status.strip().upper()
        if wanted not in STATUSES:
            raise ConfigError(f"{status[:40]!r} is no status. Say one of {', '.join(STATUSES).lower()}.")
        if wanted in ("APPROVED", "FINAL") and not by.strip():
            raise ConfigError(f"who says that it is {wanted.lower()} is missing. Give --by NAME.")
        name = self.id_of(words)
        with told_of(self.path), transaction(self._database):
            self._facts_of(name)
            self._database.execute("UPDATE takes SET status = ? WHERE id = ?", (wanted, name))
            said = {"status": wanted, "by": _writable(by.strip()), "reference": _writable(reference.strip())}
            self._log(name, "status", said)
        return self.facts(name)

    def note_export(self, words: str, digests: Iterable[str]) -> None:
        """Log that a take was handed on. digests: SHA-256 of the files."""
        name = self.id_of(words)
        with told_of(self.path), transaction(self._database):
            self._log(name, "exported", {"files_sha256": sorted(digests)})

    def log(self, words: str = "", head: str = "") -> tuple[LogEntry, ...]:
        """What was done, the oldest first; with `words`, to that take. The whole log is checked before.

        head: a hash that it must have. Raises ScoreError where the log was changed or cut off.
        """
        with told_of(self.path):
            entries = entries_of(self._database)
        check_log(entries, head)
        name = self._logged(words, entries) if words else ""
        return tuple(entry for entry in entries if not name or entry.take == name)

    @property
    def head(self) -> str:
        """The hash that stands for all of the log up to now."""
        with told_of(self.path):
            return last_hash(self._database)

    @property
    def last_step(self) -> tuple[str, str] | None:
        """What `undo` would take back, and of which take; None for nothing, or where it cannot."""
        with told_of(self.path):
            rows = self._rows("SELECT kind, take FROM steps ORDER BY number DESC LIMIT 1")
        return None if not rows or rows[0][0] == _PURGE else (str(rows[0][0]), str(rows[0][1]))

    def undo(self, forget: str | None = None) -> tuple[str, str]:
        """Take back the last rating, note, lock, keep, or the making of a take. Returns what it was and of which take.

        forget: the only take that may be gone by it; None for any. Raises ConfigError for another, where there is
        nothing to take back, and where the last thing was a purge.
        """
        with told_of(self.path), transaction(self._database):
            rows = self._rows("SELECT number, kind, take, before FROM steps ORDER BY number DESC LIMIT 1")
            if not rows:
                raise ConfigError(f"{self.path}: nothing is left to undo.")
            number, kind, name, before = rows[0]
            if kind == _PURGE:
                raise ConfigError("the last thing done was a purge. What is purged is gone, and can't be brought back.")
            made = kind in MAKING
            if forget and not made:
                raise ConfigError(f"the last thing done is another by now: {kind} of {name}. Undo that first.")
            if made and forget not in (None, name):
                raise ConfigError(f"the last thing done made take {name}. `hitpoint takes undo` forgets it.")
            if made:
                self._delete([name])
            for column, value in json.loads(before).items():
                self._database.execute(f"UPDATE takes SET {_column(column)} = ? WHERE id = ?", (value, name))
            self._database.execute("DELETE FROM steps WHERE number = ?", (number,))
            if made:
                forget_words(self._database, [name])
            self._log(name, "undone", {"what": kind})
        if made:
            self._leave_nothing()
        return kind, name

    def purge(self, ids: Iterable[str], even_kept: bool = False) -> tuple[str, ...]:
        """Delete takes for good: no byte of them is left in the file. Returns their ids.

        ids: whole. Raises ConfigError for kept ones, unless `even_kept`; then nothing is deleted.
        """
        names = tuple(dict.fromkeys(ids))
        with told_of(self.path), transaction(self._database):
            spared = [name for name in names if self._facts_of(name).kept]
            if spared and not even_kept:
                raise ConfigError(f"{_told(spared)} is kept, and nothing was purged. Say --even-kept if it is meant.")
            self._delete(names)
            if names:
                # Older steps end here: what they would bring back may have to do with what is gone.
                self._database.execute("DELETE FROM steps")
                self._step(_PURGE, "", {})
                forget_words(self._database, names)
                for name in names:
                    self._log(name, "purged", {})
        # Also where none is named: a purge before may have been kept from it.
        self._leave_nothing()
        return names

    def _leave_nothing(self) -> None:
        with told_of(self.path):
            if not leave_nothing(self._database):
                raise ScoreError(
                    f"{self.path}: what was purged is gone from the takes, but another process still reads the file, "
                    "and the old bytes stay beside it until that ends. End it, and purge again."
                )

    def _changed(self, kind: str, words: str, changes: Mapping[str, Any]) -> TakeFacts:
        name = self.id_of(words)
        with told_of(self.path), transaction(self._database):
            rows = self._rows(f"SELECT {', '.join(_CHANGEABLE)} FROM takes WHERE id = ?", name)
            if not rows:
                raise ConfigError(f"{self.path} has no take {name} any more: another process has purged it.")
            was = dict(zip(_CHANGEABLE, rows[0], strict=True))
            changed = {column: value for column, value in changes.items() if value != was[column]}
            if changed:
                for column, value in changed.items():
                    self._database.execute(f"UPDATE takes SET {_column(column)} = ? WHERE id = ?", (value, name))
                self._step(kind, name, {column: was[column] for column in changed})
                self._log(name, kind, changed)
        return self.facts(name)

    def _log(self, name: str, event: str, said: Mapping[str, Any]) -> None:
        add_entry(self._database, name, event, self._now(), said)

    def _logged(self, words: str, entries: Sequence[LogEntry]) -> str:
        """The take that is meant, though it may be purged."""
        found = {entry.take for entry in entries if entry.take.startswith(words.strip().lower())}
        return found.pop() if len(found) == 1 else self.id_of(words)

    def _delete(self, names: Sequence[str]) -> None:
        for name in names:
            self._database.execute("DELETE FROM takes WHERE id = ?", (name,))
            self._database.execute("DELETE FROM steps WHERE take = ? AND kind NOT IN (?, ?)", (name, *MAKING))

    def _step(self, kind: str, name: str, before: Mapping[str, Any]) -> None:
        said = json.dumps(dict(before), ensure_ascii=False)
        self._database.execute(
            "INSERT INTO steps (made, kind, take, before) VALUES (?, ?, ?, ?)", (self._now(), kind, name, said)
        )
        self._database.execute("DELETE FROM steps WHERE number <= (SELECT max(number) FROM steps) - ?", (MOST_STEPS,))

    def _facts_of(self, name: str) -> TakeFacts:
        rows = self._rows(f"SELECT {_FACTS} FROM takes WHERE id = ?", name)
        if not rows:
            raise ConfigError(f"{self.path} has no take {name!r}. See `hitpoint takes list`.")
        return _facts(rows[0])

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._database.execute(query, values).fetchall()


def _facts(row: Sequence[Any]) -> TakeFacts:
    (
        name, made, cue, picture, prompt, seed, bars, parts, notes, bundle, model, runtime, hitpoint, parent, asked,
        verdict, midi, rating, note, kept, locks, status,
    ) = row  # fmt: skip
    return TakeFacts(
        name, made, cue, picture, prompt, int(seed), bars, tuple(json.loads(parts)), notes,
        Origin(bundle, model, runtime, hitpoint), parent, json.loads(asked),
        None if verdict is None else json.loads(verdict), midi, rating, note, bool(kept),
        tuple(json.loads(locks)), status,
    )  # fmt: skip


def _column(name: str) -> str:
    """A column's name that may stand in a statement: a file could say anything."""
    if name not in _CHANGEABLE:
        raise sqlite3.DatabaseError(f"it has no column {name!r}")
    return name


def _list(words: Sequence[str]) -> str:
    return json.dumps([_writable(word) for word in words], ensure_ascii=False)


def _writable(text: str) -> str:
    """Without what UTF-8 cannot hold: arguments may have stray bytes."""
    return text.encode("utf-8", "replace").decode()


def _told(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_TOLD} more" if len(names) > MOST_TOLD else ""
    return ", ".join(names[:MOST_TOLD]) + more
