from dataclasses import asdict

from hitpoint.cli.status import _bars, _played
from hitpoint.engine.bar_states import BarState
from hitpoint.engine.played_bars import PlayedBars

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
