"""The scripts as they ship, under Lua 5.4, in a REAPER that complains of misuse."""

import json
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import lupa.lua53
import lupa.lua54
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.reaper_app import DEFER_HZ, SCRIPTS, ReaperApp
from fakes.reaper_calls import NEW_MARKER_CALLS
from fakes.reaper_project import ReaperProject, TempoMarker, marker
from hitpoint.hosts.host_snapshot import HostSnapshot, read_snapshot
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.units import FrameRate

BRIDGE = SCRIPTS / "hitpoint_bridge.lua"
RATE = FrameRate.named("25")
SOON_SECONDS = 0.5
"""In which a marker that is moved must be known."""


def snapshot_of(app: ReaperApp) -> HostSnapshot:
    app.check()
    return read_snapshot((app.resource / "Hitpoint" / "snapshot.json").read_bytes(), RATE)


def told_by(project: ReaperProject, folder: Path, **how: Any) -> HostSnapshot:
    app = ReaperApp(folder, project, **how)
    app.run(BRIDGE)
    app.pass_time(0.2)
    return snapshot_of(app)


@st.composite
def projects(draw: st.DrawFn) -> ReaperProject:
    """Any tempo map that REAPER can have, within tempi that Hitpoint plays; markers before the start too."""
    project = ReaperProject("/music/reel 3.RPP", counts=draw(st.sampled_from(["denominator", "quarter"])))
    project.bpm = draw(st.floats(20, 300))
    project.metre = draw(st.tuples(st.integers(1, 12), st.sampled_from([2, 4, 8])))
    time, points = draw(st.sampled_from([0.0, 2.5])), []
    for _ in range(draw(st.integers(0, 8))):
        metre = draw(st.none() | st.tuples(st.integers(1, 12), st.sampled_from([2, 4, 8])))
        points.append(TempoMarker(time, draw(st.floats(20, 300)), metre, draw(st.booleans())))
        time += draw(st.floats(0.2, 20))
    project.tempo = tuple(points)
    for number in range(draw(st.integers(0, 8))):
        start = draw(st.floats(-5, 100))
        end = draw(st.none() | st.floats(start + 0.1, start + 50))
        name = draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
        project.put(marker(number, start, name, end))
    if draw(st.booleans()):
        start = draw(st.floats(0, 50))
        project.repeat, project.loop = True, (start, draw(st.floats(start + 0.1, start + 50)))
    return project


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(projects(), st.booleans(), st.lists(st.floats(0, 200), min_size=5, max_size=5))
def test_any_project_comes_over_within_a_tick(
    tmp_path: Path, project: ReaperProject, new_markers: bool, times: list[float]
) -> None:
    snapshot = told_by(project, tmp_path, new_markers=new_markers)
    timeline, curve = snapshot.timeline, project.curve
    # A bar that is cut to less than a tick is none to us, whatever REAPER counts.
    cuts = [(there[0] - here[0]) % (here[2][0] * 4 / here[2][1]) for here, there in pairwise(curve.lines)]
    has_splinters = any(0 < cut * 960 < 1 for cut in cuts)
    for time in [*times, *(point.time for point in project.tempo)]:
        assert abs(timeline.tempo_map.fractional_tick_at(time) - curve.quarter_at(time) * 960) <= 1
        tick = round(curve.quarter_at(time) * 960)
        near = {curve.measure_at(curve.time_at((tick + off) / 960))[1:] for off in (-3, 3) if tick + off >= 0}
        if len(near) == 1 and not any(abs(line[0] * 960 - tick) < 8 for line in curve.lines) and not has_splinters:
            bar = timeline.meter_map.bar_at(tick)
            assert (bar.index, (bar.meter.numerator, bar.meter.denominator)) == near.pop()
    found = [*timeline.markers, *timeline.regions]
    assert len(found) == len(project.places)
    by_name = {(one.id, one.name): one for one in found}
    for place in project.places:
        id = place.guid if new_markers else f"{'m' if place.end is None else 'r'}{place.number}"
        one = by_name[id, place.name]
        start = one.tick if place.end is None else one.start  # type: ignore[union-attr]
        assert abs(start - curve.quarter_at(place.time) * 960) <= 1
        if place.end is not None:
            assert abs(one.end - curve.quarter_at(place.end) * 960) <= 1  # type: ignore[union-attr]
    assert (snapshot.loop is not None) == project.repeat
    if snapshot.loop is not None:
        for tick, time in zip((snapshot.loop.start, snapshot.loop.end), project.loop, strict=True):
            assert abs(tick - curve.quarter_at(time) * 960) <= 1


def test_a_ramp_that_ends_in_another_tempo_than_begins_there_leaves_all_that_follows_in_time(tmp_path: Path) -> None:
    project = ReaperProject(counts="denominator")
    project.tempo = (TempoMarker(0.0, 135.4, None, gradual=True), TempoMarker(1.8, 20.0, (4, 8)),
                     TempoMarker(2.0, 310.0, (4, 4)))  # fmt: skip
    tempo_map = told_by(project, tmp_path).timeline.tempo_map
    for time in (1.0, 2.5, 60.0):
        assert abs(tempo_map.fractional_tick_at(time) - project.curve.quarter_at(time) * 960) < 0.01


