"""A real Chromium, and hands to use a page with: a mouse, or fingers."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, sync_playwright

from fakes import patience

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
AXE = Path(__file__).parents[2] / "page" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP, TABLET, PHONE = (1440, 900), (1024, 768), (390, 844)
THERE = '.link-state.there:not(:has-text("…"))'
"""Matches once the page has heard the daemon's whole state: who leads stands in it."""
WATCHES_BANNER = """() => { window.shownAt = null; new MutationObserver(() => {
    if (!window.shownAt && document.querySelector('.banner.bad')) window.shownAt = Date.now() / 1000;
}).observe(document.body, {subtree: true, childList: true}); }"""
"""The browser's own note of when the banner came: asking it from here would take time itself."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own; nothing is downloaded."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


class Hand:
    """What taps and drags: a mouse, or a finger."""

    def __init__(self, page: Page, touch: bool) -> None:
        self._page = page
        self._finger: CDPSession | None = page.context.new_cdp_session(page) if touch else None

    def tap(self, locator: Locator) -> None:
        locator.scroll_into_view_if_needed()
        if self._finger is None:
            locator.click()
        else:
            locator.tap()

    def drag(self, locator: Locator, *places: tuple[float, float]) -> None:
        """Down at the first place, along all, up at the last; each in parts of the box, from its upper left."""
        locator.scroll_into_view_if_needed()
        box = locator.bounding_box()
        assert box is not None
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
        if self._finger is None:
            self._page.mouse.move(*points[0])
            self._page.mouse.down()
            for point in points[1:]:
                self._page.mouse.move(*point, steps=4)
            self._page.mouse.up()
            return
        self._touch("touchStart", points[0])
        for point in points[1:]:
            self._touch("touchMove", point)
        self._touch("touchEnd")

    def pinch(self, locator: Locator, *steps: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Two fingers down at the first step's places, one after the other, along all, and up likewise."""
        box = locator.bounding_box()
        assert box is not None
        points = [[(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in step] for step in steps]
        self._touch("touchStart", points[0][0])
        self._touch("touchStart", *points[0])
        for before, after in pairwise(points):
            for part in (0.25, 0.5, 0.75, 1.0):
                between = [
                    (x + part * (to_x - x), y + part * (to_y - y))
                    for (x, y), (to_x, to_y) in zip(before, after, strict=True)
                ]
                self._touch("touchMove", *between)
        # The finger that stays longer slips a little.
        self._touch("touchEnd", points[-1][0])
        self._touch("touchMove", (points[-1][0][0] + 30, points[-1][0][1]))
        self._touch("touchEnd")

    def _touch(self, kind: str, *points: tuple[float, float]) -> None:
        assert self._finger is not None
        touches = [{"x": x, "y": y} for x, y in points]
        self._finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def until(holds: Callable[[], Any], page: Page) -> Any:
    """Wait until that is true; what it then gives."""
    return patience.until(holds, lambda: page.wait_for_timeout(20))
