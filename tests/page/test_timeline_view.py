"""The timeline, in a real browser: what is drawn, asked for, and gone to."""

import math
import time
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs

import pytest

from fakes.patience import least

browser = import_module("page.browser")
pytestmark = pytest.mark.browser
HANDS = pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
HEAD = """() => new DOMMatrix(getComputedStyle(document.querySelector('.playhead')).transform).e"""
WRITTEN = "() => new Promise(done => setTimeout(done, 250))"
"""Timers end in their order: the page's own, after which it writes its address, before this one."""
BAR = 3840
"""Ticks."""
FRAMES = """() => new Promise(done => {
    const seen = [], head = document.querySelector('.playhead');
    const look = at => {
        seen.push([at, new DOMMatrix(getComputedStyle(head).transform).e]);
        if (seen.length < 60) requestAnimationFrame(look); else done(seen);
    };
    requestAnimationFrame(look);
})"""
"""When each of some frames was drawn, in milliseconds, and where the playhead was then."""


def width(page: Any) -> float:
    """Of the bars in view, in pixels."""
    return float(page.locator(".area").bounding_box()["width"])


def until_at(page: Any, tick: float, bars: float, first: float = 1) -> None:
    """The playhead is where that tick is with so many bars in view; whatever is drawn has been drawn with it."""
    part = (tick / BAR - (first - 1)) / bars
    browser.until(lambda: page.evaluate(HEAD) == pytest.approx(part * width(page), abs=2), page)


@pytest.fixture
def common_time(daemon: Any) -> None:
    """All bars are equally long, so that sums are easy."""
    daemon.state["timeline"]["meter"] = [{"tick": 0, "bar": 1, "numerator": 4, "denominator": 4}]


@pytest.mark.usefixtures("common_time")
def test_the_playhead_moves_smoothly_at_the_hosts_speed(open_page: Callable[..., Any], daemon: Any) -> None:
    daemon.state["timeline"]["tempo"] = [{"tick": 0, "seconds": 0.0, "bpm": 96.0, "ramp": "step"}]
    daemon.state["transport"].update(rolling=True, tick=0.0, at=time.monotonic())
    # More of them than are passed, so that the view turns no page.
    page = open_page("timeline?from=1&bars=64")
    speed = width(page) / 64 / (4 * 60 / 96) / 1000

    def off() -> float:
        """By which part of its way it was not where it should be; 1 where it went back."""
        places = page.evaluate(FRAMES)
        if any(later < earlier for (_, earlier), (_, later) in pairwise(places)):
            return 1.0
        (began, first), *_, (ended, last) = places
        return abs((last - first) / (speed * (ended - began)) - 1)

    # The page sets its clock meanwhile, and a frame that is late shows another place than it was meant for.
    assert least(off, 0.1, tries=8) <= 0.1


