"""What Hitpoint hears of a set: the unmodified remote script in a fake Live, over a fake loopback in virtual time."""

from random import Random
from statistics import median

import pytest

from fakes.datagrams import Network
from fakes.live_app import MISSING, LiveApp, Song
from fakes.live_stage import Stage
from hitpoint.hosts.host_snapshot import HostSnapshot, tick_of

NAMES = ("Übergang", "静か", "هجوم", "", "a\nb", '"\\', "😀" * 50, "Hit: boom @ai mood=dark", "\0")


def is_told_as_it_is(told: HostSnapshot, song: Song) -> None:
    """A set equals what was told of it."""
    cues = sorted((tick_of(cue.time), cue.name) for cue in song.cue_points)
    assert sorted((marker.tick, marker.name) for marker in told.timeline.markers) == cues
    ticks = [marker.tick for marker in told.timeline.markers]
    assert ticks == sorted(ticks)
    assert told.timeline.tempo_map.points[0].bpm == song.tempo
    meter = told.timeline.meter_map.changes[0].meter
    assert (meter.numerator, meter.denominator) == (song.signature_numerator, song.signature_denominator)
    assert (told.loop is not None) == song.loop
    if told.loop is not None:
        assert told.loop.start == tick_of(song.loop_start)
        assert told.loop.end == tick_of(song.loop_start + song.loop_length)
    assert told.project == song.name
    assert told.timeline.regions == ()


def edit(song: Song, random: Random) -> None:
    """One thing that a person does to a set."""
    cues = song.cue_points
    match random.randrange(8):
        case 0 | 1:
            song._new_cue(random.randrange(0, 4000) / 7, random.choice(NAMES))
        case 2 if cues:
            song._delete_cue(random.choice(cues))
        case 3 if cues:
            random.choice(cues).time = random.uniform(0, 500)
        case 4 if cues:
            random.choice(cues).name = random.choice(NAMES)
        case 5:
            song.tempo = random.uniform(20, 999)
        case 6:
            song.signature_numerator = random.randrange(1, 17)
            song.signature_denominator = random.choice([1, 2, 4, 8, 16])
        case _:
            song.loop = random.random() < 0.5
            song.loop_start, song.loop_length = random.uniform(0, 99), random.uniform(1, 99)


@pytest.mark.parametrize("missing", [(), ("_live_ptr",), ("Base",)], ids=["all", "no numbers", "no timer"])
@pytest.mark.parametrize("version", MISSING)
def test_a_set_is_told_as_it_is_whatever_is_done_to_it(version: tuple[int, int], missing: tuple[str, ...]) -> None:
    random = Random(5)
    stage = Stage(Network(2, lost=0.05, doubled=0.05, late=0.03), LiveApp(version, missing))
    for _ in range(150):
        for _ in range(random.randrange(1, 4)):
            edit(stage.song, random)
        stage.app.advance(random.choice([0.0, 0.01, 0.06, 0.2]))
        if random.random() < 0.1:
            stage.app.advance(2.0)
            is_told_as_it_is(stage.project, stage.song)
    stage.app.advance(2.0)
    is_told_as_it_is(stage.project, stage.song)
    stage.check()


@pytest.mark.parametrize("missing", [(), ("_live_ptr",)], ids=["numbered", "not numbered"])
def test_a_marker_that_is_dragged_or_renamed_keeps_its_id(missing: tuple[str, ...]) -> None:
    stage = Stage(app=LiveApp(missing=missing))
    first, second = stage.song._new_cue(32.0, "late"), stage.song._new_cue(4.0, "early")
    stage.app.advance(0.2)
    early, late = stage.project.timeline.markers
    first.time = 1.0
    stage.app.advance(0.2)
    assert [(marker.id, marker.name) for marker in stage.project.timeline.markers] == [
        (late.id, "late"),
        (early.id, "early"),
    ]
    second.name = "now called so"
    stage.app.advance(0.2)
    assert [marker.id for marker in stage.project.timeline.markers] == [late.id, early.id]
    third = stage.song._new_cue(9.0, "another")
    stage.app.advance(0.2)
    assert len({marker.id for marker in stage.project.timeline.markers}) == 3
    stage.song._delete_cue(third)
    stage.app.advance(0.2)
    assert [marker.id for marker in stage.project.timeline.markers] == [late.id, early.id]


@pytest.mark.parametrize("lost", [0, 1], ids=["nothing lost", "one packet lost"])
def test_a_marker_edit_is_heard_within_three_tenths_of_a_second(lost: int, capsys: pytest.CaptureFixture[str]) -> None:
    stage, random, took = Stage(Network(4, late=0.002)), Random(6), []
    cues = [stage.song._new_cue(float(number), f"m{number}") for number in range(30)]
    stage.app.advance(3.0)
    for number in range(300):
        stage.app.advance(random.uniform(0.3, 1.0))
        cue, wanted = random.choice(cues), 1000.0 + number
        cue.time = wanted
        edited, before = stage.app.monotonic(), len(stage.snapshots)
        # The packet that is lost is the snapshot's, and not one that says that Hitpoint or the playhead is there.
        stage.network.lose_kind, stage.network.lose_next = b"piece", lost
        stage.app.advance(0.6)
        at = next(
            at
            for at, told in stage.snapshots[before:]
            if tick_of(wanted) in [marker.tick for marker in told.timeline.markers]
        )
        took.append(at - edited)
    with capsys.disabled():
        print(f"\nmarker edit heard, {lost} lost: p50 {median(took):.3f} s, max {max(took):.3f} s, n {len(took)}")
    assert max(took) <= 0.3
    stage.check()


