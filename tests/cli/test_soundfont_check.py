from dataclasses import replace
from pathlib import Path

from fakes.sound_font import a_sound_font
from hitpoint.cli.machine_checks import Health
from hitpoint.cli.soundfont_check import soundfont
from hitpoint.config.load import load_settings


def test_the_doctor_says_which_one_the_page_plays_with_and_what_to_do_without(tmp_path: Path) -> None:
    settings = replace(load_settings().page, soundfont=str(tmp_path / "sine.sf2"))
    missing = soundfont(settings)
    assert missing.health is Health.WARN
    assert "sine.sf2 cannot be read" in missing.advice
    a_sound_font(tmp_path / "sine.sf2")
    assert soundfont(settings).found == f"{tmp_path / 'sine.sf2'} (0.0 MB)"


def test_one_that_is_not_wanted_is_no_trouble() -> None:
    assert soundfont(replace(load_settings().page, soundfont="off")).health is Health.OK
