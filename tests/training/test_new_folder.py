"""A folder that appears whole or not at all."""

import os
from errno import ENOSPC
from pathlib import Path

import pytest

from hitpoint.errors import ConfigError
from hitpoint.training.new_folder import check_place, check_room, put, workshop


def ours(folder: Path) -> bool:
    return (folder / "mark").is_file()


def made(folder: Path, said: str) -> Path:
    folder.mkdir()
    (folder / "mark").write_text(said)
    return folder


def test_what_is_finished_takes_its_place_and_nothing_else_is_left(tmp_path: Path) -> None:
    place = tmp_path / "new" / "bundle"
    with workshop(place) as work:
        put(made(work / "bundle", "first"), place)
    with workshop(place) as work:
        put(made(work / "bundle", "second"), place)
    assert (place / "mark").read_text() == "second"
    assert list(place.parent.iterdir()) == [place]


def test_what_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    def stopped() -> None:
        with workshop(tmp_path / "bundle") as work:
            made(work / "bundle", "half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_is_a_persons_mistake_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="bundle cannot be written: No space left"), workshop(tmp_path / "bundle"):
        raise OSError(ENOSPC, os.strerror(ENOSPC))
    assert not list(tmp_path.iterdir())


def test_room_that_is_not_there_is_told_before_the_work(tmp_path: Path) -> None:
    check_room(tmp_path / "new" / "bundle", 1)
    with pytest.raises(ConfigError, match="MB free, and the work on bundle takes 1,000,000,000 MB"):
        check_room(tmp_path / "new" / "bundle", 10**15)


def test_what_cannot_be_moved_leaves_what_was_there(tmp_path: Path) -> None:
    place = made(tmp_path / "bundle", "first")
    with pytest.raises(ConfigError, match="cannot be written"), workshop(place) as work:
        put(work / "never-made", place)
    assert (place / "mark").read_text() == "first"


def test_what_is_in_the_way_is_only_replaced_when_asked_and_ours(tmp_path: Path) -> None:
    check_place(tmp_path / "free", False, ours)
    bundle, other, file = made(tmp_path / "bundle", "first"), tmp_path / "other", tmp_path / "file"
    other.mkdir()
    file.write_text("a letter")
    (link := tmp_path / "link").symlink_to(bundle)
    for place in (bundle, other, file, link):
        with pytest.raises(ConfigError, match="is there already"):
            check_place(place, False, ours)
    check_place(bundle, True, ours)
    for place in (other, file, link):
        with pytest.raises(ConfigError, match="is left as it is"):
            check_place(place, True, ours)


def test_a_place_where_no_folder_can_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a letter")
    with pytest.raises(ConfigError, match="Choose another place"), workshop(tmp_path / "file" / "bundle"):
        pass
