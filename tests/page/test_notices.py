"""What was refused is told where it covers nothing that one works with."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

browser = import_module("page.browser")
pytestmark = pytest.mark.browser
REFUSED = "Nothing was played: the host is REAPER, and it does not answer. Start it, or follow another with --follow."
COVERED = """() => [...document.querySelectorAll('button, input, select, nav a, [role=slider]')].filter(one => {
    if (one.closest('.toast')) return false;
    const {left, right, top, bottom} = one.getBoundingClientRect();
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return there !== null && there.closest('.toasts') !== null;
}).map(one => one.ariaLabel || one.textContent || one.name || one.id)"""
"""What lies under a notice with its middle."""


@pytest.mark.parametrize("size", [browser.DESKTOP, (1280, 720), browser.TABLET, browser.PHONE])
def test_a_refusal_covers_no_button_fader_or_field(
    open_page: Callable[..., Any], daemon: Any, size: tuple[int, int]
) -> None:
    page = open_page(size=size)
    for address in ("/hitpoint/transport/play", "/hitpoint/panic"):
        daemon.refuse[address] = f"{address}: {REFUSED}"
    for key in (" ", "p"):
        page.keyboard.press(key)
    page.locator(".toast").filter(has_text="/hitpoint/panic").wait_for()
    # The newest stands before the others, which would hang down over the stage.
    assert page.locator(".toast:visible").count() == 1
    for view in ("perform", "timeline", "takes", "setup"):
        page.evaluate(f"location.hash = '{view}'")
        page.locator(f'nav a[href="#{view}"][aria-current]').wait_for()
        assert page.evaluate(COVERED) == [], view
    page.get_by_role("button", name="Dismiss").click()
    page.locator(".toast").filter(has_text="/hitpoint/transport/play").wait_for()
