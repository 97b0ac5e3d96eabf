"""Which SoundFont there is, on machines of every kind."""

from pathlib import Path

import pytest

from fakes.sound_font import a_sound_font, sound_font_bytes
from hitpoint.config import sound_fonts
from hitpoint.config.host_folders import Machine
from hitpoint.config.sound_fonts import folders, found_on, sound_font
from hitpoint.errors import ConfigError


def linux(home: Path) -> Machine:
    return Machine("linux", {"XDG_DATA_DIRS": str(home / "usr")}, home)


def put(path: Path, content: bytes | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sound_font_bytes() if content is None else content)
    return path


def test_a_persons_own_comes_first_then_the_machines_default_then_the_largest(tmp_path: Path):
    large = put(tmp_path / "usr" / "sounds" / "sf2" / "Large.sf2", sound_font_bytes() + bytes(99))
    default = put(tmp_path / "usr" / "sounds" / "sf2" / "default-GM.sf2")
    put(tmp_path / "usr" / "sounds" / "sf2" / "notes.txt")
    assert list(found_on(linux(tmp_path))) == [default, large]
    own = put(tmp_path / ".local" / "share" / "soundfonts" / "mine.SF2")
    assert sound_font("auto", linux(tmp_path)) == own


def test_one_that_is_named_is_the_one_and_its_trouble_is_said(tmp_path: Path):
    named = a_sound_font(tmp_path / "named.sf2")
    assert sound_font(str(named)) == named
    with pytest.raises(ConfigError, match=r"page.soundfont: .*no.sf2 cannot be read: No such file"):
        sound_font(str(tmp_path / "no.sf2"), linux(tmp_path))
    with pytest.raises(ConfigError, match="off"):
        sound_font("off", linux(tmp_path))


@pytest.mark.parametrize(
    ("content", "trouble"),
    [(b"", "is no SoundFont"), (b"MThd" + bytes(20), "is no SoundFont"), (sound_font_bytes()[:-1], "is cut short")],
    ids=["empty", "another file", "cut short"],
)
def test_what_no_browser_could_play_is_passed_over_and_named_where_there_is_no_other(
    tmp_path: Path, content: bytes, trouble: str
):
    bad = put(tmp_path / ".local" / "share" / "soundfonts" / "bad.sf2", content)
    with pytest.raises(ConfigError, match=rf"{bad} {trouble}\. For better sound install one"):
        sound_font("auto", linux(tmp_path))
    good = put(tmp_path / "usr" / "soundfonts" / "good.sf2")
    assert sound_font("auto", linux(tmp_path)) == good


def test_one_that_would_fill_a_browsers_memory_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sound_fonts, "LARGEST_BYTES", 1000)
    with pytest.raises(ConfigError, match="is too large for a browser"):
        sound_font(str(a_sound_font(tmp_path / "large.sf2")))


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_without_one_it_says_where_to_put_it(tmp_path: Path, platform: str, monkeypatch: pytest.MonkeyPatch):
    machine = Machine(platform, {"XDG_DATA_DIRS": str(tmp_path)}, tmp_path)
    monkeypatch.setattr(sound_fonts, "found_on", lambda _: iter(()))
    with pytest.raises(ConfigError) as said:
        sound_font("auto", machine)
    assert str(folders(machine)[0]) in str(said.value)
    assert "page: {soundfont: FILE.sf2}" in str(said.value)
