"""How the page stands with its daemon: gone, back, upgraded, silent."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from fakes.patience import least

browser = import_module("page.browser")
pytestmark = pytest.mark.browser
SHOWN_SECONDS = 1.0


def shown_after(page: Any, act: Callable[[], None]) -> float:
    """Seconds from the act until the page shows that the daemon is gone."""
    page.evaluate(browser.WATCHES_BANNER)
    since = time.time()
    act()
    return float(browser.until(lambda: page.evaluate("window.shownAt"), page)) - since


def until_back(page: Any) -> None:
    page.locator(".banner.bad").wait_for(state="detached")


def test_within_a_second_the_page_shows_that_the_daemon_is_gone_and_it_comes_back_by_itself(
    open_page: Callable[..., Any], daemon: Any
) -> None:
    page = open_page()

    def dies_once_more() -> float:
        if page.locator(".banner.bad").count():
            daemon.start()
            until_back(page)
        return shown_after(page, daemon.stop)

    assert least(dies_once_more, SHOWN_SECONDS) <= SHOWN_SECONDS
    page.get_by_role("button", name="Vary").click()
    page.get_by_text("nothing was sent").wait_for()
    page.get_by_role("button", name="Dismiss").click()
    daemon.state["direction"], daemon.state["controls"]["tension"] = "new", 0.9
    daemon.start()
    until_back(page)
    fader = page.get_by_role("slider", name="tension")
    browser.until(lambda: fader.get_attribute("aria-valuenow") == "0.9", page)
    page.get_by_role("button", name="Undo").click()
    daemon.wait_for("/hitpoint/undo")


def test_within_a_second_a_daemon_that_only_holds_the_line_counts_as_gone(
    open_page: Callable[..., Any], daemon: Any
) -> None:
    page = open_page()

    def falls_silent() -> float:
        # Midway between two beats, which is when a daemon does so on average.
        browser.until(lambda: 0.2 < time.monotonic() - daemon.beat_at < 0.3, page)
        seconds = shown_after(page, lambda: setattr(daemon, "silent", True))
        daemon.silent = False
        until_back(page)
        return seconds

    assert least(falls_silent, SHOWN_SECONDS) <= SHOWN_SECONDS


def test_a_dead_control_process_is_told_with_its_reason(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page()
    daemon.change({"/daemon": {"there": False, "why": "it is started again"}})
    page.get_by_role("alert").get_by_text("it is started again").wait_for()
    daemon.change({"/daemon": {"there": True, "why": ""}})
    until_back(page)


def test_a_page_of_an_older_build_says_so_and_reloads_by_a_button(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page()
    daemon.stop()
    daemon.build = "second"
    daemon.start()
    with page.expect_navigation():
        page.get_by_role("button", name="Reload").click()
    page.wait_for_selector(browser.THERE)
    assert page.get_by_role("button", name="Reload").count() == 0


def test_a_difference_that_does_not_fit_fetches_the_whole_state(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("setup")
    daemon._version += 5
    daemon.change({"/status/leader": "mtc"})
    page.get_by_text("follows time code").wait_for()


def test_the_playhead_stands_while_the_daemon_is_gone(open_page: Callable[..., Any], daemon: Any) -> None:
    daemon.state["transport"].update(rolling=True, at=time.monotonic())
    page = open_page()
    daemon.stop()
    page.locator(".banner.bad").wait_for()
    before = page.locator(".place").inner_text()
    page.wait_for_timeout(1300)
    assert page.locator(".place").inner_text() == before
    daemon.start()
