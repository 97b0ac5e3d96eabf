"""The actions as they ship: what each asks of Hitpoint, and that none touches the project."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.reaper_app import SCRIPTS, ReaperApp
from fakes.reaper_project import Item, Notes, ReaperProject, TempoMarker, Track, marker
from fakes.reaper_table import Envelope
from hitpoint.engine.bridge_folder import BridgeFolder
from hitpoint.hosts.clip_job import Clip, ClipJob
from hitpoint.hosts.commands import read
from hitpoint.hosts.host_snapshot import read_snapshot
from hitpoint.hosts.protocol import ASK, read_object
from hitpoint.score.session import ControlMoved, VariationAsked
from hitpoint.timeline.units import FrameRate

ACTIONS = sorted(path for path in SCRIPTS.glob("*.lua") if "-- @description" in path.read_text())


def asks_of(app: ReaperApp) -> list[tuple[str, list[object]]]:
    """What was asked; all of it is something that Hitpoint knows."""
    found = []
    for data in BridgeFolder(app.resource / "Hitpoint").asks():
        _, said = read_object(data, ASK)
        address, arguments = said["address"], json.loads(said["arguments"])
        read(address, arguments)
        found.append((address, arguments))
    return found


def run(app: ReaperApp, name: str) -> list[tuple[str, list[object]]]:
    before = (app.project.state(), app.project.step)
    app.run(SCRIPTS / f"hitpoint_{name}.lua")
    app.pass_time(0.1)
    app.check()
    assert (app.project.state(), app.project.step) == before, "asking changes nothing, and is no undo step"
    return asks_of(app)


@pytest.fixture
def app(tmp_path: Path) -> ReaperApp:
    """A project of 2 seconds a bar, then from bar 5 on one of 1.5 seconds; the bridge runs."""
    project = ReaperProject()
    project.tempo = (TempoMarker(0.0, 120.0, (4, 4)), TempoMarker(8.0, 240.0, (6, 8)))
    project.put(marker(1, 0.0, "HIT door"))
    project.put(marker(1, 2.0, "2m01 calm", 6.0))
    project.put(marker(2, 9.5, "2m02 tense", 12.5))
    app = ReaperApp(tmp_path, project)
    app.run(SCRIPTS / "hitpoint_bridge.lua")
    return app


def test_every_action_has_a_title_and_every_part_has_none() -> None:
    assert len(ACTIONS) == 6
    for path in SCRIPTS.glob("*.lua"):
        first = path.read_text().splitlines()[0]
        assert first.startswith("-- @description Hitpoint: ") or first == "-- @noindex", path.name


def test_generate_asks_for_the_region_at_the_edit_cursor(app: ReaperApp) -> None:
    app.project.cursor = 3.0
    assert run(app, "generate") == [("/hitpoint/cue/vary", [2, 3])]
    app.project.cursor = 10.0
    assert run(app, "generate") == [("/hitpoint/cue/vary", [6, 7])]


@pytest.mark.parametrize("name", ["generate", "vary", "infill", "keep"])
@pytest.mark.parametrize(("selection", "bars"), [((2.0, 8.0), [2, 4]), ((2.0004, 7.9996), [2, 4]), ((3.9, 4.1), [2, 3]),
                                                 ((8.0, 9.5), [5, 5]), ((-2.0, 0.0005), [1, 1])])  # fmt: skip
def test_a_time_selection_goes_before_all_else(
    app: ReaperApp, name: str, selection: tuple[float, float], bars: list[int]
) -> None:
    app.project.cursor, app.project.selection = 10.0, selection
    ((_, arguments),) = run(app, name)
    assert arguments == bars


def test_generate_says_so_where_there_is_no_region(app: ReaperApp) -> None:
    app.project.cursor = 7.0
    assert run(app, "generate") == []
    assert "no region" in app.console[-1]


def test_vary_without_a_selection_is_for_all(app: ReaperApp) -> None:
    assert run(app, "vary") == [("/hitpoint/cue/vary", [])]
    assert read("/hitpoint/cue/vary", []) == VariationAsked(0, 1_000_000, frozenset())


def test_keep_asks_for_the_region_or_the_whole_cue(app: ReaperApp) -> None:
    app.project.cursor = 3.0
    assert run(app, "keep") == [("/hitpoint/take/keep", [2, 3])]
    app.project.cursor = 7.0
    assert run(app, "keep") == [("/hitpoint/take/keep", [])]


def selected(item: Item) -> None:
    item.held = replace(item.held, selected=True)


def test_infill_asks_for_each_selected_items_part_at_its_bars(app: ReaperApp) -> None:
    clips = (Clip("Low strings", "bars 2-3", "cello", 3840, 11520, ()), Clip("horn", "bar 1", "horn", 0, 3840, ()))
    BridgeFolder(app.resource / "Hitpoint").put(ClipJob("a-1", "take-1", "Hitpoint: keep", clips))
    app.pass_time(0.3)
    own, foreign = app.project.items
    selected(own)
    selected(foreign)
    foreign.held = replace(foreign.held, ext=())
    assert run(app, "infill") == [("/hitpoint/cue/vary", [2, 3, "cello"]), ("/hitpoint/cue/vary", [1, 1, "horn"])]


def test_infill_asks_once_for_what_is_selected_twice(app: ReaperApp) -> None:
    track = Track("cello")
    track.items = [Item(replace(held, selected=True), track) for held in [Notes(2.0, 4.0, 4.0)] * 2]
    app.project.tracks = [track]
    assert run(app, "infill") == [("/hitpoint/cue/vary", [2, 2, "cello"])]


def test_infill_says_so_when_nothing_is_selected(app: ReaperApp) -> None:
    assert run(app, "infill") == []
    assert "nothing is selected" in app.console[-1]


def test_the_project_is_known_before_anything_is_asked_about_it(app: ReaperApp) -> None:
    app.project.cursor = 3.0
    app.project.put(marker(9, 4.0, "HIT new"))
    app.run(SCRIPTS / "hitpoint_generate.lua")
    data = (app.resource / "Hitpoint" / "snapshot.json").read_bytes()
    assert "HIT new" in [one.name for one in read_snapshot(data, FrameRate.named("24")).timeline.markers]
    assert len(asks_of(app)) == 1


def test_what_an_action_told_is_not_the_last_word(app: ReaperApp) -> None:
    app.pass_time(0.5)
    app.project.put(marker(9, 4.0, "HIT new"))
    app.run(SCRIPTS / "hitpoint_vary.lua")
    app.project.undo()
    app.pass_time(0.5)
    data = (app.resource / "Hitpoint" / "snapshot.json").read_bytes()
    snapshot = read_snapshot(data, FrameRate.named("24"))
    assert [one.name for one in snapshot.timeline.markers] == ["HIT door"]
    assert snapshot.serial == 3


def test_an_action_says_so_when_the_bridge_does_not_run(tmp_path: Path) -> None:
    app = ReaperApp(tmp_path)
    assert run(app, "vary") == [("/hitpoint/cue/vary", [])]
    assert '"Hitpoint: bridge"' in app.console[-1]


def test_a_folder_that_cannot_be_written_is_said(app: ReaperApp) -> None:
    (app.resource / "Hitpoint" / "asks").rmdir()
    (app.resource / "Hitpoint" / "asks").write_text("in the way")
    app.run(SCRIPTS / "hitpoint_vary.lua")
    app.check()
    assert "cannot be written" in app.console[-1]


class Follower:
    """The action that makes an envelope the intensity, while it runs."""

    def __init__(self, app: ReaperApp, name: str = "Intensity") -> None:
        self.app, self.value = app, 0.5
        app.project.envelope = Envelope(name, lambda _: self.value)
        self.script = app.run(SCRIPTS / "hitpoint_intensity.lua")

    def values(self, seconds: float = 0.2) -> list[object]:
        self.app.pass_time(seconds)
        self.app.check()
        found = []
        for address, arguments in asks_of(self.app):
            assert address == "/hitpoint/control/intensity"
            found += arguments or [None]
        return found


def test_the_envelope_is_the_intensity_while_it_changes_enough(app: ReaperApp) -> None:
    follower = Follower(app)
    assert follower.values() == [0.5]
    follower.value = 0.509
    assert follower.values() == []
    follower.value = 0.52
    assert follower.values() == [0.52]
    follower.value = 7.0
    assert follower.values() == [1.0]
    follower.value = -1.0
    assert follower.values() == [0.0]
    assert read("/hitpoint/control/intensity", [0.0]) == ControlMoved("intensity", 0.0)


def test_the_envelope_is_read_where_reaper_plays_or_the_cursor_stands(app: ReaperApp) -> None:
    follower = Follower(app)
    app.project.envelope = Envelope("Intensity", lambda time: time / 10)
    app.project.cursor, app.project.position = 3.0, 8.0
    assert follower.values()[-1] == 0.3
    app.project.playing = True
    assert follower.values()[-1] == 0.8
    app.project.envelope = None
    assert follower.values() == []


def test_a_pan_envelope_goes_from_left_to_right(app: ReaperApp) -> None:
    follower = Follower(app, "Pan")
    follower.value = -0.5
    assert follower.values()[-1] == 0.25


def test_the_envelope_is_read_ten_times_a_second_at_most(app: ReaperApp) -> None:
    follower = Follower(app)
    app.project.playing = True
    app.project.envelope = Envelope("Intensity", lambda _: (app.now * 7) % 1)
    assert 70 <= len(follower.values(10.0)) <= 101


@pytest.mark.parametrize("by", ["the action again", "the person's hand"])
def test_turned_off_the_cue_decides_again(app: ReaperApp, by: str) -> None:
    follower = Follower(app)
    follower.values()
    assert app.toggles == {50_000: 1}
    if by == "the action again":
        app.run(SCRIPTS / "hitpoint_intensity.lua")
    else:
        app.stop(follower.script)
    assert follower.values() == [None]
    assert app.toggles == {50_000: 0}
    assert [script.name for script in app.scripts] == ["hitpoint_bridge.lua"]
    assert ("Hitpoint", "intensity") not in app.ext_state
