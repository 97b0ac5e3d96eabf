"""What the page costs with a ten-minute session of twelve parts, and how soon it acts and shows."""

import time
from collections.abc import Callable, Iterator
from importlib import import_module
from statistics import median
from typing import Any

import pytest

browser = import_module("page.browser")
pytestmark = [pytest.mark.browser, pytest.mark.realtime]
BARS = 300
"""Ten minutes at 120."""
FIRST_PAINT_MS = 1000
FRAME_RATIO = 1.5
SOON_MS = 50
FRAMES = """frames => new Promise(done => {
    const at = [];
    const look = now => { at.push(now); at.length > frames ? done(at) : requestAnimationFrame(look); };
    requestAnimationFrame(look);
})"""


@pytest.fixture
def daemon() -> Iterator[Any]:
    state = import_module("fakes.page_state")
    parts = {f"part {number}": f"stem {number % 4}" for number in range(12)}
    large = state.page_state(time.monotonic(), parts, BARS)
    large["timeline"]["tempo"] = [{"tick": 0, "seconds": 0, "bpm": 120.0, "ramp": "step"}]
    large["timeline"]["meter"] = [{"tick": 0, "bar": 1, "numerator": 4, "denominator": 4}]
    running = import_module("fakes.page_daemon").FakePageDaemon(state=large)
    running.start()
    yield running
    running.stop()


@pytest.mark.parametrize("view", ["perform", "timeline?from=1&bars=300", "setup"])
def test_the_first_paint_comes_within_a_second(open_page: Callable[..., Any], view: str) -> None:
    open_page(view).close()
    # The second of a browser, as a person's is: the first pays for the browser's own start.
    page = open_page(view)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    print(f"first paint {paint:.0f} ms")
    assert paint <= FIRST_PAINT_MS


@pytest.mark.parametrize("view", ["perform", "timeline?from=1&bars=20", "timeline?from=1&bars=300"])
def test_a_frame_takes_little_longer_than_an_empty_pages(
    open_page: Callable[..., Any], daemon: Any, chromium: Any, view: str
) -> None:
    daemon.state["transport"].update(rolling=True, tick=0.0, at=time.monotonic())
    page = open_page(view)
    page.wait_for_timeout(1500)
    empty = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()

    def frame_ms(of: Any) -> float:
        of.bring_to_front()
        at = of.evaluate(FRAMES, 90)
        return float(at[-1] - at[0]) / 90

    ratios = []
    for _ in range(3):
        ours, nothing = frame_ms(page), frame_ms(empty)
        ratios.append(ours / nothing)
    empty.context.close()
    print(f"frame ratio {median(ratios):.2f}")
    assert median(ratios) <= FRAME_RATIO


def test_a_tap_is_acted_on_and_a_change_is_seen_within_50_ms(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page()
    page.get_by_role("button", name="Mute part 1").first.wait_for()
    # From the tap to the change seen on the page: there and back, a frame included.
    took = page.evaluate(
        """async () => {
            const button = [...document.querySelectorAll('button')].find(one => one.ariaLabel === 'Mute part 1');
            const took = [];
            for (let turn = 0; turn < 60; turn++) {
                const before = button.ariaPressed, since = performance.now();
                await new Promise(done => {
                    new MutationObserver((_, watch) => {
                        if (button.ariaPressed !== before) { watch.disconnect(); requestAnimationFrame(done); }
                    }).observe(button, {attributes: true});
                    button.click();
                });
                took.push(performance.now() - since);
                await new Promise(done => setTimeout(done, 30));
            }
            return took.sort((a, b) => a - b);
        }"""
    )
    assert len(daemon.asked) == 60
    print(f"tap to seen: median {median(took):.1f} ms, p99 {took[-1]:.1f} ms")
    # Both ways together.
    assert median(took) <= 2 * SOON_MS
