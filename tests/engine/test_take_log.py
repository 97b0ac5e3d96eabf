"""The log of takes hangs together: nothing in it can be changed unseen, and what is purged leaves no words."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.takes import a_take
from hitpoint.engine.take_database import _TABLES, APPLICATION_ID, SCHEMA_VERSION
from hitpoint.engine.take_log import FIRST_HASH, check_log
from hitpoint.engine.take_store import TakeStore
from hitpoint.errors import ConfigError, ScoreError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "reel1.takes.db"


def events(store: TakeStore, words: str = "") -> list[str]:
    return [str(entry.said.get("event", "")) for entry in store.log(words)]


def a_day(store: TakeStore) -> str:
    """A take that much is done with, and another. Returns the first one's id."""
    name = store.remember(a_take()).id
    store.rate(name, 4, "the end!")
    store.lock(name, ["cello"])
    store.keep(name)
    store.undo()
    store.set_status(name, "approved", "A. Producer", "mail of 3 May")
    store.note_export(name, ["ab" * 32])
    store.remember(a_take(seed=2))
    return name


def test_what_is_done_is_logged_in_its_order(file: Path) -> None:
    with TakeStore(file) as store:
        name = a_day(store)
        assert events(store, name) == ["made", "rate", "lock", "keep", "undone", "status", "exported"]
        assert events(store)[-1] == "made"
        said = store.log(name)[5].said
        assert (said["status"], said["by"], said["reference"]) == ("APPROVED", "A. Producer", "mail of 3 May")
        assert store.log(name)[0].said["prompt"] == a_take().prompt
        assert store.facts(name).status == "APPROVED"


def test_what_changes_nothing_is_not_logged(file: Path) -> None:
    with TakeStore(file) as store:
        name = store.remember(a_take()).id
        store.rate(name, 4)
        before = store.head
        store.rate(name, 4)
        store.remember(a_take())
        assert store.head == before


def test_the_chain_is_one_of_all_entries(file: Path) -> None:
    with TakeStore(file) as store:
        assert store.head == FIRST_HASH
        a_day(store)
        entries = store.log()
        assert store.head == entries[-1].hash
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
        for entry in entries:
            assert store.log(head=entry.hash) == entries


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE log SET words = replace(words, 'A. Producer', 'B. Producer')",
        "UPDATE log SET take = 'zzz' WHERE number = 3",
        "DELETE FROM log WHERE number = 2",
        "UPDATE log SET number = 100 WHERE number = 2",
        "UPDATE log SET digest = replace(digest, substr(digest, 1, 8), '00000000') WHERE number = 4",
        "UPDATE log SET hash = replace(hash, substr(hash, 1, 8), '00000000') WHERE number = 4",
    ],
)
def test_what_is_changed_by_others_is_seen(file: Path, tampering: str) -> None:
    with TakeStore(file) as store:
        a_day(store)
        store._database.execute(tampering)
        with pytest.raises(ScoreError, match=r"was changed by something else than Hitpoint: entry [2-6]"):
            store.log()


def test_an_end_that_was_cut_off_is_seen_by_who_has_noted_the_last_hash(file: Path) -> None:
    with TakeStore(file) as store:
        a_day(store)
        head = store.head
        store._database.execute("DELETE FROM log WHERE number = (SELECT max(number) FROM log)")
        assert store.log() != ()
        with pytest.raises(ScoreError, match="its end was cut off"):
            store.log(head=head)


def test_what_is_purged_leaves_no_word_in_the_log_and_the_chain_holds(file: Path) -> None:
    with TakeStore(file) as store:
        name = a_day(store)
        heads = [entry.hash for entry in store.log()]
        store.purge([name], even_kept=True)
        assert events(store, name) == [""] * 7 + ["purged"]
        assert [entry.hash for entry in store.log()][: len(heads)] == heads
        assert events(store)[7] == "made"
    assert b"A. Producer" not in b"".join(path.read_bytes() for path in file.parent.iterdir())


