"""Who leads is what the settings say, and only that."""

from pathlib import Path

import pytest

from hitpoint.config.load import load_settings
from hitpoint.config.settings import Settings
from hitpoint.engine.duties import play_settings
from hitpoint.engine.leader import LEADERS
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.timeline.units import FrameRate


def settings(tmp_path: Path, **flags: str) -> Settings:
    file = tmp_path / "given.yaml"
    file.write_text("", encoding="utf-8")
    return load_settings(file, flags, {}, tmp_path / "none.yaml")


@pytest.mark.parametrize("follow", list(LEADERS))
def test_there_is_one_leader_at_most(tmp_path: Path, follow: str) -> None:
    play = play_settings(settings(tmp_path, follow=follow))
    led = (play.follow_jack, play.follow_clock, play.timecode is not None, play.follow_positions, play.follow_link)
    assert sum(led) == (0 if follow == "builtin" else 1)


def test_time_code_is_told_where_the_project_begins_and_how_fast_its_picture_is(tmp_path: Path) -> None:
    play = play_settings(settings(tmp_path, follow="mtc", timecode_start="10:00:00:00", frame_rate="23.976"))
    assert play.timecode == TimecodeStart("10:00:00:00", FrameRate.named("23.976"))


def test_the_clock_has_a_port_of_its_own_behind_the_others_and_only_when_asked_for(tmp_path: Path) -> None:
    without, play = (play_settings(settings(tmp_path, **{"output.clock": on})) for on in ("false", "true"))
    assert (without.all_ports, without.clock_port) == (without.ports, None)
    assert play.ports == without.ports
    assert play.clock_port is not None
    assert play.all_ports[play.clock_port :] == ("Hitpoint clock",)


def test_of_several_play_is_told_the_order_and_what_each_needs(tmp_path: Path) -> None:
    play = play_settings(settings(tmp_path, follow="reaper,mtc,midi"))
    assert play.several == ("reaper", "mtc", "midi", "builtin")
    assert play.timecode is not None
    assert (play.follow_clock, play.follow_positions, play.follow_jack) == (False, False, False)
    play = play_settings(settings(tmp_path, follow="mtc,jack"))
    assert (play.several, play.follow_jack) == (("mtc", "jack"), True)
