"""The measurement measures: all figures are there, and in the order that nature has them."""

from pathlib import Path
from typing import Any

import pytest

from hitpoint.engine.bench_model import measure_generation

SMALL = Path(__file__).parents[2] / "models" / "small-2"


TRIES = 3
"""One may meet a moment at which the machine stalls."""


def is_in_order(found: dict[str, Any]) -> bool:
    speed, step, takes = found["notes_per_second"], found["step_us"], found["takes"]
    return (
        2 * found["without_cache"]["notes_per_second"] < speed < found["read_limit"]["notes_per_second"]
        and step["p50"] / 1000 <= found["first_note_ms"]["p50"]
        and takes["side_by_side_seconds"] < takes["seconds"]
        and speed < found["variations"]["notes_per_second"]
    )


@pytest.mark.realtime
def test_the_cache_pays_and_memory_is_the_limit() -> None:
    for _ in range(TRIES):
        found = measure_generation(SMALL, bars=12)
        assert found["notes"] > 0
        assert 0 < found["step_us"]["p50"] <= found["step_us"]["p99"] <= found["step_us"]["max"]
        assert found["first_note_ms"]["p50"] <= found["first_note_ms"]["max"]
        assert 0 < found["variations"]["context_rows"] < 512
        if is_in_order(found):
            break
    assert is_in_order(found), found
