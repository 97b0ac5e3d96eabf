"""Takes heard with a SoundFont in a real browser, and made into files of sound."""

import wave
import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hitpoint.engine.take_export import export_take
from hitpoint.engine.take_store import TakeStore

browser = import_module("page.browser")
playhead = import_module("page.playhead")
ids = import_module("fakes.takes").ids
pytestmark = pytest.mark.browser
HANDS = pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
LISTEN = """() => {
    window.blocks = [];
    window.begun = [];
    window.tones = 0;
    const start = AudioBufferSourceNode.prototype.start, tone = OscillatorNode.prototype.start;
    const say = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (word, ...how) {
        if (word.say === 'begin') begun.push(word.id);
        return say.call(this, word, ...how);
    };
    AudioBufferSourceNode.prototype.start = function (at, late) {
        const of = this.buffer.getChannelData(0);
        const loud = Math.sqrt(of.reduce((sum, one) => sum + one * one, 0) / of.length);
        blocks.push({at, late, now: this.context.currentTime, seconds: this.buffer.duration, loud});
        return start.call(this, at, late);
    };
    OscillatorNode.prototype.start = function (at) {
        tones++;
        return tone.call(this, at);
    };
}"""
"""Keeps the takes that were begun, and each block of sound: for when, when that was said, and how loud it is."""
NO_TONE_MEANWHILE = """() => {
    const wait = setTimeout;
    window.setTimeout = (done, ms, ...more) => wait(done, ms === 1500 ? 60000 : ms, ...more);
}"""
"""The SoundFont is waited for as long as a slow machine needs, and not for 1.5 s."""


@pytest.fixture
def font(tmp_path: Path) -> Path:
    path: Path = import_module("fakes.sound_font").a_sound_font(tmp_path / "sine.sf2")
    return path


@pytest.fixture
def daemon(file: Path, font: Path) -> Iterator[Any]:
    running = import_module("fakes.page_daemon").FakePageDaemon()
    running.takes, running.soundfont = file, font
    running.start()
    yield running
    running.stop()


