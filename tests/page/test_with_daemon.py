"""The page and the real daemon: what is tapped is played, and what dies comes back."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from end_to_end.daemon_process import running_daemon

browser = import_module("page.browser")
pytestmark = [pytest.mark.browser, pytest.mark.realtime]
DIRECTION = "tense, strings, brass, 120 bpm, D minor"


def test_a_person_performs_with_the_real_daemon_and_its_page_comes_back_after_a_death(
    chromium: Any, tmp_path: Path
) -> None:
    with running_daemon(tmp_path, "--direction", DIRECTION, "--output", "null") as running:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Security" in said.text else None)
        # It is a process of its own, and may be there a little later than the rest.
        address = browser.until(lambda: running.status()["page"]["address"], page)
        page.goto(address)
        page.wait_for_selector(browser.THERE)

        page.get_by_role("button", name="Play", exact=True).click()
        page.get_by_role("button", name="Stop", exact=True).wait_for()
        page.get_by_role("button", name="Mute violin 1").click()
        browser.until(lambda: running.ask("/hitpoint/part/violin_1/mute") == [1], page)
        browser.Hand(page, False).drag(page.get_by_role("slider", name="intensity"), (0.5, 0.8), (0.5, 0.25))
        browser.until(lambda: abs(running.ask("/hitpoint/control/intensity")[0] - 0.75) < 0.02, page)
        page.get_by_role("button", name="auto: give Intensity back").click()
        page.get_by_role("button", name="impact").click()

        page.goto(f"{address}#timeline?from=1&bars=16")
        lane = page.get_by_role("slider", name="Tension lane")
        browser.Hand(page, False).drag(lane, (0.1, 0.9), (0.8, 0.1))
        page.get_by_role("button", name="Clear the Tension lane").wait_for()
        # The page shows what a hand draws before the daemon has it.
        browser.until(lambda: running.ask("/hitpoint/curve/tension"), page)
        browser.until(lambda: page.get_by_role("row", name="playing").count() == 1, page)

        assert page.locator(".toast").all_inner_texts() == []
        page.evaluate(browser.WATCHES_BANNER)
        running.kill("page")
        browser.until(lambda: page.evaluate("window.shownAt"), page)
        page.locator(".banner.bad").wait_for(state="detached")
        before = running.ask("/hitpoint/curve/tension")
        running.kill("control")
        # It may be back before anyone could see that it was gone. The new one knows the page when both talk again.
        running.restarted("control")
        browser.until(lambda: running.status()["page"]["address"], page)
        page.locator(".banner.bad").wait_for(state="detached")
        # The session is as it was.
        assert running.ask("/hitpoint/curve/tension") == before
        page.get_by_role("button", name="Clear the Tension lane").click()
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("button", name="Play", exact=True).wait_for()
        assert page.locator(".toast").all_inner_texts() == []
        assert wrong == []
        context.close()