def test_a_jump_moves_it_at_once_though_it_stands(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("timeline?from=1&bars=8")
    until_at(page, 4000, 8)
    daemon.change({"/transport/tick": 4000.0 + BAR})
    until_at(page, 4000 + BAR, 8)


def test_while_it_rolls_the_view_turns_its_page(open_page: Callable[..., Any], daemon: Any) -> None:
    daemon.state["transport"].update(rolling=True, tick=3600.0, at=time.monotonic())
    page = open_page("timeline?from=1&bars=2")
    browser.until(lambda: float(parse_qs(page.url.partition("?")[2]).get("from", ["1"])[0]) > 1.9, page)


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
    browser.until(lambda: "bar 2: −0.10" in lane.get_attribute("aria-valuetext"), page)
    page.keyboard.press("Delete")
    browser.until(lambda: daemon.state["curves"]["valence"] == [], page)


def test_notes_are_drawn_and_drawn_anew_when_they_change(open_page: Callable[..., Any], daemon: Any) -> None:
    daemon.state["written"] = {}
    page = open_page("timeline?from=1&bars=8")
    until_at(page, 4000, 8)

    def picture() -> str:
        return str(page.evaluate("document.querySelector('canvas').toDataURL()"))

    seen = [picture()]
    for revision, pitch in ((1, 70), (2, 75)):
        notes = [[7680, pitch, 3800, 120], [7680, 60, 3800, 120]]
        daemon.notes["3"] = {"revision": revision, "parts": {"flute": {"by": "model", "notes": notes}}}
        daemon.change({"/written/3": revision})
        browser.until(lambda: picture() not in seen, page)
        seen.append(picture())


@pytest.mark.usefixtures("common_time")
def test_where_and_how_closely_one_looks_survives_a_reload(open_page: Callable[..., Any], daemon: Any) -> None:
    daemon.state["transport"]["tick"] = 9.0 * BAR
    page = open_page("timeline")
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    first, bars = looked(page)
    assert bars == pytest.approx(20 / 1.5**2, abs=0.01)
    page.reload()
    until_at(page, 9 * BAR, bars, first)
    assert looked(page) == (first, bars)


# From the top: the ruler, a lane, and the notes below.
ROWS = pytest.mark.parametrize("height", [0.03, 0.3, 0.9], ids=["ruler", "lane", "notes"])


def looked(page: Any) -> tuple[float, float]:
    """The first bar in view, and how many there are."""
    page.evaluate(WRITTEN)
    asked = parse_qs(page.evaluate("location.hash").partition("?")[2])
    return float(asked["from"][0]), float(asked["bars"][0])


def asked(page: Any, daemon: Any) -> list[str]:
    """All that the daemon was asked up to now: what comes after it has been heard."""
    page.keyboard.press("z")
    daemon.wait_for("/hitpoint/undo")
    return [address for address, _ in daemon.asked if address != "/hitpoint/undo"]


@pytest.mark.usefixtures("common_time")
@ROWS
def test_two_fingers_apart_zoom_in_around_what_is_between_them(
    open_page: Callable[..., Any], daemon: Any, height: float
) -> None:
    page = open_page("timeline?from=5&bars=16", touch=True, is_mobile=True)
    hand = browser.Hand(page, True)
    hand.pinch(page.locator(".area"), ((0.4, height), (0.6, height)), ((0.3, height), (0.7, height)))
    # Bar 13 is in the middle, before and after.
    assert looked(page) == pytest.approx((9, 8), abs=0.1)
    hand.pinch(page.locator(".area"), ((0.3, height), (0.7, height)), ((0.4, height), (0.6, height)))
    assert looked(page) == pytest.approx((5, 16), abs=0.2)
    # Neither a tap nor a stroke: one finger was there first, and one stayed longer.
    assert asked(page, daemon) == []
    assert page.evaluate("visualViewport.scale") == 1


@pytest.mark.usefixtures("common_time")
def test_two_fingers_aside_move_the_view_with_them(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("timeline?from=9&bars=16", touch=True)
    follow = page.get_by_role("button", name="Follow")
    assert follow.get_attribute("aria-pressed") == "true"
    browser.Hand(page, True).pinch(page.locator(".area"), ((0.2, 0.9), (0.4, 0.9)), ((0.45, 0.9), (0.65, 0.9)))
    assert looked(page) == pytest.approx((5, 16), abs=0.1)
    assert follow.get_attribute("aria-pressed") == "false"
    assert asked(page, daemon) == []


@pytest.mark.usefixtures("common_time")
def test_fingers_above_each_other_zoom_too_and_the_page_stays_where_it_is(open_page: Callable[..., Any]) -> None:
    page = open_page("timeline?from=5&bars=16", (1024, 860), touch=True, is_mobile=True)
    browser.until(lambda: page.evaluate("document.scrollingElement.scrollHeight > innerHeight + 100"), page)
    area = page.locator(".area")
    browser.Hand(page, True).pinch(area, ((0.5, 0.6), (0.5, 0.7)), ((0.5, 0.52), (0.5, 0.72)))
    assert looked(page) == pytest.approx((9, 8), abs=0.1)
    assert page.evaluate("[scrollY, visualViewport.offsetTop, visualViewport.scale]") == [0, 0, 1]


def test_a_finger_draws_again_after_a_pinch(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("timeline?from=1&bars=8", touch=True)
    hand, lane = browser.Hand(page, True), page.get_by_role("slider", name="Intensity lane")
    hand.pinch(lane, ((0.4, 0.5), (0.6, 0.5)), ((0.39, 0.5), (0.61, 0.5)))
    # What the first finger drew is gone.
    assert asked(page, daemon) == []
    assert page.get_by_role("button", name="Clear the Intensity lane").count() == 0
    hand.drag(lane, (0.06, 0.9), (0.5, 0.5))
    browser.until(lambda: daemon.state["curves"].get("intensity"), page)


@pytest.mark.usefixtures("common_time")
@pytest.mark.parametrize("notch", [100, 1], ids=["wheel", "trackpad"])
def test_the_wheel_with_ctrl_zooms_towards_the_pointer(open_page: Callable[..., Any], notch: float) -> None:
    page = open_page("timeline?from=5&bars=16")
    box = page.locator(".area").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.keyboard.down("Control")
    for _ in range(5):
        page.mouse.wheel(0, -notch)
    page.keyboard.up("Control")
    # A notch is a fifth of an e-fold; fingers on a trackpad are followed exactly.
    bars = 16 * math.exp(-5 * min(notch, 20) / 100)
    browser.until(lambda: looked(page)[1] == pytest.approx(bars, rel=0.01), page)
    first, bars = looked(page)
    assert first + bars / 4 == pytest.approx(9, abs=0.1)


@pytest.mark.usefixtures("common_time")
def test_the_address_is_not_written_as_often_as_the_view_moves(open_page: Callable[..., Any]) -> None:
    page = open_page("timeline?from=5&bars=16")
    # Safari refuses an address that is changed too often, and then the page stops at what it was doing.
    page.evaluate(
        """() => {
            const write = history.replaceState.bind(history);
            window.written = 0;
            history.replaceState = (...how) => { window.written++; write(...how); };
            for (let turn = 0; turn < 60; turn++)
                document.querySelector('.area').dispatchEvent(
                    new WheelEvent('wheel', {deltaY: -1, ctrlKey: true, cancelable: true}));
        }"""
    )
    _, bars = looked(page)
    assert bars == pytest.approx(16 * math.exp(-0.6), rel=0.01)
    assert page.evaluate("written") == 1


@pytest.mark.usefixtures("common_time")
def test_keys_and_buttons_take_the_same_steps_and_back(open_page: Callable[..., Any]) -> None:
    page = open_page("timeline?from=5&bars=9")
    sheet = page.get_by_role("group", name="Timeline")
    sheet.press("+")
    assert looked(page) == pytest.approx((6.5, 6), abs=0.01)
    page.get_by_role("button", name="Zoom out").click()
    assert looked(page) == pytest.approx((5, 9), abs=0.01)
    page.get_by_role("button", name="Zoom in").click()
    sheet.press("-")
    assert looked(page) == pytest.approx((5, 9), abs=0.01)


def test_who_zooms_the_whole_page_is_left_to_it(open_page: Callable[..., Any]) -> None:
    page = open_page("timeline?from=5&bars=16")
    kept = page.evaluate(
        """() => ['+', '-', '='].map(key => document.querySelector('.sheet').dispatchEvent(
               new KeyboardEvent('keydown', {key, ctrlKey: true, bubbles: true, cancelable: true})))"""
    )
    assert kept == [True, True, True]
    assert looked(page) == (5, 16)
    told = page.locator("meta[name=viewport]").get_attribute("content")
    assert "user-scalable" not in told
    assert "maximum-scale" not in told


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
