"""Files written together: all or none."""

import os
from collections.abc import Callable
from errno import ENOSPC
from os import strerror
from pathlib import Path
from threading import Event, Thread

import pytest

from hitpoint.errors import ScoreError
from hitpoint.score.whole_file import write_asked, write_whole, write_whole_together


def test_all_are_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    write_whole_together([(tmp_path / "a", b"1"), (tmp_path / "b", b"2")])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1", "b": b"2"}


def test_one_that_cannot_be_written_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(ScoreError, match="gone/b cannot be written"):
        write_whole_together([(tmp_path / "a", b"1"), (tmp_path / "gone" / "b", b"2")])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


def test_another_file_that_is_there_is_left_alone_unless_forced_and_so_are_those_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "empty").touch()
    with pytest.raises(ScoreError, match="a is there already, and differs"):
        write_asked([(tmp_path / "new", b"1"), (tmp_path / "a", b"2")], force=False)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old", "empty": b""}
    write_asked([(tmp_path / "empty", b"1"), (tmp_path / "a", b"old")], force=False)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old", "empty": b"1"}
    write_asked([(tmp_path / "a", b"2")], force=True)
    assert (tmp_path / "a").read_bytes() == b"2"


def test_a_link_stays_one_and_a_files_rights_stay(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    there = tmp_path / "elsewhere" / "a"
    there.write_bytes(b"old")
    there.chmod(0o640)
    (tmp_path / "a").symlink_to(there)
    (tmp_path / "nowhere").symlink_to(tmp_path / "elsewhere" / "new")
    write_whole(tmp_path / "a", b"1")
    write_whole(tmp_path / "nowhere", b"2")
    assert (tmp_path / "a").is_symlink()
    assert (there.read_bytes(), there.stat().st_mode & 0o777) == (b"1", 0o640)
    assert {path.name for path in there.parent.iterdir()} == {"a", "new"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_written_into_and_stays_one(tmp_path: Path) -> None:
    pipe, heard = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    write_asked([(tmp_path / "a", b"1"), (pipe, b"2")], force=False)
    reader.join()
    assert heard == [b"2"]
    assert pipe.is_fifo()
    assert {path.name for path in tmp_path.iterdir()} == {"a", "pipe"}


def half_written(then: BaseException) -> Callable[[Path, bytes], int]:
    """A disk that takes the first byte of the second file."""
    written: list[Path] = []

    def write(path: Path, content: bytes) -> int:
        written.append(path)
        with path.open("wb") as file:
            file.write(content if len(written) < 2 else content[:1])
        if len(written) == 2:
            raise then
        return len(content)

    return write


def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(Path, "write_bytes", half_written(OSError(ENOSPC, strerror(ENOSPC))))
    with pytest.raises(ScoreError, match=r"b cannot be written: No space left on device\."):
        write_whole_together([(tmp_path / "a", b"123"), (tmp_path / "b", b"456")])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


def test_who_is_interrupted_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_bytes", half_written(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        write_whole_together([(tmp_path / "a", b"123"), (tmp_path / "b", b"456")])
    assert list(tmp_path.iterdir()) == []


def test_two_threads_that_write_one_file_are_not_in_each_others_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, other_is_done, raised = Event(), Event(), list[ScoreError]()
    write = Path.write_bytes

    def slow(path: Path, content: bytes) -> int:
        count = write(path, content)
        if content == b"first":
            begun.set()
            assert other_is_done.wait(10)
        return count

    def first() -> None:
        try:
            write_whole(tmp_path / "a", b"first")
        except ScoreError as error:
            raised.append(error)

    monkeypatch.setattr(Path, "write_bytes", slow)
    thread = Thread(target=first)
    thread.start()
    assert begun.wait(10)
    write_whole(tmp_path / "a", b"second")
    other_is_done.set()
    thread.join()
    assert not raised
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"first"}
