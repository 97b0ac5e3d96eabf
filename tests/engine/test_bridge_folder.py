import json
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest

from hitpoint.engine import bridge_folder
from hitpoint.engine.bridge_folder import MOST_AT_ONCE, BridgeFolder
from hitpoint.errors import HostError
from hitpoint.hosts.clip_job import ClipJob


def a_job(number: int) -> ClipJob:
    return ClipJob(f"job-{number}", "take", "keep", ())


class Script:
    """A host's script, as PROTOCOL.md has it. Its project is what it has saved."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.applied: list[str] = []
        self._known: set[str] = set()

    def run(self, random: Random) -> None:
        """One look into the folder; it may die at any place."""
        for path in sorted((self._folder / "jobs").glob("*.json")):
            job = json.loads(path.read_text())["job"]
            if job not in self._known:
                # One undo step: the notes and the mark that they are there.
                self.applied.append(job)
                self._known.add(job)
            if random.random() < 0.1:
                return
            (self._folder / "answers" / path.name).write_text(json.dumps({"job": job}))
            if random.random() < 0.1:
                return


def test_a_project_is_told_once_for_each_time_it_is_written(tmp_path: Path) -> None:
    folder = BridgeFolder(tmp_path / "bridge")
    assert folder.snapshot() is None
    (folder.folder / "snapshot.json").write_bytes(b"{}")
    assert folder.snapshot() == b"{}"
    assert folder.snapshot() is None
    (folder.folder / "snapshot.json").write_bytes(b'{"serial": 2}')
    assert folder.snapshot() == b'{"serial": 2}'


def test_a_job_waits_until_it_is_answered_whoever_dies_meanwhile(tmp_path: Path) -> None:
    BridgeFolder(tmp_path).put(a_job(1))
    folder = BridgeFolder(tmp_path)
    assert folder.waiting == {"job-1"}
    (tmp_path / "answers" / "job-1.json").write_bytes(b"done")
    assert list(folder.answers()) == [b"done"]
    assert folder.waiting == frozenset()
    assert list(folder.answers()) == []


def test_a_job_that_is_given_while_another_thread_lists_what_waits_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, lists, second_given = BridgeFolder(tmp_path), Event(), Event()
    write = bridge_folder.write_whole

    def slow(path: Path, content: bytes) -> None:
        if path.name == "waiting" and not lists.is_set():
            lists.set()
            second_given.wait(0.2)
        write(path, content)

    monkeypatch.setattr(bridge_folder, "write_whole", slow)
    first = Thread(target=folder.put, args=(a_job(1),))
    first.start()
    assert lists.wait(10)
    folder.put(a_job(2))
    second_given.set()
    first.join()
    assert (tmp_path / "waiting").read_text().split() == ["job-1", "job-2"]


def test_what_waits_is_named_for_scripts_that_cannot_list_a_folder(tmp_path: Path) -> None:
    for number in (1, 2):
        BridgeFolder(tmp_path).put(a_job(number))
    assert (tmp_path / "waiting").read_text() == "job-1\njob-2\n"
    (tmp_path / "answers" / "job-1.json").write_bytes(b"done")
    assert list(BridgeFolder(tmp_path).answers()) == [b"done"]
    assert (tmp_path / "waiting").read_text() == "job-2\n"


def test_an_answer_that_nobody_waits_for_is_thrown_away(tmp_path: Path) -> None:
    folder = BridgeFolder(tmp_path)
    (tmp_path / "answers" / "job-9.json").write_bytes(b"done")
    assert list(folder.answers()) == []
    assert not list((tmp_path / "answers").iterdir())


def test_an_ask_is_told_once(tmp_path: Path) -> None:
    folder = BridgeFolder(tmp_path)
    (tmp_path / "asks" / "b.json").write_bytes(b"2")
    (tmp_path / "asks" / "a.json").write_bytes(b"1")
    (tmp_path / "asks" / "c.json.unfinished").write_bytes(b"3")
    assert list(folder.asks()) == [b"1", b"2"]
    assert list(folder.asks()) == []


def test_a_script_gone_wild_is_read_a_little_at_a_time(tmp_path: Path) -> None:
    folder = BridgeFolder(tmp_path)
    for number in range(MOST_AT_ONCE + 5):
        (tmp_path / "asks" / f"{number:04}.json").write_bytes(b"")
    assert len(list(folder.asks())) == MOST_AT_ONCE
    assert len(list(folder.asks())) == 5


def test_a_place_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(HostError, match="cannot be made"):
        BridgeFolder(tmp_path / "file" / "bridge")


def test_a_thousand_jobs_are_each_done_once_though_both_sides_die(tmp_path: Path) -> None:
    random, script, answered = Random(4), Script(tmp_path), []
    folder = BridgeFolder(tmp_path)
    for number in range(1000):
        folder.put(a_job(number))
        if random.random() < 0.05:
            folder.put(a_job(number))  # The daemon is not sure that it has.
        if random.random() < 0.3:
            script.run(random)
        if random.random() < 0.3:
            answered += [json.loads(data)["job"] for data in folder.answers()]
        if random.random() < 0.01:
            folder = BridgeFolder(tmp_path)
    while folder.waiting:
        script.run(random)
        answered += [json.loads(data)["job"] for data in folder.answers()]
    assert sorted(script.applied) == sorted(f"job-{number}" for number in range(1000))
    assert sorted(answered) == sorted(script.applied)
