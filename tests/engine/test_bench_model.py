"""The measurement measures: all figures are there, and in the order that nature has them."""

from pathlib import Path

import pytest

from hitpoint.engine.bench_model import measure_generation

SMALL = Path(__file__).parents[2] / "models" / "small-2"


@pytest.mark.realtime
def test_the_cache_pays_and_memory_is_the_limit() -> None:
    found = measure_generation(SMALL, bars=12)
    speed = found["notes_per_second"]
    assert found["notes"] > 0
    assert 2 * found["without_cache"]["notes_per_second"] < speed < found["read_limit"]["notes_per_second"]
    assert 0 < found["step_us"]["p50"] <= found["step_us"]["p99"] <= found["step_us"]["max"]
    assert found["step_us"]["p50"] / 1000 <= found["first_note_ms"]["p50"] <= found["first_note_ms"]["max"]
    assert found["takes"]["side_by_side_seconds"] < found["takes"]["seconds"]
    assert speed < found["variations"]["notes_per_second"]
    assert 0 < found["variations"]["context_rows"] < 512