def test_a_plain_project_is_told_in_round_numbers(tmp_path: Path) -> None:
    project = ReaperProject("/music/reel 3.rpp")
    project.tempo = (TempoMarker(0.0, 120.0, (6, 8)), TempoMarker(4.0, 90.0, (4, 4)))
    project.repeat, project.loop = True, (0.0, 4.0)
    snapshot = told_by(project, tmp_path)
    assert [(point.tick, point.bpm) for point in snapshot.timeline.tempo_map.points] == [(0, 60.0), (3840, 90.0)]
    assert snapshot.loop == Loop(0, 3840)
    assert (snapshot.host, snapshot.host_version, snapshot.project) == ("reaper", "7.22/linux-x86_64", "reel 3")
    assert snapshot.timeline.frame_rate.name == "24"


@pytest.mark.parametrize(
    ("rate", "drops", "name"),
    [(24000 / 1001, False, "23.976"), (25.0, False, "25"), (30000 / 1001, True, "29.97df"), (48.0, False, "25")],
)
def test_the_pictures_rate_is_told_or_left_to_the_settings(tmp_path: Path, rate: float, drops: bool, name: str) -> None:
    project = ReaperProject()
    project.frame_rate, project.drops = rate, drops
    assert told_by(project, tmp_path).timeline.frame_rate.name == name


@pytest.mark.parametrize("new_markers", [True, False])
def test_five_thousand_markers_with_names_in_any_script_are_told(tmp_path: Path, new_markers: bool) -> None:
    names = ["HIT дверь", "緊張した弦", "شديد", '🎬 "cut\\"\n', "", "1m01 calm\x7f\x01"]
    project = ReaperProject()
    project.places = tuple(marker(number, number / 3, names[number % 6]) for number in range(5000))
    snapshot = told_by(project, tmp_path, new_markers=new_markers)
    assert [one.name for one in snapshot.timeline.markers] == [names[number % 6] for number in range(5000)]


@pytest.mark.parametrize("lua", [lupa.lua53, lupa.lua54])
def test_a_name_in_a_systems_own_encoding_spoils_no_other(tmp_path: Path, lua: Any) -> None:
    project = ReaperProject()
    project.places = (marker(1, 0.0, b"caf\xe9 \xed\xa0\x80"), marker(2, 1.0, "HIT door"))
    names = [one.name for one in told_by(project, tmp_path, lua=lua).timeline.markers]
    assert names[0].startswith("caf\N{REPLACEMENT CHARACTER} ")
    assert names[1] == "HIT door"


def test_a_marker_that_is_dragged_keeps_its_id(tmp_path: Path) -> None:
    app = ReaperApp(tmp_path)
    app.project.put(marker(1, 1.0, "HIT door"))
    app.run(BRIDGE)
    app.pass_time(0.2)
    before = snapshot_of(app).timeline.markers[0]
    app.project.put(marker(1, 3.0, "HIT door"))
    app.pass_time(0.2)
    after = snapshot_of(app).timeline.markers[0]
    assert (before.id, before.tick, after.tick) == (after.id, 1920, 5760)


def test_calls_of_reaper_7_that_fail_are_done_without(tmp_path: Path) -> None:
    app = ReaperApp(tmp_path)
    app.project.put(marker(7, 1.0, "HIT door"))
    app.fails = {NEW_MARKER_CALLS[0]: 1}
    app.run(BRIDGE)
    assert [one.id for one in snapshot_of(app).timeline.markers] == ["m7"]


def seconds_until_told(app: ReaperApp) -> float:
    path, began = app.resource / "Hitpoint" / "snapshot.json", app.now
    before = path.read_bytes()
    while path.read_bytes() == before:
        app.pass_time(1 / DEFER_HZ)
        assert app.now - began < 10
    return app.now - began


@pytest.mark.parametrize("counted", [True, False], ids=["an edit", "an edit that REAPER does not count"])
def test_an_edit_is_known_within_half_a_second(tmp_path: Path, counted: bool) -> None:
    app, random, waits = ReaperApp(tmp_path), Random(3), []
    app.run(BRIDGE)
    for number in range(200):
        app.pass_time(random.randrange(1, 60) / DEFER_HZ)
        # At any time between two of REAPER's rounds.
        app.now += random.random() / DEFER_HZ
        before = app.project.changes
        app.project.put(marker(1, float(number + 1), "HIT door"))
        if not counted:
            app.project.changes = before
        waits.append(seconds_until_told(app))
    print(f"edit to snapshot: median {median(waits):.3f} s, longest {max(waits):.3f} s")
    assert max(waits) <= SOON_SECONDS
    assert snapshot_of(app).timeline.markers[0].tick == 200 * 1920