def some_in_time(blocks: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Blocks that follow each other, once there are some. What a stall of the machine has made late begins late, and
    the rest keeps its place."""
    found = [(one, other) for one, other in pairwise(blocks) if not one["late"] and not other["late"]]
    return found if len(found) > 3 else []


@HANDS
@playhead.LONG
def test_a_take_is_heard_with_the_soundfont_without_a_gap_and_another_goes_on_at_the_same_place(
    open_page: Callable[..., Any], file: Path, touch: bool
) -> None:
    first, second, _ = ids(file)
    page = open_page("takes", touch=touch)
    page.get_by_text("Takes are heard with sine.sf2").wait_for()
    for script in (LISTEN, NO_TONE_MEANWHILE, playhead.WATCH):
        page.evaluate(script)
    hand = browser.Hand(page, touch)
    hand.tap(page.get_by_role("button", name=f"Play take {first}"))
    page.get_by_text("Heard with sine.sf2. Your DAW").wait_for()
    browser.until(lambda: page.evaluate("blocks.filter(one => one.loud > 0.001).length") > 3, page)
    browser.until(lambda: page.evaluate(playhead.PLACE) > 0.15, page)
    for before, after in browser.until(lambda: some_in_time(page.evaluate("blocks")), page):
        assert after["at"] == pytest.approx(before["at"] + before["seconds"], abs=1e-6)
    hand.tap(page.get_by_role("button", name=f"Play take {second}"))
    page.get_by_role("button", name=f"Stop take {second}").wait_for()
    browser.until(lambda: page.evaluate("begun") == [first, second], page)
    place = page.evaluate(playhead.PLACE)
    browser.until(lambda: page.evaluate(playhead.PLACE) > place + 0.1, page)
    playhead.goes_on(page)
    assert page.evaluate("tones") == 0
    hand.tap(page.get_by_role("button", name=f"Stop take {second}"))
    page.get_by_role("button", name=f"Play take {second}").wait_for()
    made = page.evaluate("blocks.length")
    page.wait_for_timeout(150)
    assert page.evaluate("blocks.length") == made


def test_a_take_that_is_purged_is_forgotten_by_what_makes_its_sound(open_page: Callable[..., Any], file: Path) -> None:
    first, *others = ids(file)
    page = open_page("takes")
    page.evaluate("""() => {
        window.said = [];
        const say = Worker.prototype.postMessage;
        Worker.prototype.postMessage = function (word, ...how) {
            said.push(word);
            return say.call(this, word, ...how);
        };
    }""")
    page.get_by_role("button", name=f"Play take {first}").click()
    page.get_by_text("Heard with sine.sf2. Your DAW").wait_for()
    with TakeStore(file) as store:
        store.purge([first])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    kept = browser.until(lambda: page.evaluate("said.find(one => one.say === 'forget')?.but"), page)
    assert sorted(kept) == sorted(others)


def test_what_is_no_soundfont_is_said_and_a_plain_tone_plays_on(
    open_page: Callable[..., Any], file: Path, font: Path
) -> None:
    font.write_bytes(font.read_bytes()[:400])
    page = open_page("takes")
    page.evaluate(LISTEN)
    page.get_by_role("button", name=f"Play take {ids(file)[0]}").click()
    page.get_by_role("alert").filter(has_text="sine.sf2 cannot be played").wait_for()
    browser.until(lambda: page.evaluate("tones") > 0, page)


@playhead.LONG
def test_a_soundfont_whose_damage_shows_while_it_plays_gives_way_to_a_plain_tone(
    open_page: Callable[..., Any], file: Path
) -> None:
    page = open_page("takes")
    page.evaluate(LISTEN)
    page.evaluate(NO_TONE_MEANWHILE)
    page.evaluate("""() => {
        const say = Worker.prototype.postMessage;
        let asked = 0;
        Worker.prototype.postMessage = function (word, ...how) {
            if (word.say === 'until' && ++asked === 4)
                this.onmessage({data: {say: 'refused', why: 'a sample is broken'}});
            return say.call(this, word, ...how);
        };
    }""")
    page.get_by_role("button", name=f"Play take {ids(file)[0]}").click()
    page.get_by_role("alert").filter(has_text="sine.sf2 cannot be played: a sample is broken.").wait_for()
    browser.until(lambda: page.evaluate("tones") > 0, page)
    page.get_by_role("button", name="Stop the take").wait_for()


@playhead.LONG
def test_until_a_large_one_is_here_a_plain_tone_plays_and_then_gives_way(
    open_page: Callable[..., Any], file: Path
) -> None:
    page = open_page("takes")
    page.evaluate(LISTEN)
    page.evaluate(playhead.WATCH)
    # A slow network: what is sent waits for the click below.
    page.evaluate("""() => {
        const ask = window.fetch;
        window.fetch = async (...how) => {
            if (/soundfont\\/./.test(String(how[0]))) await new Promise(go => { window.arrive = go; });
            return ask(...how);
        };
    }""")
    page.get_by_role("button", name=f"Play take {ids(file)[0]}").click()
    browser.until(lambda: page.evaluate("tones > 0 && !!window.arrive"), page)
    browser.until(lambda: page.evaluate(playhead.PLACE) > 0.15, page)
    page.evaluate("arrive()")
    page.get_by_text("Heard with sine.sf2. Your DAW").wait_for()
    browser.until(lambda: page.evaluate("blocks.length") > 3, page)
    playhead.goes_on(page)
    page.get_by_role("button", name="Stop the take").wait_for()


def test_a_take_is_made_into_a_wave_file_that_begins_at_its_first_note(
    open_page: Callable[..., Any], file: Path
) -> None:
    first = ids(file)[0]
    page = open_page("takes", browser.PHONE, touch=True)
    page.get_by_text("Takes are heard with sine.sf2").wait_for()
    button = page.get_by_role("button", name=f"Download take {first} as a WAV file")
    with page.expect_download() as coming:
        browser.Hand(page, True).tap(button)
    assert coming.value.suggested_filename == f"1m03-{first}.wav"
    with wave.open(str(coming.value.path())) as made:
        assert (made.getnchannels(), made.getsampwidth(), made.getframerate()) == (2, 3, 48_000)
        frames = np.frombuffer(made.readframes(made.getnframes()), np.uint8).reshape(-1, 2, 3)
    left = np.abs(frames[:, 0, 2].astype(np.int8).astype(float))
    with TakeStore(file) as store:
        score = store.music(first).score
    seconds = score.timeline.tempo_map.seconds_at
    struck = min(seconds(note.tick) for part in score.parts for note in part.notes)
    heard = np.flatnonzero(left > 1)[0] / 48_000
    assert struck <= heard < struck + 0.03
    # Its end rings out, and is not cut.
    last = max(seconds(note.end) for part in score.parts for note in part.notes)
    assert last < len(left) / 48_000 < last + 10
    assert left[-480:].max() <= 1


def test_without_a_soundfont_a_line_says_how_to_get_one_and_a_wave_file_is_refused(
    open_page: Callable[..., Any], daemon: Any, file: Path
) -> None:
    daemon.soundfont = None
    page = open_page("takes")
    page.get_by_text("This is a plain tone of the browser's. No SoundFont is on this machine. Install one.").wait_for()
    button = page.get_by_role("button", name=f"Download take {ids(file)[0]} as a WAV file")
    assert button.get_attribute("aria-disabled") == "true"
    button.press("Enter")
    page.locator(".toast").filter(has_text="No WAV file: No SoundFont is on this machine. Install one.").wait_for()


def test_stems_are_downloaded_as_the_files_that_the_command_line_exports(
    open_page: Callable[..., Any], file: Path, tmp_path: Path
) -> None:
    first = ids(file)[0]
    page = open_page("takes")
    with page.expect_download() as coming:
        page.get_by_role("link", name=f"Download the stems of take {first}").click()
    assert coming.value.suggested_filename == f"1m03-{first}-stems.zip"
    with TakeStore(file) as store:
        exported = export_take(tmp_path, store.facts(first), store.music(first))
    with zipfile.ZipFile(coming.value.path()) as packed:
        found = {name: packed.read(name) for name in packed.namelist()}
    assert found == {path.name: path.read_bytes() for path in exported if "-" in path.stem.removeprefix("1m03-")}
