"""The stage, in a real browser: every control by mouse and by finger, by keys, and learned by MIDI."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

browser = import_module("page.browser")
pytestmark = pytest.mark.browser
HANDS = pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])

PUNCHED = """() => new MutationObserver(() => {
    if (document.querySelector('.next-hit.punch')) window.punched = true;
}).observe(document.querySelector('.next-hit'), {attributes: true})"""
"""The page's own note that it flashed: a quarter of a second is too short to be asked from here."""

TAPS: tuple[tuple[str, str, list[Any]], ...] = (
    ("Play", "/hitpoint/transport/play", []),
    ("To the start", "/hitpoint/transport/locate", [1]),
    ("chase fast", "/hitpoint/state/go", ["chase", "bar"]),
    ("Timeline what", "/hitpoint/state/return", ["bar"]),
    ("soft bell", "/hitpoint/stinger/soft_bell", ["bar"]),
    ("Vary", "/hitpoint/cue/vary_next", ["bar"]),
    ("Freeze", "/hitpoint/cue/freeze", [True]),
    ("Undo", "/hitpoint/undo", []),
    ("Panic", "/hitpoint/panic", []),
    ("Mute trumpet", "/hitpoint/part/trumpet/mute", [True]),
    ("Solo violin 2", "/hitpoint/part/violin_2/solo", [True]),
    ("Lock cello", "/hitpoint/part/cello/lock", [True]),
    ("Mute strings", "/hitpoint/part/strings/mute", [True]),
)


@HANDS
@pytest.mark.parametrize("size", [browser.DESKTOP, browser.PHONE], ids=["desktop", "phone"])
def test_every_button_of_the_stage_asks_for_what_it_says(
    open_page: Callable[..., Any], daemon: Any, touch: bool, size: tuple[int, int]
) -> None:
    page = open_page(size=size, touch=touch)
    hand = browser.Hand(page, touch)
    for name, address, arguments in TAPS:
        if name == "To the start" and size == browser.PHONE:
            continue
        button = page.get_by_role("button", name=name).first
        hand.tap(button)
        assert daemon.wait_for(address) == arguments, name


@HANDS
def test_each_fader_follows_the_hand_and_goes_back_to_the_cue(
    open_page: Callable[..., Any], daemon: Any, touch: bool
) -> None:
    page = open_page(touch=touch)
    hand = browser.Hand(page, touch)
    for name, (low, high) in {"intensity": (0, 1), "density": (0, 1), "valence": (-1, 1), "arousal": (-1, 1),
                              "tension": (0, 1)}.items():  # fmt: skip
        fader = page.get_by_role("slider", name=name)
        hand.drag(fader, (0.5, 0.9), (0.5, 0.6), (0.5, 0.25))
        wanted = low + 0.75 * (high - low)
        browser.until(lambda: holds(daemon, name) == pytest.approx(wanted, abs=0.02 * (high - low)), page)  # noqa: B023
        browser.until(lambda: abs(float(fader.get_attribute("aria-valuenow")) - wanted) < 0.05, page)  # noqa: B023
        hand.tap(page.get_by_role("button", name=f"auto: give {name.capitalize()} back"))
        browser.until(lambda: holds(daemon, name) is None, page)  # noqa: B023
        browser.until(lambda: "the cue decides" in fader.get_attribute("aria-valuetext"), page)  # noqa: B023


def holds(daemon: Any, control: str) -> float | None:
    """Where the daemon has it; None where the cue decides."""
    return daemon.state["controls"][control]


def test_a_fader_that_another_tablet_moves_moves_here(open_page: Callable[..., Any]) -> None:
    page, other = open_page(), open_page(size=browser.TABLET)
    browser.Hand(other, False).drag(other.get_by_role("slider", name="tension"), (0.5, 0.5), (0.5, 0.1))
    fader = page.get_by_role("slider", name="tension")
    browser.until(lambda: float(fader.get_attribute("aria-valuenow")) > 0.85, page)


