"""Where a take is, as the page shows it: now, and in every frame since it was watched."""

from itertools import pairwise
from typing import Any

import pytest

from page import browser

PLACE = "() => Number(document.querySelector('.player input')?.value ?? -1)"
"""In bars from 0; -1 before a take is chosen."""
LONG = pytest.mark.parametrize("file", [16], indirect=True, ids=["long"])
"""Takes of so many bars: they play still when a slow machine comes to look."""
BARS_A_SECOND = 100 / 60 / 4
"""The tempo of the memory's takes of a cue."""
WATCH = """() => {
    const {get, set} = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    const watched = performance.now();
    window.drawn = [];
    Object.defineProperty(HTMLInputElement.prototype, 'value', {get, set(value) {
        if (this.matches('.player input')) drawn.push([(performance.now() - watched) / 1000, Number(value)]);
        set.call(this, value);
    }});
}"""
"""Keeps each place that is drawn, and the second at which it was."""
FRAMES = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
"""Until what was to be drawn is drawn."""


def goes_on(page: Any, start: float = 0.0, near: float = 0.02) -> None:
    """Assert that since it was watched the place has gone from `start` on: never back, and never ahead of the time.

    near: so many bars are as good as none.
    """
    # It stands there from the beginning, before anything is drawn.
    drawn = browser.until(lambda: page.evaluate("drawn"), page)
    back = [(before, after) for (_, before), (_, after) in pairwise(drawn) if after < before - near]
    ahead = [one for one in drawn if one[1] > start + one[0] * BARS_A_SECOND + near]
    assert drawn[0][1] >= start - near, f"it began at {drawn[0][1]}"
    assert not back, f"it went back: {back}"
    assert not ahead, f"it was ahead of the time (seconds, bars): {ahead}"
