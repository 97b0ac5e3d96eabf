"""The timeline, in a real browser: what is drawn, asked for, and gone to."""

import time
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs

import pytest

browser = import_module("page.browser")
pytestmark = pytest.mark.browser
HANDS = pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
HEAD = """() => new DOMMatrix(getComputedStyle(document.querySelector('.playhead')).transform).e"""


def test_the_playhead_moves_smoothly_at_the_hosts_speed(open_page: Callable[..., Any], daemon: Any) -> None:
    daemon.state["transport"].update(rolling=True, tick=0.0, at=time.monotonic())
    page = open_page("timeline?from=1&bars=8")
    places = page.evaluate(
        """() => new Promise(done => {
            const seen = [], head = document.querySelector('.playhead');
            const look = at => {
                seen.push([at, new DOMMatrix(getComputedStyle(head).transform).e]);
                if (seen.length < 60) requestAnimationFrame(look); else done(seen);
            };
            requestAnimationFrame(look);
        })"""
    )
    width = page.locator(".area").bounding_box()["width"]
    # 96 bpm, four quarters a bar, eight bars in view.
    speed = width / 8 / (4 * 60 / 96) / 1000
    steps = [(later[0] - earlier[0], later[1] - earlier[1]) for earlier, later in pairwise(places)]
    assert all(moved >= 0 for _, moved in steps)
    whole_ms, whole = places[-1][0] - places[0][0], places[-1][1] - places[0][1]
    assert whole == pytest.approx(speed * whole_ms, rel=0.1)


def test_a_jump_moves_it_at_once_though_it_stands(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("timeline?from=1&bars=8")
    before = page.evaluate(HEAD)
    daemon.change({"/transport/tick": 4000.0 + 3840})
    width = page.locator(".area").bounding_box()["width"]
    browser.until(lambda: page.evaluate(HEAD) == pytest.approx(before + width / 8, abs=2), page)


def test_while_it_rolls_the_view_turns_its_page(open_page: Callable[..., Any], daemon: Any) -> None:
    daemon.state["transport"].update(rolling=True, tick=3600.0, at=time.monotonic())
    page = open_page("timeline?from=1&bars=2")
    browser.until(lambda: float(parse_qs(page.url.partition("?")[2]).get("from", ["1"])[0]) > 1.9, page, 10)


@HANDS
def test_a_tap_on_the_ruler_goes_to_the_nearest_beat(open_page: Callable[..., Any], daemon: Any, touch: bool) -> None:
    page = open_page("timeline?from=1&bars=8", touch=touch)
    hand = browser.Hand(page, touch)
    hand.drag(page.locator(".ruler-pad"), (0.3, 0.1))
    # 0.3 of eight bars is 2.4 bars in: a beat and a half of the third, so its second or third beat.
    [bar] = daemon.wait_for("/hitpoint/transport/locate")
    assert bar in (3.25, 3.5)


@HANDS
def test_a_lane_is_drawn_with_one_stroke(open_page: Callable[..., Any], daemon: Any, touch: bool) -> None:
    page = open_page("timeline?from=1&bars=8", touch=touch)
    lane = page.get_by_role("slider", name="Intensity lane")
    browser.Hand(page, touch).drag(lane, (0.06, 0.9), (0.5, 0.5), (0.94, 0.1))
    browser.until(lambda: "intensity" in daemon.state["curves"], page)
    points = dict(daemon.state["curves"]["intensity"])
    assert min(points) == 1
    assert max(points) == 8
    assert points[1] < 0.15
    assert points[8] > 0.85
    page.get_by_role("button", name="Clear the Intensity lane").click()
    browser.until(lambda: daemon.state["curves"]["intensity"] == [], page)


def test_a_lane_is_drawn_by_keys_too(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("timeline")
    lane = page.get_by_role("slider", name="Valence lane")
    lane.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    browser.until(lambda: daemon.state["curves"].get("valence"), page)
    [[bar, value]] = daemon.state["curves"]["valence"]
    assert bar == 2
    # The planned −0.2, and a twentieth of the whole way more.
    assert value == pytest.approx(-0.1)
    assert "bar 2: −0.10" in lane.get_attribute("aria-valuetext")
    page.keyboard.press("Delete")
    browser.until(lambda: daemon.state["curves"]["valence"] == [], page)


def test_notes_are_drawn_and_drawn_anew_when_they_change(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("timeline?from=1&bars=8")
    picture = "() => document.querySelector('canvas').toDataURL()"
    page.wait_for_timeout(400)
    before = page.evaluate(picture)
    daemon.notes["3"] = {"revision": 2, "parts": {"flute": {"by": "model", "notes": [[7680, 70, 3800, 120]]}}}
    daemon.change({"/written/3": 2})
    browser.until(lambda: page.evaluate(picture) != before, page)


def test_where_and_how_closely_one_looks_survives_a_reload(open_page: Callable[..., Any]) -> None:
    page = open_page("timeline")
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    url = page.url
    page.reload()
    page.wait_for_selector(".link-state.there")
    page.get_by_role("button", name="Zoom out").wait_for()
    assert page.url == url


def test_hits_and_plan_are_told_in_words(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("timeline")
    daemon.change({"/landings/16637": {"tick": 16637, "planned_ticks": 0, "landed_ticks": 48, "landed_ms": 27.8,
                                       "landed_frames": 0.67}})  # fmt: skip
    row = page.get_by_role("row", name="HIT door slams")
    browser.until(lambda: "+27.8 ms" in row.inner_text(), page)
    assert "5|2|317" in row.inner_text()
    assert row.locator(".wrong").count() == 1
    assert "fallback" in page.get_by_role("row", name="5 ready").inner_text()


def test_a_direction_is_given(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("timeline")
    page.get_by_label("Direction").fill("calm, harp, 80 bpm")
    page.keyboard.press("Enter")
    assert daemon.wait_for("/hitpoint/cue/generate") == ["calm, harp, 80 bpm"]