def test_a_drag_is_followed_all_the_way_and_not_more_often_than_it_need_be() -> None:
    stage = Stage()
    cue = stage.song._new_cue(0.0, "dragged")
    stage.app.advance(1.0)
    before = len(stage.snapshots)
    for step in range(1, 201):
        cue.time = step / 10
        stage.app.advance(0.01)
    assert 30 <= len(stage.snapshots) - before <= 41
    stage.app.advance(0.1)
    assert stage.project.timeline.markers[0].tick == tick_of(20.0)


def test_a_set_in_which_nothing_happens_is_told_every_five_seconds() -> None:
    stage = Stage()
    stage.app.advance(60.0)
    assert 11 <= len(stage.snapshots) <= 13
    serials = [told.serial for _, told in stage.snapshots]
    assert serials == sorted(set(serials))


def test_a_name_that_live_does_not_tell_of_is_heard_within_five_seconds() -> None:
    stage = Stage()
    stage.app.advance(1.0)
    stage.song._values["name"] = "Finale v3"
    stage.app.advance(5.1)
    assert stage.project.project == "Finale v3"


def test_five_thousand_locators_come_whole_and_one_that_is_moved_is_heard_in_time() -> None:
    stage = Stage(Network(1, lost=0.02))
    for number in range(5000):
        stage.song._new_cue(number * 0.5, f"静か {number}")
    stage.app.advance(4.0)
    is_told_as_it_is(stage.project, stage.song)
    stage.network.lost = 0.0
    stage.app.advance(6.0)
    stage.song.cue_points[2500].time = 9999.0
    stage.app.advance(0.3)
    assert stage.project.timeline.markers[-1].tick == tick_of(9999.0)
    stage.check()


def test_another_set_is_followed_and_the_old_one_let_go() -> None:
    stage = Stage()
    old = stage.song
    old._new_cue(4.0, "old")
    stage.app.advance(0.5)
    stage.app.open_set(Song(stage.app, tracks=0))
    stage.song._new_cue(8.0, "new")
    stage.app.advance(0.5)
    is_told_as_it_is(stage.project, stage.song)
    assert not any(old._told.values())
    assert not any(old.cue_points[0]._told.values())
    stage.check()


def test_a_hitpoint_that_starts_later_or_anew_has_the_project_within_a_second_and_a_half() -> None:
    stage = Stage()
    stage.song._new_cue(4.0, "there")
    stage.stop_daemon()
    stage.app.advance(20.0)
    for _ in range(3):
        stage.snapshots.clear()
        stage.start_daemon()
        stage.app.advance(0.2)
        assert stage.project.timeline.markers[0].name == "there"


def test_nobody_is_pestered_while_there_is_no_hitpoint() -> None:
    stage = Stage()
    for number in range(5000):
        stage.song._new_cue(float(number), "many")
    stage.stop_daemon()
    stage.app.advance(10.0)
    before = stage.network.sent
    stage.app.advance(60.0)
    # Every five seconds the set, once, and twice a second where the playhead is.
    pieces = (stage.network.sent - before - 120) / 12
    assert 50 < pieces < 150


def test_the_playhead_is_told_ten_times_a_second_and_at_once_when_it_starts_or_stops() -> None:
    stage = Stage()
    stage.app.advance(2.0)
    stage.positions.clear()
    stage.song.is_playing = True
    stage.app.advance(0.02)
    assert [position.rolling for position in stage.positions] == [True]
    stage.app.advance(10.0)
    assert 95 <= len(stage.positions) <= 105
    for position in stage.positions:
        # At 120 quarters a minute it is where its clock says, to within a step.
        assert abs(position.quarter - (position.host_at - 2.0) * 2) < 0.05
        assert 0 <= position.received_at - position.host_at <= 0.02
    stage.song.is_playing = False
    stage.app.advance(0.02)
    assert not stage.positions[-1].rolling
    stage.positions.clear()
    stage.app.advance(10.0)
    assert 19 <= len(stage.positions) <= 21


def test_lives_own_tick_is_enough_where_it_has_no_timer() -> None:
    stage = Stage(app=LiveApp(missing=["Base"]))
    stage.app.advance(0.5)
    cue = stage.song._new_cue(4.0, "slow")
    stage.app.advance(0.12)
    assert stage.project.timeline.markers[0].name == "slow"
    cue.time = 5.0
    stage.song.is_playing = True
    stage.app.advance(0.12)
    assert stage.positions[-1].rolling
    assert stage.project.timeline.markers[0].tick == tick_of(5.0)


def test_a_live_that_stands_still_for_three_seconds_catches_up_at_once() -> None:
    stage = Stage()
    stage.song.is_playing = True
    stage.app.advance(1.0)
    for _ in range(5):
        stage.app.stall(3.0)
        stage.song._new_cue(4.0, "while it stood")
        stage.app.advance(2.9)
        known = len(stage.project.timeline.markers)
        stage.app.advance(0.3)
        assert len(stage.project.timeline.markers) == known + 1
        assert 0 <= stage.positions[-1].received_at - stage.positions[-1].host_at <= 0.02
    stage.check()
