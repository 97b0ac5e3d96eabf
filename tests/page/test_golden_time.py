"""The page tells the time as the daemon does: its tests hold it to figures, and this one holds the figures."""

import json
from importlib import import_module

import pytest


def test_the_figures_that_the_page_is_held_to_are_the_daemons() -> None:
    golden = import_module("page.golden_time")
    assert json.loads(golden.FILE.read_text(encoding="utf-8")) == _approximately(golden.golden())


def _approximately(value: object) -> object:
    """Floats may differ in their last digits from one machine's mathematics to another's."""
    if isinstance(value, dict):
        return {key: _approximately(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_approximately(inner) for inner in value]
    return pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
