"""The set-up, in a real browser."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

browser = import_module("page.browser")
pytestmark = pytest.mark.browser


def test_it_tells_who_leads_and_why_and_what_went_wrong(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("setup")
    for words in (
        "reaper",
        "its script tells its place",
        "for 5 min",
        "Hitpoint strings",
        "strings -60 ms, timpani +5 ms",
        "small-2",
        "4003",
    ):
        page.get_by_text(words).first.wait_for()
    daemon.change({"/status/troubles": ["play: the port is gone."]})
    page.get_by_role("main").get_by_text("play: the port is gone.").wait_for()
    # It is said once to those who hear the page.
    browser.until(lambda: page.get_by_role("log").inner_text() == "play: the port is gone.", page)


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
def test_the_doctor_is_asked_and_answers(open_page: Callable[..., Any], touch: bool) -> None:
    page = open_page("setup", touch=touch)
    browser.Hand(page, touch).tap(page.get_by_role("button", name="Examine"))
    page.get_by_text("Join audio.").wait_for()
    assert page.locator(".findings .warn").count() == 1


def test_another_model_is_chosen_and_the_daemon_says_which_writes(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page("setup")
    choice = page.get_by_label("Write from now on with")
    choice.locator("option", has_text="large-1").wait_for(state="attached")
    browser.until(lambda: choice.input_value() == "small-2", page)
    choice.select_option("large-1")
    assert daemon.wait_for("/hitpoint/model") == ["large-1"]
    assert choice.input_value() == "small-2"
    daemon.change({"/status/bundle": "large-1"})
    browser.until(lambda: choice.input_value() == "large-1", page)


def test_a_model_that_is_refused_is_told_and_the_choice_stays(open_page: Callable[..., Any], daemon: Any) -> None:
    daemon.refuse["/hitpoint/model"] = "no model bundle is called 'large-1'."
    page = open_page("setup")
    choice = page.get_by_label("Write from now on with")
    choice.locator("option", has_text="large-1").wait_for(state="attached")
    choice.select_option("large-1")
    page.get_by_role("status").filter(has_text="no model bundle").wait_for()
    assert choice.input_value() == "small-2"
