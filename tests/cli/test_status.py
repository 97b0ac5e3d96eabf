from dataclasses import asdict

from hitpoint.cli.status import _bars, _hosts, _played, _source
from hitpoint.engine.bar_states import BarState
from hitpoint.engine.host_bridges import HostStatus
from hitpoint.engine.played_bars import PlayedBars
from hitpoint.scheduler.performance import SourceHeard

AHEAD = (
    BarState(12, "playing", "fallback"),
    BarState(13, "ready", "model"),
    BarState(14, "ready", "model"),
    BarState(15, "writing", "back-up"),
    BarState(16, "planned", ""),
    BarState(17, "planned", ""),
)


def test_bars_that_are_alike_are_told_together_on_one_line() -> None:
    said = _bars([asdict(state) for state in AHEAD])
    assert said == "12 playing (fallback), 13–14 ready (model), 15 writing (back-up), 16–17 planned"


def test_what_was_heard_is_told_by_bars() -> None:
    assert _played(asdict(PlayedBars())) == "nothing yet"
    assert _played(asdict(PlayedBars(96, 1, 380, 4))) == "96 bars, 1 of them with the fallback"
    assert _played(asdict(PlayedBars(96, 0, 384, 0))) == "96 bars, all by the model"


def test_hosts_whose_scripts_speak_are_told_and_which_of_them_is_followed() -> None:
    assert _hosts({"hosts": [], "keeping": [0, 0]}) == "no script of a DAW speaks"
    hosts = [
        asdict(HostStatus("REAPER 7.22", "reel 3", "0.2.0", True, 1.0, 2)),
        asdict(HostStatus("Ardour 7.3", "", "0.2.0", False, 9.0, 0)),
    ]
    said = _hosts({"hosts": hosts, "keeping": [12, 32]})
    assert said == "REAPER 7.22: reel 3, followed, 2 takes wait; Ardour 7.3: unsaved; 12 of 32 bars of a take written"


def test_each_that_may_lead_is_told_with_how_far_it_is_off() -> None:
    said = [
        _source(asdict(source))
        for source in (
            SourceHeard("reaper", "locked", 0.02, -12.5, 18.0),
            SourceHeard("mtc", "silent", 3.21, None, 0.3),
            SourceHeard("midi", "never heard", None, None, 0.0),
            SourceHeard("builtin", "here", None, None, 0.0),
        )
    ]
    assert said == [
        "REAPER locked, 12.50 ms behind, jitter 18.00 ms",
        "midi time code silent for 3.2 s",
        "midi clock never heard",
        "builtin here",
    ]
