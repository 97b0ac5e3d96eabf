"""The takes in a real browser: seen side by side, heard, and rated."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from hitpoint.engine.take_store import TakeStore
from hitpoint.score.midi_file import midi_file_bytes
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

browser = import_module("page.browser")
playhead = import_module("page.playhead")
ids = import_module("fakes.takes").ids
pytestmark = pytest.mark.browser
INK = """canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set();
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 200) seen.add(data.slice(at, at + 3).join());
    return seen.size;
}"""
"""How many colours are drawn."""

HANDS = pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
LISTEN = """() => {
    window.struck = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) {
        struck.push([at, this.context.currentTime]);
        return start.call(this, at);
    };
}"""
"""Keeps when each tone is to sound, and when that was said."""
DEAF = "AudioContext.prototype.resume = () => new Promise(() => {}); "
DEAF += "Object.defineProperty(AudioContext.prototype, 'state', {get: () => window.awake ?? 'suspended'});"
"""A browser that waits for a click."""
TIMELINE = Timeline(
    markers=(
        Marker(0, "1m03 calm, violin"), Marker(30720, "END"), Marker(38400, "1m04 calm, cello"), Marker(53760, "END"),
    )
)  # fmt: skip
BOXES = """all => all.map(one => {
    const {left, right, top} = one.getBoundingClientRect();
    return {id: one.querySelector('h3').lastChild.textContent, left, right, top};
})"""


@pytest.fixture
def daemon(file: Path) -> Iterator[Any]:
    running = import_module("fakes.page_daemon").FakePageDaemon()
    running.takes = file
    running.start()
    yield running
    running.stop()


def test_takes_stand_by_cue_side_by_side_each_with_its_roll_and_facts(
    open_page: Callable[..., Any], file: Path
) -> None:
    first, second, other = ids(file)
    page = open_page("takes")
    cue = page.get_by_role("region", name="Takes of 1m03")
    for name in (first, second):
        cue.get_by_role("article", name=name).wait_for()
    page.get_by_role("region", name="Without a cue").get_by_role("article", name=other).wait_for()
    assert page.get_by_role("article").count() == 3
    left, right = cue.get_by_role("article").evaluate_all(BOXES)
    assert (left["id"], right["id"], left["top"]) == (second, first, right["top"])
    assert left["right"] < right["left"]
    one = cue.get_by_role("article", name=first)
    words = one.inner_text()
    for said in ("approved", "seed 1", "no-bundle-1", "calm, violin, cello, piano", "3 parts, 1 locked"):
        assert said in words
    roll = one.get_by_role("img", name="Piano roll: 4 bars")
    with TakeStore(file) as store:
        counted = ", ".join(f"{part.name} {len(part.notes)}" for part in store.music(first).score.parts)
    assert f"{counted}. Hits: 1m01 calm" in roll.get_attribute("aria-label")
    # A colour a part, the hits and the bars.
    browser.until(lambda: roll.evaluate(INK) >= 5, page)


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


@HANDS
@playhead.LONG
def test_a_take_is_heard_its_playhead_moves_and_another_goes_on_at_the_same_place(
    open_page: Callable[..., Any], file: Path, touch: bool
) -> None:
    first, second, _ = ids(file)
    page = open_page("takes", touch=touch)
    page.evaluate(LISTEN)
    page.evaluate(playhead.WATCH)
    hand = browser.Hand(page, touch)
    # What is read already gives way at once.
    page.get_by_role("article", name=second).get_by_role("img", name="Piano roll").wait_for()
    hand.tap(page.get_by_role("button", name=f"Play take {first}"))
    page.get_by_role("button", name=f"Stop take {first}").wait_for()
    page.get_by_text("This is a plain tone").wait_for()
    browser.until(lambda: page.evaluate("struck.length") > 4, page)
    # Struck early enough to be heard in time, but for one that a stall of the machine meets.
    assert median(at - now for at, now in page.evaluate("struck")) > 0
    browser.until(lambda: page.evaluate(playhead.PLACE) > 0.15, page)
    head = page.get_by_role("article", name=first).locator(".take-head")
    before, place = head.bounding_box()["x"], page.evaluate(playhead.PLACE)
    hand.tap(page.get_by_role("button", name=f"Play take {second}"))
    page.get_by_role("button", name=f"Stop take {second}").wait_for()
    browser.until(lambda: page.evaluate(playhead.PLACE) > place and head.bounding_box()["x"] > before, page)
    playhead.goes_on(page)
    after = page.evaluate(playhead.PLACE)
    hand.tap(page.get_by_role("button", name=f"Stop take {second}"))
    page.get_by_role("button", name=f"Play take {second}").wait_for()
    page.evaluate(playhead.FRAMES)
    stands = page.evaluate(playhead.PLACE)
    page.wait_for_timeout(100)
    page.evaluate(playhead.FRAMES)
    assert page.evaluate(playhead.PLACE) == stands >= after


def test_a_tap_on_a_roll_is_heard_from_there(open_page: Callable[..., Any], file: Path) -> None:
    page = open_page("takes", browser.PHONE, touch=True)
    roll = page.get_by_role("article", name=ids(file)[0]).locator(".roll")
    roll.get_by_role("img", name="Piano roll").wait_for()
    box = roll.bounding_box()
    page.evaluate(playhead.WATCH)
    roll.tap(position={"x": box["width"] / 2, "y": box["height"] / 2})
    # The middle of four bars.
    browser.until(lambda: page.evaluate(playhead.PLACE) > 2.0, page)
    playhead.goes_on(page, 2.0)


def test_a_take_stands_at_its_beginning_before_anything_is_drawn(open_page: Callable[..., Any], file: Path) -> None:
    page = open_page("takes")
    page.evaluate("window.requestAnimationFrame = () => 0")
    page.get_by_role("button", name=f"Play take {ids(file)[0]}").click()
    page.get_by_role("button", name=f"Stop take {ids(file)[0]}").wait_for()
    assert page.evaluate(playhead.PLACE) == 0


def test_keys_alone_play_go_to_a_bar_and_change_the_take(open_page: Callable[..., Any], file: Path) -> None:
    first, second, _ = ids(file)
    page = open_page("takes")
    page.get_by_role("button", name=f"Play take {second}").press("Enter")
    page.get_by_role("button", name=f"Stop take {second}").press("Space")
    slider = page.get_by_role("slider", name="Place in the take")
    slider.press("Home")
    browser.until(lambda: slider.get_attribute("aria-valuetext") == "bar 1 of 4", page)
    slider.press("ArrowRight")
    browser.until(lambda: slider.get_attribute("aria-valuetext") == "bar 2 of 4", page)
    page.get_by_role("button", name="Next take").press("Enter")
    page.get_by_role("region", name="Audition").get_by_text(first, exact=True).wait_for()
    page.evaluate(playhead.WATCH)
    page.get_by_role("button", name="Play the take").press("Enter")
    page.get_by_role("button", name=f"Stop take {first}").wait_for()
    browser.until(lambda: page.evaluate(playhead.PLACE) > 1.0, page)
    playhead.goes_on(page, 1.0)
    # The host's own transport was not touched.
    page.get_by_role("link", name="Perform").click()
    page.get_by_role("button", name="Play", exact=True).wait_for()


def test_a_browser_that_holds_sound_back_is_told_of_plainly(open_page: Callable[..., Any], file: Path) -> None:
    page = open_page("takes")
    page.evaluate(DEAF)
    play = page.get_by_role("button", name=f"Play take {ids(file)[0]}")
    play.click()
    page.get_by_role("alert").filter(has_text="holds sound back until you click").wait_for()
    assert play.is_visible()
    page.evaluate("window.awake = 'running'")
    play.click()
    page.get_by_role("button", name=f"Stop take {ids(file)[0]}").wait_for()
    page.get_by_text("This is a plain tone").wait_for()


def test_a_take_that_is_purged_while_it_plays_falls_silent(open_page: Callable[..., Any], file: Path) -> None:
    first = ids(file)[0]
    page = open_page("takes")
    page.get_by_role("button", name=f"Play take {first}").click()
    page.get_by_role("button", name="Stop the take").wait_for()
    with TakeStore(file) as store:
        store.purge([first])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    browser.until(lambda: page.get_by_role("button", name="Play the take").is_disabled(), page)


def test_on_a_phone_a_take_is_rated_noted_locked_and_that_undone_as_at_a_terminal(
    open_page: Callable[..., Any], file: Path
) -> None:
    name = ids(file)[1]
    page = open_page("takes", browser.PHONE, touch=True)
    hand, one = browser.Hand(page, True), page.get_by_role("article", name=name)
    one.wait_for()
    # One below the other, and nothing beside the screen.
    assert len({box.bounding_box()["x"] for box in page.get_by_role("article").all()}) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    hand.tap(one.get_by_role("button", name=f"Rate take {name} 3 of 5"))
    one.locator("[aria-label*='3 of 5'][aria-pressed=true]").wait_for()
    one.get_by_label(f"Note on take {name}").fill("more air")
    hand.tap(one.get_by_role("button", name="Save the note"))
    one.get_by_role("button", name="Save the note").wait_for(state="detached")
    hand.tap(one.locator("summary").first)
    hand.tap(one.get_by_role("button", name=f"Lock piano of take {name}"))
    one.get_by_text("3 parts, 1 locked").wait_for()
    with TakeStore(file) as store:
        now = store.facts(name)
        assert (now.rating, now.note, now.locks) == (3, "more air", ("piano",))
        assert [entry.said["event"] for entry in store.log(name)] == ["made", "rate", "rate", "lock"]
    hand.tap(page.get_by_role("button", name="Undo", exact=True))
    page.get_by_role("status").filter(has_text=f"{name}: lock undone").wait_for()
    hand.tap(page.get_by_role("button", name="Undo", exact=True))
    page.get_by_role("status").filter(has_text=f"{name}: rate undone").wait_for()
    browser.until(lambda: one.get_by_label(f"Note on take {name}").input_value() == "", page)
    with TakeStore(file) as store:
        assert (store.facts(name).rating, store.facts(name).note, store.facts(name).locks) == (3, "", ())


@pytest.mark.usefixtures("command")
def test_a_variation_is_asked_for_stands_beside_its_take_and_is_undone_by_its_name(
    open_page: Callable[..., Any], file: Path
) -> None:
    first = ids(file)[0]
    page = open_page("takes")
    one = page.get_by_role("article", name=first)
    one.get_by_text("Vary", exact=True).click()
    one.get_by_role("slider", name="Write anew").press("ArrowRight")
    one.get_by_role("combobox", name="Keep").select_option("rhythm")
    one.get_by_role("button", name="Write a variation").click()
    page.get_by_role("status").filter(has_text=f"a variation of {first}, is written").wait_for()
    made = ids(file)[-1]
    with TakeStore(file) as store:
        assert (store.facts(made).parent, store.facts(made).asked) == (first, {"keep": "rhythm"})
    page.get_by_role("article", name=made).get_by_text(f"of {first}").wait_for()
    # What Undo would have forgotten, it names.
    page.get_by_role("button", name=f"Undo take {made}", exact=True).click()
    page.get_by_role("status").filter(has_text=f"{made}: ").wait_for()
    page.get_by_role("article", name=made).wait_for(state="detached")
    assert made not in ids(file)


@HANDS
@pytest.mark.usefixtures("command")
def test_a_rectangle_is_dragged_over_bars_and_parts_and_seen_on_the_take_and_on_its_child(
    open_page: Callable[..., Any], file: Path, touch: bool
) -> None:
    first = ids(file)[1]
    page = open_page("takes", touch=touch)
    hand, one = browser.Hand(page, touch), page.get_by_role("article", name=first)
    hand.tap(one.get_by_text("Infill", exact=True))
    pad = one.locator(".infill-pad")
    pad.wait_for()
    browser.until(lambda: pad.locator("canvas").evaluate(INK) >= 4, page)
    # Four bars, three parts: from the third bar of the last part to the second of the one above it.
    hand.drag(pad, (0.6, 0.9), (0.5, 0.8), (0.3, 0.5))
    names = one.locator(".infill-grid label").all_inner_texts()
    one.get_by_role("button", name="Write bars 2–3 of 2 parts anew").wait_for()
    assert [one.get_by_role("checkbox", name=name).is_checked() for name in names] == [False, True, True]
    box, whole = one.locator(".roll .anew.now").bounding_box(), one.locator(".roll").bounding_box()
    assert box["x"] == pytest.approx(whole["x"] + whole["width"] / 4, abs=3)
    assert box["width"] == pytest.approx(whole["width"] / 2, abs=3)
    hand.tap(one.get_by_role("button", name="Write bars 2–3"))
    page.get_by_role("status").filter(has_text=f"{first} with these bars anew").wait_for()
    made = ids(file)[-1]
    with TakeStore(file) as store:
        assert store.facts(made).asked == {"bars": "2-3", "parts": names[1:]}
    child = page.get_by_role("article", name=made)
    child.locator(".roll .anew.own").wait_for()
    assert f"Written anew: bars 2 to 3 of {', '.join(names[1:])}." in child.get_by_role("img").get_attribute(
        "aria-label"
    )
    one.locator(".roll .anew.child").wait_for()


@pytest.mark.usefixtures("command")
def test_keys_alone_infill_a_take_and_what_is_locked_is_not_offered(open_page: Callable[..., Any], file: Path) -> None:
    first = ids(file)[0]
    page = open_page("takes")
    one = page.get_by_role("article", name=first)
    one.get_by_label(f"Infill take {first}").press("Enter")
    assert one.get_by_role("checkbox", name="cello (locked)").is_disabled()
    write = one.get_by_role("button", name="Write bars 1–4 of 0 parts anew")
    assert write.get_attribute("aria-disabled") == "true"
    one.get_by_role("checkbox", name="piano").press("Space")
    for label, bar in (("From bar", "2"), ("to bar", "2")):
        one.get_by_label(label, exact=True).fill(bar)
        one.get_by_label(label, exact=True).press("Tab")
    share = one.locator(".infill").get_by_label("Write anew")
    assert share.get_attribute("aria-valuetext") == "100 % of its notes"
    for _ in range(8):
        share.press("ArrowLeft")
    browser.until(lambda: share.get_attribute("aria-valuetext") == "60 % of its notes", page)
    one.get_by_role("button", name="Write bar 2 of 1 part anew").press("Enter")
    page.get_by_role("status").filter(has_text="with these bars anew").wait_for()
    with TakeStore(file) as store:
        assert store.facts(ids(file)[-1]).asked == {"bars": "2-2", "parts": ["piano"], "amount": 0.6}


@pytest.mark.usefixtures("command")
def test_a_part_is_added_for_somebody_who_does_not_play_yet(open_page: Callable[..., Any], file: Path) -> None:
    first = ids(file)[0]
    page = open_page("takes", browser.PHONE, touch=True)
    hand, one = browser.Hand(page, True), page.get_by_role("article", name=first)
    hand.tap(one.get_by_text("Add a part", exact=True))
    players = one.get_by_label("Who plays").locator("option").all_inner_texts()
    assert "french horn" in players
    assert not {"violin", "cello", "piano"} & set(players)
    one.get_by_label("Who plays").select_option("french horn")
    hand.tap(one.get_by_role("button", name="Write the part"))
    page.get_by_role("status").filter(has_text=f"{first} with the new part").wait_for()
    with TakeStore(file) as store:
        assert store.facts(ids(file)[-1]).asked == {"note": "add french horn"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.usefixtures("command")
def test_takes_of_a_cue_are_made_with_progress_stopped_and_seen_by_two_pages_and_after_a_reload(
    open_page: Callable[..., Any], file: Path, daemon: Any
) -> None:
    slow = file.with_suffix(".slow")
    there = ids(file)
    # One is made, and the next one waits.
    slow.write_text(str(len(there) + 1))
    daemon.cues.heard({"timeline": TIMELINE})
    page, other = open_page("takes"), open_page("takes", browser.PHONE, touch=True)
    maker = page.get_by_role("region", name="Make takes")
    maker.get_by_role("combobox", name="Cue", exact=True).select_option("1m03")
    maker.get_by_label("How many").fill("5")
    maker.get_by_label("How many").press("Tab")
    maker.get_by_role("button", name="Make 5 of 1m03").click()
    for one in (page, other):
        one.get_by_role("status").filter(has_text="1 of 5 made; now 1m03").wait_for()
    # Those without a cue are not shown here.
    browser.until(lambda: page.get_by_role("article").count() == len(there), page)
    assert page.get_by_role("region", name="Without a cue").count() == 0
    page.reload()
    page.get_by_role("progressbar", name="Takes made").wait_for()
    cue = maker.get_by_role("combobox", name="Cue", exact=True)
    browser.until(lambda: cue.input_value() == "1m03", page)
    other.get_by_role("button", name="Stop", exact=True).tap()
    for one in (page, other):
        one.get_by_role("progressbar").wait_for(state="detached")
    slow.unlink()
    *before, made = ids(file)
    assert before == there
    page.get_by_role("article", name=made).wait_for()
    page.wait_for_timeout(300)
    assert ids(file) == [*there, made]
    page.get_by_role("button", name=f"Undo take {made}").click()
    page.get_by_role("article", name=made).wait_for(state="detached")


@pytest.mark.usefixtures("command")
def test_a_cue_of_which_none_can_be_made_is_named_and_without_cues_a_line_says_what_to_do(
    open_page: Callable[..., Any], daemon: Any
) -> None:
    page = open_page("takes")
    page.get_by_text("Put a marker or a region with words into your DAW").wait_for()
    daemon.cues.heard({"timeline": Timeline(markers=(Marker(0, "1m13 calm, strings"),))})
    page.get_by_role("button", name="Make 3 of every cue").click()
    page.get_by_role("alert").filter(has_text="1m13: it has no prompt. Give it one.").wait_for()
    make = page.get_by_role("button", name="Make 3 of every cue")
    browser.until(lambda: make.get_attribute("aria-disabled") == "false", page)


@pytest.mark.usefixtures("command")
def test_takes_are_kept_ready_of_each_cue_and_shown_at_once_where_the_host_is(
    open_page: Callable[..., Any], daemon: Any
) -> None:
    daemon.cues.heard({"timeline": TIMELINE})
    page = open_page("takes")
    maker = page.get_by_role("region", name="Make takes")
    assert maker.get_by_label("Keep ready of each cue").input_value() == "0"
    maker.get_by_label("Keep ready of each cue").select_option("1")
    # Two writings at the lowest priority, each with a patience of its own.
    maker.get_by_text(re.compile("[12] of 2 ready")).wait_for()
    maker.get_by_text("2 of 2 ready").wait_for()
    maker.get_by_role("combobox", name="Cue", exact=True).select_option("Where the host is")
    daemon.change({"/transport/rolling": False, "/transport/tick": 40000.0, "/transport/loop": None})
    page.get_by_role("region", name="Takes of 1m04").get_by_role("img", name="Piano roll").wait_for()
    assert page.get_by_role("region", name="Takes of 1m03").count() == 0
    daemon.change({"/transport/tick": 10.0})
    page.get_by_role("region", name="Takes of 1m03").get_by_role("img", name="Piano roll").first.wait_for()
    daemon.change({"/transport/tick": 35000.0})
    page.get_by_text("No cue where the host is.").wait_for()
    maker.get_by_label("Keep ready of each cue").select_option("0")
    browser.until(lambda: daemon.state["takes"]["ready"] == 0, page)


def test_what_the_memory_refuses_is_said_and_shown_as_it_still_is(open_page: Callable[..., Any], file: Path) -> None:
    first = ids(file)[0]
    page = open_page("takes")
    rate = page.get_by_role("button", name=f"Rate take {first} 1 of 5")
    rate.wait_for()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        rate.click()
        page.locator(".toast").filter(has_text="is in use by another process").wait_for()
    assert rate.get_attribute("aria-pressed") == "false"


def test_a_take_is_downloaded_as_the_file_that_the_command_line_writes(
    open_page: Callable[..., Any], file: Path
) -> None:
    first = ids(file)[0]
    page = open_page("takes")
    with page.expect_download() as coming:
        page.get_by_role("link", name=f"Download take {first}").click()
    assert coming.value.suggested_filename == f"1m03-{first}.mid"
    with TakeStore(file) as store:
        assert Path(coming.value.path()).read_bytes() == midi_file_bytes(store.music(first).score)
