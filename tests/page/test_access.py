"""The page for everybody: an independent audit of each view, and what it costs to load."""

import gzip
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

browser = import_module("page.browser")
MOST_BYTES = 500_000
STATIC = Path(__file__).parents[2] / "daemon" / "hitpoint" / "page" / "static"
WHOLE = {"perform": ".switch", "timeline": ".table-card td", "takes": ".take", "setup": "text=4003"}
"""Of each view, something that is there once the daemon has told its state."""
LEFT = """() => {
    document.activeElement.dataset.reached = true;
    return [...document.querySelectorAll('button:not(:disabled), a[href], [role=slider], input:not([type=radio])')]
        .some(one => one.checkVisibility() && !one.dataset.reached);
}"""
"""Remembers what has the focus; whether there is a control that never had it."""


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Any]:
    running = import_module("fakes.page_daemon").FakePageDaemon()
    running.takes = import_module("fakes.takes").a_memory(tmp_path / "door.takes.db")
    running.start()
    yield running
    running.stop()


def test_the_whole_page_is_small_and_names_no_other_host() -> None:
    files = [file for file in STATIC.rglob("*") if file.is_file()]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < MOST_BYTES
    assert (STATIC / "index.html").is_file()
    for file in files:
        addresses = set(_addresses(file.read_text(encoding="utf-8")))
        assert addresses <= {"http://www.w3.org/"}, file


def _addresses(text: str) -> list[str]:
    return re.findall(r"(?:https?|wss?)://[^/\"'`$ ]+/", text)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", [browser.DESKTOP, browser.PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("view", ["perform", "timeline", "takes", "setup"])
def test_an_independent_audit_finds_nothing_serious(
    open_page: Callable[..., Any], daemon: Any, view: str, size: tuple[int, int], scheme: str
) -> None:
    if not browser.AXE.is_file():
        pytest.skip("axe is not installed: npm ci in page/")
    daemon.state["states"].update(holding="calm", coming={"name": "chase", "tick": 15360, "place": "5|1|0"})
    daemon.state["controls"]["intensity"] = 0.6
    daemon.state["parts"]["trumpet"].update(mute=True, sounds=False)
    page = open_page(view, size, color_scheme=scheme, reduced_motion="reduce")
    page.locator(WHOLE[view]).first.wait_for()
    if view == "perform":
        page.get_by_role("button", name="MIDI learn").click()
        page.locator(".learn-bar").wait_for()
    if view == "takes":
        cues = (Marker(0, "1m03 calm, violin"), Marker(38400, "1m04 calm, cello"))
        daemon.cues.heard({"timeline": Timeline(markers=cues)})
        page.get_by_role("button", name="Make 3 of every cue").wait_for()
        daemon.change({"/takes/run": {"cue": "1m04", "done": 2, "count": 6}, "/takes/ready": 2})
        daemon.change({"/takes/wrong": [{"cue": "1m13", "why": "it has no prompt."}]})
        page.get_by_role("progressbar").wait_for()
        page.get_by_role("alert").filter(has_text="1m13").wait_for()
        page.get_by_role("img", name="Piano roll").first.wait_for()
        for summary in page.locator(".take").first.locator("summary").all():
            summary.click()
        page.locator(".infill").wait_for()
    if view == "setup":
        page.get_by_role("button", name="Examine").click()
        page.wait_for_selector(".findings")
    page.evaluate(browser.AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    serious = [
        (one["id"], one["help"], [node["html"][:160] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.browser
def test_the_list_of_keys_passes_the_audit_too(open_page: Callable[..., Any]) -> None:
    if not browser.AXE.is_file():
        pytest.skip("axe is not installed: npm ci in page/")
    page = open_page()
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.evaluate(browser.AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run('dialog')).violations")
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.browser
@pytest.mark.parametrize("view", ["perform", "timeline", "takes", "setup"])
def test_every_control_is_reached_by_keys_alone(open_page: Callable[..., Any], view: str) -> None:
    page = open_page(view)
    page.locator(WHOLE[view]).first.wait_for()

    def all_were_reached() -> bool:
        page.keyboard.press("Tab")
        return not page.evaluate(LEFT)

    browser.until(all_were_reached, page)
