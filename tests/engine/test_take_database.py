"""One transaction: whole or not at all, whatever ends it."""

import sqlite3
from pathlib import Path

import pytest

from hitpoint.engine.take_database import open_database, transaction


def test_what_is_refused_at_the_very_end_is_undone_and_another_can_begin(tmp_path: Path) -> None:
    database = open_database(tmp_path / "takes")
    # A rule that is looked at when all is done.
    database.execute(
        "CREATE TABLE more (take TEXT REFERENCES takes(id) DEFERRABLE INITIALLY DEFERRED, note TEXT NOT NULL)"
    )
    with pytest.raises(sqlite3.IntegrityError), transaction(database):
        database.execute("INSERT INTO more VALUES ('nobody', 'lost')")
    with transaction(database):
        database.execute("INSERT INTO more VALUES (NULL, 'kept')")
    assert database.execute("SELECT note FROM more").fetchall() == [("kept",)]
    database.close()