def test_a_variation_that_is_undone_leaves_no_word_either(file: Path) -> None:
    with TakeStore(file) as store:
        name = store.remember(a_take()).id
        heir = store.remember(replace(a_take(seed=3), parent=name)).id
        store.undo()
        assert [entry.words for entry in store.log(heir)[:-1]] == [None]
        assert events(store, heir)[-1] == "undone"


def test_an_approval_needs_somebody_and_a_status_must_be_one(file: Path) -> None:
    with TakeStore(file) as store:
        name = store.remember(a_take()).id
        before = store.head
        with pytest.raises(ConfigError, match="who says that it is approved is missing"):
            store.set_status(name, "approved")
        with pytest.raises(ConfigError, match=r"'great' is no status\. Say one of temp, submitted"):
            store.set_status(name, "great", "me")
        with pytest.raises(ConfigError, match="has no take"):
            store.set_status("zzzzzz", "temp")
        assert store.head == before
        assert store.set_status(name, "Submitted").status == "SUBMITTED"


def test_a_file_of_the_version_before_is_brought_up_to_date(file: Path) -> None:
    with TakeStore(file) as store:
        take = a_take()
        name = store.remember(take).id
        rows = store._database.execute("SELECT * FROM takes").fetchall()
        music = store._database.execute("SELECT * FROM music").fetchall()
    file.unlink()
    old = sqlite3.connect(file)
    for table in _TABLES:
        old.execute(table)
    columns = len(rows[0]) - 1
    old.executemany(f"INSERT INTO takes VALUES ({', '.join('?' * columns)})", [row[:columns] for row in rows])
    old.executemany("INSERT INTO music VALUES (?, ?)", music)
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    with TakeStore(file) as store, TakeStore(file) as another:
        assert store.facts(name).status == "TEMP"
        assert store.music(name) == take.music
        store.rate(name, 3)
        assert events(another) == ["rate"]
        assert store._database.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION


DEEDS = st.lists(
    st.tuples(st.sampled_from(("rate", "lock", "keep", "status", "undo", "vary", "purge")), st.integers(0, 5))
)


@given(DEEDS)
@settings(max_examples=60, deadline=None)
def test_whatever_is_done_the_chain_holds_and_grows(tmp_path_factory: pytest.TempPathFactory, deeds: object) -> None:
    assert isinstance(deeds, list)
    with TakeStore(tmp_path_factory.mktemp("log") / "a.takes.db") as store:
        names = [store.remember(a_take()).id]
        hashes: list[str] = []
        for deed, number in deeds:
            do(store, deed, number, names)
            entries = store.log()
            check_log(entries)
            assert [entry.hash for entry in entries][: len(hashes)] == hashes
            hashes = [entry.hash for entry in entries]
            # Also of a take that is made again, to the same id, nothing comes back of what was purged.
            for purged in (entry for entry in entries if entry.said.get("event") == "purged"):
                before = [entry for entry in entries if entry.take == purged.take and entry.number < purged.number]
                assert all(entry.words is None or entry.said["event"] == "purged" for entry in before)


def do(store: TakeStore, deed: str, number: int, names: list[str]) -> None:
    there = {facts.id for facts in store.all()}
    name = next((one for one in names[number % len(names) :] if one in there), None)
    if name is None:
        names.append(store.remember(a_take(seed=number)).id)
        return
    match deed:
        case "rate":
            store.rate(name, number)
        case "lock":
            store.lock(name, ["cello"], number > 2)
        case "keep":
            store.keep(name, number > 2)
        case "status":
            store.set_status(name, ("temp", "submitted", "approved", "final", "withdrawn", "temp")[number], "me")
        case "vary":
            names.append(store.remember(replace(a_take(seed=number), parent=name)).id)
        case "undo" if store._database.execute("SELECT kind FROM steps ORDER BY number DESC").fetchone() not in (
            None, ("purge",),
        ):  # fmt: skip
            store.undo()
        case "purge":
            store.purge([name], even_kept=True)
