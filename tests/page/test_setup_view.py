"""The set-up, in a real browser."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

browser = import_module("page.browser")
pytestmark = pytest.mark.browser


def test_it_tells_who_leads_and_why_and_what_went_wrong(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("setup")
    for words in ("reaper", "its script tells its place", "for 5 min", "Hitpoint strings", "small-2", "4003"):
        assert page.get_by_text(words).first.is_visible(), words
    daemon.change({"/status/troubles": ["play: the port is gone."]})
    page.get_by_role("main").get_by_text("play: the port is gone.").wait_for()
    # It is said once to those who hear the page.
    assert page.get_by_role("log").inner_text() == "play: the port is gone."


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
def test_the_doctor_is_asked_and_answers(open_page: Callable[..., Any], touch: bool) -> None:
    page = open_page("setup", touch=touch)
    browser.Hand(page, touch).tap(page.get_by_role("button", name="Examine"))
    page.get_by_text("Join audio.").wait_for()
    assert page.locator(".findings .warn").count() == 1