def test_a_held_fader_stays_with_the_hand_and_then_shows_what_holds(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page()
    fader = page.get_by_role("slider", name="intensity")
    box = fader.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2
    page.mouse.move(x, y)
    page.mouse.down()
    daemon.wait_for("/hitpoint/control/intensity")
    # Both at once: when the page shows the one, it has heard of the other.
    daemon.change({"/controls/intensity": 0.1, "/controls/tension": 0.9})
    other = page.get_by_role("slider", name="tension")
    browser.until(lambda: float(other.get_attribute("aria-valuenow")) == 0.9, page)
    assert float(fader.get_attribute("aria-valuenow")) > 0.7
    page.mouse.up()
    browser.until(lambda: float(fader.get_attribute("aria-valuenow")) == 0.1, page)


def test_of_a_fast_fader_the_last_value_always_arrives(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page()
    # Slower than the hand: what it does meanwhile waits.
    daemon.late_seconds = 1.0
    fader = page.get_by_role("slider", name="intensity")
    # The last is where it never was on its way.
    path = [(0.5, 0.1 + 0.8 * (step % 2)) for step in range(20)] + [(0.5, 0.4)]
    browser.Hand(page, False).drag(fader, *path)
    browser.until(lambda: holds(daemon, "intensity") == pytest.approx(0.6, abs=0.02), page)


@HANDS
def test_what_is_called_comes_when_it_was_chosen_to(open_page: Callable[..., Any], daemon: Any, touch: bool) -> None:
    page = open_page(touch=touch)
    hand = browser.Hand(page, touch)
    chosen = page.locator(".whens .on")
    for when in ("Now", "Beat", "Bar", "Marker", "End"):
        hand.tap(page.locator(".whens label", has_text=when))
        hand.tap(page.get_by_role("button", name="hope bright"))
        browser.until(lambda: daemon.wait_for("/hitpoint/state/go") == ["hope", when.lower()], page)  # noqa: B023
        daemon.change({"/states/coming": None})
    page.reload()
    page.wait_for_selector(browser.THERE)
    browser.until(lambda: chosen.inner_text() == "End", page)


def test_what_is_coming_and_what_holds_is_shown(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page()
    page.get_by_role("button", name="calm").click()
    page.get_by_role("button", name="calm coming").wait_for()
    daemon.change({"/states/coming": None, "/states/holding": "calm"})
    browser.until(lambda: page.locator(".pad.holds .pad-name").inner_text() == "calm", page)


def test_a_state_is_defined_on_the_page(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page()
    page.get_by_role("button", name="Add a state").click()
    page.get_by_label("Name").fill("storm")
    page.get_by_label("Words").fill("wild, brass, 160 bpm")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="storm").wait_for()
    assert daemon.wait_for("/hitpoint/state/define") == ["storm", "wild, brass, 160 bpm"]


def test_keys_do_what_the_list_of_keys_says(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page()
    for key, address, arguments in (
        (" ", "/hitpoint/transport/play", []), ("ArrowRight", None, []),
        ("1", "/hitpoint/state/go", ["calm", "marker"]),
        ("0", "/hitpoint/state/return", ["marker"]), ("q", "/hitpoint/stinger/shock", ["marker"]),
        ("v", "/hitpoint/cue/vary_next", ["marker"]), ("f", "/hitpoint/cue/freeze", [True]),
        ("z", "/hitpoint/undo", []), ("p", "/hitpoint/panic", []), ("a", "/hitpoint/control/intensity", []),
    ):  # fmt: skip
        page.keyboard.press(key)
        if address is not None:
            assert daemon.wait_for(address) == arguments, key
    page.keyboard.press("ArrowUp")
    browser.until(lambda: daemon.wait_for("/hitpoint/control/intensity") == [0.35], page)
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.get_by_label("Keys are heard").uncheck()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    daemon.asked.clear()
    page.keyboard.press("p")
    # What is asked later is heard later.
    page.get_by_role("button", name="Undo").click()
    browser.until(lambda: daemon.asked, page)
    assert daemon.asked == [("/hitpoint/undo", [])]


@HANDS
def test_learning_binds_what_is_tapped_and_moves_nothing(
    open_page: Callable[..., Any], daemon: Any, touch: bool
) -> None:
    page = open_page(touch=touch)
    hand = browser.Hand(page, touch)
    hand.tap(page.get_by_role("button", name="MIDI learn"))
    for control, target in (
        (page.get_by_role("slider", name="tension"), "/hitpoint/control/tension"),
        (page.get_by_role("button", name="dread"), "/hitpoint/state/go dread bar"),
        (page.get_by_role("button", name="soft bell"), "/hitpoint/stinger/soft_bell bar"),
        (page.get_by_role("button", name="Mute violin 1"), "/hitpoint/part/violin_1/mute"),
        (page.get_by_role("button", name="Panic"), "/hitpoint/panic"),
    ):
        hand.tap(control)
        browser.until(lambda: daemon.state["midi"]["learning"] == target, page)  # noqa: B023
    page.get_by_text("Now move a knob").wait_for()
    hand.tap(page.get_by_role("button", name="Cancel"))
    browser.until(lambda: daemon.state["midi"]["learning"] == "", page)
    hand.tap(page.get_by_role("slider", name="intensity"))
    hand.tap(page.get_by_role("button", name="Forget"))
    assert daemon.wait_for("/hitpoint/midi/forget") == ["/hitpoint/control/intensity"]
    asked = {address for address, _ in daemon.asked}
    assert asked <= {"/hitpoint/midi/learn", "/hitpoint/midi/cancel", "/hitpoint/midi/forget"}


def test_the_next_hit_is_counted_down_and_struck(open_page: Callable[..., Any], daemon: Any) -> None:
    page = open_page()
    name = page.locator("[data-part=name]")
    browser.until(lambda: name.inner_text() == "HIT door slams", page)
    # Half a second before it at 108 bpm, however long the page took to load.
    page.evaluate(PUNCHED)
    rolling = {"rolling": True, "tick": 16637.0 - 900, "at": time.monotonic(), "loop": None, "turns": False}
    daemon.change({"/transport": rolling})
    browser.until(lambda: page.evaluate("window.punched"), page)
    daemon.change({"/transport": {**rolling, "rolling": False, "tick": 16700.0}})
    browser.until(lambda: name.inner_text() == "tense, brass, timpani, strings", page)


def test_a_refusal_is_shown_in_the_daemons_words(open_page: Callable[..., Any], daemon: Any) -> None:
    daemon.refuse["/hitpoint/transport/play"] = "reaper leads: play there."
    page = open_page()
    page.get_by_role("button", name="Play").click()
    page.get_by_role("status").get_by_text("reaper leads: play there.").wait_for()
    page.get_by_role("button", name="Dismiss").click()
    browser.until(lambda: page.get_by_text("reaper leads").count() == 0, page)
