"""A folder that appears whole or not at all."""

from pathlib import Path

import pytest

from hitpoint.errors import ConfigError
from hitpoint.training.new_folder import check_place, put, workshop


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
