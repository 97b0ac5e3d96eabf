"""The file that takes are kept in: SQLite, shared by any number of processes, and what can be wrong with it, in words.

It is written ahead (WAL), so that who reads waits for nobody. What is deleted is written over at once. Where nothing
can be written, as on an archive's disk or a full one, it can still be read.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from hitpoint.errors import ConfigError, ScoreError

APPLICATION_ID = 0x48505431
"""Marks our files: "HPT1". Source: SQLite, PRAGMA application_id."""
SCHEMA_VERSION = 2
"""Goes up when the tables change; a newer file is refused, an older one is to be brought up to date here."""
WAIT_SECONDS = 5.0
"""Another process may hold the file for so long before we give up. Our choice."""
_RETRY_SECONDS = 0.02
_MAGIC, _HEAD_BYTES, _PAGE_SIZE_AT = b"SQLite format 3\0", 18, slice(16, 18)
"""Source: SQLite, Database File Format, 1.3."""

_TABLES = (
    """CREATE TABLE takes (
        id TEXT PRIMARY KEY, digest BLOB NOT NULL, made TEXT NOT NULL, cue TEXT NOT NULL, picture TEXT NOT NULL,
        prompt TEXT NOT NULL, seed TEXT NOT NULL, bars INTEGER NOT NULL, parts TEXT NOT NULL, notes INTEGER NOT NULL,
        bundle TEXT NOT NULL, bundle_sha256 TEXT NOT NULL, runtime TEXT NOT NULL, hitpoint TEXT NOT NULL,
        parent TEXT NOT NULL, asked TEXT NOT NULL, verdict TEXT, midi_sha256 TEXT NOT NULL,
        rating INTEGER, note TEXT NOT NULL DEFAULT '', kept INTEGER NOT NULL DEFAULT 0, locks TEXT NOT NULL
    )""",
    "CREATE TABLE music (take TEXT PRIMARY KEY REFERENCES takes(id) ON DELETE CASCADE, content BLOB NOT NULL)",
    """CREATE TABLE steps (
        number INTEGER PRIMARY KEY AUTOINCREMENT, made TEXT NOT NULL, kind TEXT NOT NULL, take TEXT NOT NULL,
        before TEXT NOT NULL
    )""",
)
_SINCE_2 = (
    "ALTER TABLE takes ADD COLUMN status TEXT NOT NULL DEFAULT 'TEMP'",
    """CREATE TABLE log (
        number INTEGER PRIMARY KEY AUTOINCREMENT, take TEXT NOT NULL, words TEXT, digest TEXT NOT NULL,
        hash TEXT NOT NULL
    )""",
)
"""What version 2 has beyond version 1."""


def open_database(path: Path, wait_seconds: float = WAIT_SECONDS) -> sqlite3.Connection:
    """The database at `path`, made where there is none; only to be read where nothing can be written beside it. To be
    closed by whoever asked.

    Raises ConfigError for a file that is none of ours or a newer one's, ScoreError where it can't be used.
    """
    if not path.parent.is_dir():
        raise ConfigError(f"{path.parent} is not a folder. Make it, or name another file with --takes.")
    _check_whole(path)
    with told_of(path):
        try:
            return _opened(path, wait_seconds, alone=False)
        except sqlite3.OperationalError as error:
            if not (any(_is(error, code) for code in _NOT_WRITTEN) and _lies_still(path)):
                raise
            return _opened(path, wait_seconds, alone=True)


def _opened(path: Path, wait_seconds: float, alone: bool) -> sqlite3.Connection:
    """alone: only to be read, and nobody else writes."""
    name = f"{path.absolute().as_uri()}?immutable=1" if alone else path
    database = sqlite3.connect(name, timeout=wait_seconds, isolation_level=None, uri=alone)
    try:
        _prepare(database, path, wait_seconds, alone)
    except BaseException:
        database.close()
        raise
    return database


def _lies_still(path: Path) -> bool:
    """True where all that was written is in the file itself: whoever has it open has a write-ahead file beside it."""
    ahead = path.with_name(f"{path.name}-wal")
    return path.is_file() and not (ahead.is_file() and ahead.stat().st_size)


def _check_whole(path: Path) -> None:
    # SQLite takes a last page that is cut short for one that ends in zeros.
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            size = file.seek(0, 2)
    except OSError:
        return
    page = int.from_bytes(head[_PAGE_SIZE_AT])
    if head.startswith(_MAGIC) and page and size % (65536 if page == 1 else page):
        raise ScoreError(f"{path} {_SAID[sqlite3.SQLITE_CORRUPT]}")


def _prepare(database: sqlite3.Connection, path: Path, wait_seconds: float, alone: bool) -> None:
    # Deleted rows are zeroed, and nothing is put into a temporary file of the system's.
    database.execute("PRAGMA secure_delete = ON")
    database.execute("PRAGMA temp_store = MEMORY")
    database.execute("PRAGMA foreign_keys = ON")
    application, version = (
        database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    made = bool(database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if made and application != APPLICATION_ID:
        raise ConfigError(f"{path} is a database of another program. Name another file with --takes.")
    if made and version > SCHEMA_VERSION:
        raise ConfigError(
            f"{path} was written by a newer Hitpoint (version {version}, this one reads {SCHEMA_VERSION}). "
            "Use that one, or name another file with --takes."
        )
    if not alone:
        _ahead(database, wait_seconds)
    if not made:
        _make(database)
    elif version < SCHEMA_VERSION:
        _bring_up(database)


def _ahead(database: sqlite3.Connection, wait_seconds: float) -> None:
    # SQLite does not wait for this one itself, and two processes may well make a file at the same moment.
    end = monotonic() + wait_seconds
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if not _is(error, sqlite3.SQLITE_BUSY) or monotonic() > end:
                raise
            sleep(_RETRY_SECONDS)


def _make(database: sqlite3.Connection) -> None:
    with transaction(database):
        if database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return
        for statement in _TABLES + _SINCE_2:
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _bring_up(database: sqlite3.Connection) -> None:
    with transaction(database):
        # Another process may have been first.
        if database.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
            for statement in _SINCE_2:
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def copy_database(old: Path, new: Path) -> None:
    """All that is in one file into another, which is not there yet. Raises what `open_database` does."""
    source = open_database(old)
    try:
        with told_of(new):
            target = sqlite3.connect(new, timeout=WAIT_SECONDS)
            try:
                source.backup(target)
            finally:
                target.close()
    finally:
        source.close()


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All that is done within is done whole or not at all, and nobody else writes meanwhile."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        # A full disk has rolled back already.
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def leave_nothing(database: sqlite3.Connection) -> bool:
    """Bring the files down to what is in the tables: of what was deleted no byte is left in them.

    Returns False where another process reads what was there, so that the write-ahead file can't be emptied yet.
    """
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("VACUUM")
    return not database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """SQLite's errors become ours, which name the file and say what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise ScoreError(f"{path} {_said(error)}") from error


_NOT_WRITTEN = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)

_SAID = {
    sqlite3.SQLITE_BUSY: "is in use by another process, which does not let go of it. Wait for that, and try again.",
    sqlite3.SQLITE_LOCKED: "is in use by another process, which does not let go of it. Wait for that, and try again.",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full. Nothing in it was changed; make room, and try again.",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk is full or fails. Make room or check it, and try again.",
    sqlite3.SQLITE_NOTADB: "is no take memory: not a database at all. Name another file with --takes.",
    sqlite3.SQLITE_CORRUPT: "is damaged: it is cut short or was written over. Bring it back from a copy.",
    sqlite3.SQLITE_READONLY: "cannot be written: its disk is full, or may only be read. Make room, check who may write "
    "there, or name another file with --takes.",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened. Check the path and who may write there.",
}


def _said(error: sqlite3.DatabaseError) -> str:
    known = next((said for code, said in _SAID.items() if _is(error, code)), None)
    return known or f"cannot be used ({error}). Check the disk, or name another file with --takes."


def _is(error: sqlite3.Error, code: int) -> bool:
    # The lower byte is the error, the rest a finer one.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == code
