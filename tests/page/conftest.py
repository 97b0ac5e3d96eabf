"""A browser for all tests of the page, and for each a daemon of its own that pretends."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hitpoint.page import take_maker, take_writer

browser_of = import_module("page.browser")
patience = import_module("fakes.patience")


# Not for the whole run: while it is there its own event loop runs in this thread, and other tests have theirs.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser_of.chromium() as browser:
        yield browser


@pytest.fixture
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A memory with takes, for daemons that are given one. Of four bars, or of as many as a parameter says."""
    path: Path = import_module("fakes.takes").a_memory(tmp_path / "door.takes.db", getattr(request, "param", 4))
    return path


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> None:
    """What writes takes needs no model, and is not of the lowest priority: beside other work it would take minutes."""
    monkeypatch.setattr(take_writer, "COMMAND", import_module("fakes.take_command").COMMAND)
    monkeypatch.setattr(take_writer, "LOWEST", 0)
    monkeypatch.setattr(take_maker, "SETTLED_SECONDS", 0.0)
    monkeypatch.setattr(take_maker, "LOOK_SECONDS", 0.1)


@pytest.fixture
def daemon() -> Iterator[Any]:
    running = import_module("fakes.page_daemon").FakePageDaemon()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def open_page(chromium: Any, daemon: Any, pytestconfig: pytest.Config) -> Iterator[Callable[..., Any]]:
    """Opens a view. Whatever the browser complains of, and every request that leaves this machine, fails the test."""
    contexts, wrong, slower = [], [], pytestconfig.getoption("slow_machine")
    if slower > 1:
        daemon.late_seconds = 0.05 * slower

    def open_at(view: str = "perform", size: tuple[int, int] = browser_of.DESKTOP, **how: Any) -> Any:
        touch = how.pop("touch", False)
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=touch, **how)
        context.set_default_timeout(patience.PATIENCE_SECONDS * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        page.on("request", lambda asked: None if asked.url.startswith(daemon.url) else wrong.append(asked.url))
        if slower > 1:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(f"{daemon.url}#{view}")
        page.wait_for_selector(browser_of.THERE)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert wrong == []