@pytest.mark.slow
def test_a_storm_of_markers_neither_stalls_reaper_nor_is_missed(tmp_path: Path) -> None:
    app = ReaperApp(tmp_path)
    app.project.places = tuple(marker(number, number / 3, f"HIT {number}") for number in range(5000))
    # 25,000 calls a look: as if each look took REAPER 25 ms.
    app.seconds_per_call = 1e-6
    app.run(BRIDGE)
    began, serial, busy = app.now, snapshot_of(app).serial, 0.0
    for number in range(45):
        app.project.places = (marker(0, number / 1000, "HIT 0"), *app.project.places[1:])
        app.project.changes += 1
        app.now += 1 / DEFER_HZ
        before = app.now
        app.tick()
        busy += app.now - before
    looks = snapshot_of(app).serial - serial
    print(f"{looks} looks in {app.now - began:.1f} s, {busy / looks * 1000:.1f} ms each")
    assert busy < 0.25 * (app.now - began), "the hands have REAPER for themselves, most of the time"
    app.project.places = (marker(0, 0.5, "HIT 0"), *app.project.places[1:])
    app.project.changes += 1
    assert seconds_until_told(app) <= SOON_SECONDS


def test_a_project_that_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    app = ReaperApp(tmp_path)
    app.run(BRIDGE)
    app.pass_time(10)
    assert snapshot_of(app).serial == 1
    (tmp_path / "Hitpoint" / "snapshot.json").unlink()
    app.pass_time(SOON_SECONDS)
    assert snapshot_of(app).serial == 2


def test_another_tab_is_told_when_it_is_chosen(tmp_path: Path) -> None:
    app = ReaperApp(tmp_path, ReaperProject("/music/reel 1.RPP"))
    app.run(BRIDGE)
    app.project = ReaperProject("C:\\music\\reel 2.rpp")
    app.pass_time(SOON_SECONDS)
    assert snapshot_of(app).project == "reel 2"


def test_a_second_start_of_the_bridge_only_says_so(tmp_path: Path) -> None:
    app = ReaperApp(tmp_path)
    first = app.run(BRIDGE)
    app.run(BRIDGE)
    assert app.console == ["Hitpoint: the bridge runs already.\n"]
    assert app.scripts == [first]
    app.stop(first)
    app.run(BRIDGE)
    assert len(app.console) == len(app.scripts) == 1
    app.check()


def test_a_project_that_cannot_be_read_is_said_once_and_reaper_goes_on(tmp_path: Path) -> None:
    app = ReaperApp(tmp_path)
    app.run(BRIDGE)
    app.fails = {"EnumProjects": 1}
    app.pass_time(0.2)
    app.fails = {"EnumProjects": 1}
    app.pass_time(0.2)
    app.project.put(marker(1, 1.0, "HIT door"))
    app.pass_time(0.2)
    assert len(app.console) == 1
    assert "cannot look at this project" in app.console[0]
    assert len(snapshot_of(app).timeline.markers) == 1


@pytest.mark.slow
def test_eight_hours_leave_no_memory_behind(tmp_path: Path) -> None:
    app, random = ReaperApp(tmp_path), Random(8)
    script = app.run(BRIDGE)
    held = []
    for hour in range(8):
        for minute in range(60):
            app.project.put(marker(minute % 6, random.uniform(0, 600), f"HIT {hour} {minute}"))
            app.project.steps, app.project.step = app.project.steps[-1:], 0
            app.pass_time(60)
        held.append(script.memory)
    print("KiB after each hour:", [round(one, 1) for one in held])
    assert max(held) - min(held) < 10
    ticks = {one.id: one.tick for one in snapshot_of(app).timeline.markers}
    assert ticks == {place.guid: round(place.time * 1920) for place in app.project.places}
    assert app.console == []


@pytest.mark.parametrize("lua", [lupa.lua53, lupa.lua54], ids=["Lua 5.3", "Lua 5.4"])
@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.lua")), ids=lambda path: path.name)
def test_every_script_compiles(path: Path, lua: Any) -> None:
    compiled = lua.LuaRuntime().globals().loadfile(str(path))
    assert not isinstance(compiled, tuple), compiled


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9).map(lambda one: round(one, 4))
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé\"\\", max_size=4), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(VALUES, st.booleans())
def test_what_is_read_as_json_is_written_as_the_same(value: Any, ascii_only: bool) -> None:
    lua = lupa.lua54.LuaRuntime()
    json_of = lua.globals().dofile(str(SCRIPTS / "hitpoint_json.lua"))
    text = json.dumps([value], ensure_ascii=ascii_only)
    assert json.loads(json_of["encode"](json_of["decode"](text))) == [value]


@pytest.mark.parametrize("text", ["", "[", "[1", '["a', '{"a"}', "{1:2}", "[1]]", '"\\u12"', '"\\ud800"', "nul", "-"])
def test_what_is_no_json_is_an_error(text: str) -> None:
    lua = lupa.lua54.LuaRuntime()
    json_of = lua.globals().dofile(str(SCRIPTS / "hitpoint_json.lua"))
    with pytest.raises(lupa.lua54.LuaError, match="no JSON at byte"):
        json_of["decode"](text)
