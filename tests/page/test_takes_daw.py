"""Takes that leave for the DAW in a real browser: heard at the ports, and kept."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hitpoint.engine.take_store import TakeStore

browser = import_module("page.browser")
playhead = import_module("page.playhead")
ids = import_module("fakes.takes").ids
pytestmark = pytest.mark.browser
HANDS = pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
NEAR = 0.15
"""Bars that the page may take back or skip, when it knows the daemon's clock better."""
NOTHING = {"take": "", "second": 0.0, "at": 0.0}


@pytest.fixture
def daemon(file: Path) -> Iterator[Any]:
    running = import_module("fakes.page_daemon").FakePageDaemon()
    running.takes = file
    running.start()
    yield running
    running.stop()


@HANDS
@playhead.LONG
def test_a_take_is_heard_in_the_daw_and_another_goes_on_at_the_same_place(
    open_page: Callable[..., Any], daemon: Any, file: Path, touch: bool
) -> None:
    first, second, _ = ids(file)
    page = open_page("takes", touch=touch)
    page.evaluate(playhead.WATCH)
    hand = browser.Hand(page, touch)
    hand.tap(page.get_by_role("button", name="DAW", exact=True))
    page.get_by_text("Heard at Hitpoint's ports").wait_for()
    hand.tap(page.get_by_role("button", name=f"Play take {first}"))
    assert daemon.wait_for("hear") == [first, 0]
    browser.until(lambda: page.evaluate(playhead.PLACE) > 2 * NEAR, page)
    place = page.evaluate(playhead.PLACE)
    hand.tap(page.get_by_role("button", name=f"Play take {second}"))
    browser.until(lambda: daemon.wait_for("hear")[0] == second, page)
    page.evaluate(playhead.FRAMES)
    after = page.evaluate(playhead.PLACE)
    # Bars of both are as long: a place is seconds alike.
    assert place - NEAR <= daemon.wait_for("hear")[1] * playhead.BARS_A_SECOND <= after + NEAR
    playhead.goes_on(page, near=NEAR)
    hand.tap(page.get_by_role("button", name=f"Stop take {second}", exact=True))
    # One take's end is told before the other's beginning, too.
    browser.until(lambda: daemon.asked[-1][0] == "hush", page)
    page.get_by_role("button", name=f"Play take {second}").wait_for()


@playhead.LONG
def test_a_take_that_plays_goes_on_in_the_daw_and_back_by_keys_alone(
    open_page: Callable[..., Any], daemon: Any, file: Path
) -> None:
    first = ids(file)[0]
    page = open_page("takes")
    page.get_by_role("button", name=f"Play take {first}").press("Enter")
    browser.until(lambda: page.evaluate(playhead.PLACE) > 0.1, page)
    page.get_by_role("button", name="DAW", exact=True).press("Enter")
    assert daemon.wait_for("hear")[1] > 0.0
    page.get_by_role("button", name="Browser", exact=True).press("Space")
    daemon.wait_for("hush")
    page.get_by_role("button", name=f"Stop take {first}", exact=True).wait_for()


@playhead.LONG
def test_when_the_host_starts_the_page_stands_where_the_take_gave_way(
    open_page: Callable[..., Any], daemon: Any, file: Path
) -> None:
    first = ids(file)[0]
    page = open_page("takes")
    page.get_by_role("button", name="DAW", exact=True).click()
    page.get_by_role("button", name=f"Play take {first}").click()
    daemon.wait_for("hear")
    browser.until(lambda: page.evaluate(playhead.PLACE) > 0.1, page)
    daemon.change({"/audition": NOTHING})
    page.get_by_role("button", name=f"Play take {first}").wait_for()
    page.evaluate(playhead.FRAMES)
    assert page.evaluate(playhead.PLACE) > 0.05


def test_a_page_that_is_left_leaves_nothing_playing(open_page: Callable[..., Any], daemon: Any, file: Path) -> None:
    page = open_page("takes")
    page.get_by_role("button", name="DAW", exact=True).click()
    page.get_by_role("button", name=f"Play take {ids(file)[0]}").click()
    daemon.wait_for("hear")
    page.goto(f"{daemon.url}api/soundfont")
    daemon.wait_for("hush")


def test_what_the_daemon_refuses_is_said_and_nothing_seems_to_play(
    open_page: Callable[..., Any], daemon: Any, file: Path
) -> None:
    first = ids(file)[0]
    daemon.refuse["hear"] = "the host rolls. Stop it to hear a take through the ports."
    page = open_page("takes")
    page.get_by_role("button", name="DAW", exact=True).click()
    page.get_by_role("button", name=f"Play take {first}").click()
    page.locator(".toast").filter(has_text="the host rolls. Stop it").wait_for()
    page.get_by_role("button", name=f"Play take {first}").wait_for()


def test_a_take_that_another_page_has_begun_is_named_and_stopped(
    open_page: Callable[..., Any], daemon: Any, file: Path
) -> None:
    first = ids(file)[0]
    page = open_page("takes")
    page.get_by_role("button", name="DAW", exact=True).wait_for()
    daemon.change({"/audition": {"take": first, "second": 0.0, "at": 0.0}})
    page.get_by_role("button", name=f"Stop take {first} at the ports").click()
    daemon.wait_for("hush")
    page.get_by_role("button", name=f"Stop take {first} at the ports").wait_for(state="detached")


@HANDS
def test_a_take_is_kept_in_the_daw_and_where_it_went_is_said(
    open_page: Callable[..., Any], daemon: Any, file: Path, touch: bool
) -> None:
    first = ids(file)[0]
    page = open_page("takes", browser.PHONE if touch else browser.DESKTOP, touch=touch)
    one = page.get_by_role("article", name=first)
    browser.Hand(page, touch).tap(one.get_by_role("button", name=f"Keep → DAW: write take {first} onto its tracks"))
    one.get_by_role("status").filter(has_text="Given to the DAW, from bar 9 on. The project has no cue 1m03").wait_for()
    assert daemon.wait_for("keep") == [first, []]
    one.get_by_text("kept", exact=True).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_a_daws_script_keeping_says_what_to_do(open_page: Callable[..., Any], daemon: Any, file: Path) -> None:
    daemon.refuse["keep"] = "no DAW's script is there to take it. `hitpoint install --help` tells how to set one up."
    page = open_page("takes")
    page.get_by_role("button", name=f"Keep → DAW: write take {ids(file)[0]}").press("Enter")
    page.locator(".toast").filter(has_text="`hitpoint install --help` tells how").wait_for()
    with TakeStore(file) as store:
        assert not store.facts(ids(file)[0]).kept
