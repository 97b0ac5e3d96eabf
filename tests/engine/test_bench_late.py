"""The measurement measures: a quick model is never late, a slow one is told to be, and no bar is silent."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from fakes.stage import composed
from hitpoint.engine.bench_late import measure_lateness, virtual_run
from hitpoint.score.controls import Controls
from hitpoint.score.request import BarRequest, ComposedBar
from hitpoint.score.session import Session

SMALL = Path(__file__).parents[2] / "models" / "small-2"
SESSION = Session(direction="tense, flute, french horn, violin, cello, D minor", controls=Controls(intensity=0.9))
"""120 bpm: a bar lasts two seconds."""


@dataclass
class TimedModel:
    """Takes so long for each answer, by its own stopwatch."""

    seconds: float
    now: float = 0.0

    def compose(self, request: BarRequest) -> tuple[ComposedBar, ...]:
        self.now += self.seconds
        return composed(request)

    def stopwatch(self) -> float:
        return self.now


def test_a_model_that_writes_faster_than_it_is_played_is_never_late() -> None:
    model = TimedModel(1.0)
    found = virtual_run(SESSION, model.compose, 24, model.stopwatch)
    assert (found["parts"], found["bars"], found["late"], found["silent"]) == (4, 24, 0, 0)
    assert found["generation_seconds"] == {"p50": 1.0, "p99": 1.0, "max": 1.0}
    assert 1.4 < found["real_time_factor"] <= 2.0


def test_a_model_that_writes_more_slowly_is_late_by_as_much_and_no_bar_is_silent() -> None:
    model = TimedModel(4.0)
    found = virtual_run(SESSION, model.compose, 40, model.stopwatch)
    assert found["silent"] == 0
    assert 0.4 <= found["late_share"] <= 0.6


@pytest.mark.realtime
@pytest.mark.slow
def test_all_figures_are_there() -> None:
    found = measure_lateness(SMALL, bars=4, minutes=0.1)
    assert len(found) == 7
    assert all(figures["silent"] == 0 for name, figures in found.items() if not name.startswith("real"))
    assert found["real: 4 parts, 120 bpm"]["bars"] >= 2
