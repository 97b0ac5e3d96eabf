"""The takes in a real browser: seen side by side, heard, and rated."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hitpoint.engine.take_store import TakeStore

browser = import_module("page.browser")
pytestmark = pytest.mark.browser
INK = """canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set();
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 200) seen.add(data.slice(at, at + 3).join());
    return seen.size;
}"""
"""How many colours are drawn."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path: Path = import_module("fakes.takes").a_memory(tmp_path / "door.takes.db")
    return path


@pytest.fixture
def daemon(file: Path) -> Iterator[Any]:
    running = import_module("fakes.page_daemon").FakePageDaemon()
    running.takes = file
    running.start()
    yield running
    running.stop()


def ids(file: Path) -> list[str]:
    """The oldest first."""
    with TakeStore(file) as store:
        return [one.id for one in store.all()]


def test_takes_stand_by_cue_side_by_side_each_with_its_roll_and_facts(
    open_page: Callable[..., Any], file: Path
) -> None:
    first, second, other = ids(file)
    page = open_page("takes")
    cue = page.get_by_role("region", name="Takes of 1m03")
    assert cue.get_by_role("article").count() == 2
    assert page.get_by_role("region", name="Without a cue").get_by_role("article", name=other).count() == 1
    boxes = [cue.get_by_role("article", name=name).bounding_box() for name in (second, first)]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
    one = cue.get_by_role("article", name=first)
    words = one.inner_text()
    for said in ("approved", "seed 1", "no-bundle-1", "calm, violin, cello, piano", "3 parts, 1 locked"):
        assert said in words
    roll = one.get_by_role("img", name="Piano roll: 4 bars")
    assert "piano 9, violin 1 11, cello 7. Hits: 1m01 calm" in roll.get_attribute("aria-label")
    # A colour a part, the hits and the bars.
    browser.until(lambda: roll.evaluate(INK) >= 5, page)


def test_a_narrow_screen_has_one_below_the_other_and_nothing_beside_it(open_page: Callable[..., Any]) -> None:
    page = open_page("takes", browser.PHONE, touch=True)
    page.wait_for_selector(".take")
    boxes = [one.bounding_box() for one in page.get_by_role("article").all()[:2]]
    assert boxes[0]["x"] == boxes[1]["x"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_take_that_is_made_or_purged_meanwhile_is_seen(open_page: Callable[..., Any], file: Path) -> None:
    page = open_page("takes")
    first = ids(file)[0]
    page.get_by_role("article", name=first).wait_for()
    with TakeStore(file) as store:
        store.purge([first])
        store.remember(import_module("fakes.takes").a_take(seed=9, cue="1m04"))
    # As when the person comes back from the terminal.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_role("region", name="Takes of 1m04").wait_for()
    assert page.get_by_role("article", name=first).count() == 0


def test_a_damaged_memory_is_one_line_and_the_rest_of_the_page_works(open_page: Callable[..., Any], file: Path) -> None:
    file.write_bytes(b"nonsense" * 99)
    page = open_page("takes")
    page.get_by_role("alert").filter(has_text="not a database").wait_for()
    page.get_by_role("link", name="Perform").click()
    page.get_by_role("button", name="Panic").wait_for()


def test_without_takes_a_line_says_how_to_get_them(open_page: Callable[..., Any], file: Path) -> None:
    file.unlink()
    page = open_page("takes")
    page.get_by_text("`hitpoint render` keeps what it writes").wait_for()
