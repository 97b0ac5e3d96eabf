from random import Random
from statistics import median, quantiles

import pytest

from fakes.packets import NUMBERS, TEXTS
from fakes.reaper_marks import Mark, Project
from fakes.reaper_osc_stage import LIKE_DEFAULT, OscStage
from hitpoint.hosts.reaper_bank import BANK_SLOTS
from hitpoint.hosts.reaper_osc import GONE_SECONDS, REFRESH, REFRESH_SECONDS, ReaperOsc
from hitpoint.scheduler.position_follower import PositionFollower
from hitpoint.timeline.meter import Meter
from hitpoint.timeline.units import FrameRate

FRAME = 1 / 24
NAMES = ("tense, brass", "", "静かな森", "شروع", "Пролог", "Ουβερτούρα", "🎬 take", "a\nb", "HIT door")


def marks(random: Random, markers: int, regions: int, until: float = 600.0) -> list[Mark]:
    """As many, with names in any script, numbered in no order."""
    numbers = random.sample(range(1, 1000), markers + regions)
    found = [Mark(number, random.choice(NAMES), random.uniform(0, until)) for number in numbers[:markers]]
    for number in numbers[markers:]:
        start = random.uniform(0, until)
        found.append(Mark(number, random.choice(NAMES), start, start + random.uniform(1, 30)))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_markers_and_regions_land_within_a_frame_though_datagrams_are_lost(seed: int) -> None:
    random = Random(seed)
    stage = OscStage(seed=seed, lost=0.05)
    stage.reaper.project.tempi = [(0.0, random.uniform(50.0, 200.0))]
    for _ in range(3):
        stage.reaper.edit(*marks(random, random.randrange(60), random.randrange(20)))
        stage.advance(2 * REFRESH_SECONDS + 5.0)
        assert max(stage.off_by(), default=0.0) <= FRAME


def test_seconds_are_as_exact_as_a_float32_and_a_tick(capsys: pytest.CaptureFixture[str]) -> None:
    stage, random = OscStage(), Random(1)
    stage.reaper.edit(*marks(random, 100, 50, 7200.0))
    stage.advance(2.0)
    errors = stage.off_by()
    tick = 60 / 120 / 960
    assert max(errors) <= tick / 2 + 2 * 7200 * 2**-24
    with capsys.disabled():
        print(f"\nREAPER by OSC alone: markers over 2 h off by p50 {median(errors) * 1e3:.3f} ms,"
              f" max {max(errors) * 1e3:.3f} ms")  # fmt: skip


def test_a_change_is_told_once_within_half_a_second_and_never_by_halves(capsys: pytest.CaptureFixture[str]) -> None:
    stage, random = OscStage(), Random(2)
    stage.reaper.edit(*marks(random, 30, 10))
    stage.advance(2.0)
    took = []
    for _ in range(40):
        kept = list(stage.reaper.project.marks)
        random.shuffle(kept)
        # One more, one less, one renamed, and all that come after shift their slots.
        kept[1].name, moved = random.choice(NAMES), kept[2]
        moved.time += 25.0
        moved.end = None if moved.end is None else moved.end + 25.0
        before = stage.timeline
        stage.reaper.edit(*kept[1:], Mark(1000 + len(took), "new", random.uniform(0, 600)))
        seen = []
        for step in range(100):
            stage.advance(0.01)
            if stage.timeline is not (seen[-1] if seen else before):
                seen.append(stage.timeline)
                took.append(step / 100)
        assert len(seen) == 1
        stage.off_by()
    assert max(took) <= 0.5
    with capsys.disabled():
        print(f"\nREAPER by OSC alone: a marker edit is told after p50 {median(took):.2f} s, max {max(took):.2f} s")


def test_a_change_is_held_back_while_what_was_lost_of_it_leaves_a_contradiction() -> None:
    # Without its last datagram there is none, and what is wrong is righted by the next refresh.
    for lost_at in range(1, 8):
        stage = OscStage(seed=lost_at)
        many = [Mark(number, f"marker {number}", 10.0 * number) for number in range(1, 100)]
        stage.reaper.edit(*many)
        stage.advance(2.0)
        old = stage.timeline
        stage.reaper.edit(Mark(500, "first", 1.0), *many)
        for step in range(300):
            stage.reaper.lost = float(step == lost_at)
            stage.advance(0.01)
            told = stage.timeline
            assert told is not None
            assert told is old or [marker.id for marker in told.markers] == ["500", *map(str, range(1, 100))]
        assert told is not old


def test_a_change_that_was_lost_while_it_plays_is_known_in_the_end() -> None:
    stage = OscStage()
    stage.reaper.play()
    stage.advance(2.0)
    stage.reaper.lost = 1.0
    stage.reaper.edit(Mark(1, "lost", 5.0))
    stage.advance(0.2)
    stage.reaper.lost = 0.0
    stage.advance(REFRESH_SECONDS + 1.0)
    assert stage.told[-1].rolling
    assert max(stage.off_by()) <= FRAME


def test_a_marker_that_is_dragged_over_another_keeps_its_id() -> None:
    stage = OscStage()
    dragged = Mark(7, "dragged", 10.0)
    stage.reaper.edit(Mark(3, "stays", 20.0), dragged)
    stage.advance(1.0)
    dragged.time = 30.0
    stage.reaper.edit(*stage.reaper.project.marks)
    stage.advance(1.0)
    assert stage.timeline is not None
    assert [(marker.id, marker.name) for marker in stage.timeline.markers] == [("3", "stays"), ("7", "dragged")]
    stage.off_by()


def test_a_slot_that_is_filled_again_at_the_same_time_is_known_though_no_time_is_told() -> None:
    stage = OscStage()
    first, last = Mark(1, "first", 1.0), Mark(2, "last", 9.0)
    # So that it is not asked again for its place, and tells all.
    stage.reaper.seek(5.0)
    stage.reaper.edit(first, last)
    stage.advance(1.0)
    stage.reaper.edit(first)
    stage.advance(1.0)
    assert stage.timeline is not None
    assert [marker.id for marker in stage.timeline.markers] == ["1"]
    sent = len(stage.packets)
    stage.reaper.edit(first, Mark(5, "again", 9.0))
    stage.advance(1.0)
    assert not any(b"/marker/2/time" in data for _, data in stage.packets[sent:])
    assert max(stage.off_by()) <= FRAME


def test_two_markers_of_one_number_are_told_in_the_end() -> None:
    stage = OscStage()
    stage.reaper.edit(Mark(4, "one", 1.0), Mark(4, "other", 2.0))
    stage.advance(6.0)
    assert stage.timeline is not None
    assert [marker.name for marker in stage.timeline.markers] == ["one", "other"]


def test_positions_are_never_later_than_the_truth_and_say_whether_it_rolls() -> None:
    stage, random = OscStage(seed=3), Random(3)
    reaper = stage.reaper
    stage.advance(1.0)
    for _ in range(60):
        match random.randrange(5):
            case 0 if not reaper.playing:
                reaper.seek(random.uniform(0, 3000))
                stage.advance(0.3)
                reaper.play()
            case 1:
                reaper.pause()
            case 2:
                reaper.stop()
            case 3 if not reaper.playing:
                reaper.record()
            case _:
                pass
        stage.advance(random.uniform(0.3, 3.0))
    rolling = [
        (told, place) for told, (place, plays) in zip(stage.told, stage.truth, strict=True) if told.rolling and plays
    ]
    late = [place - told.seconds for told, place in rolling]
    assert len(rolling) > 200
    assert min(late) >= -3000 * 2**-24
    assert max(late) <= 0.2
    # Each word about rolling that is not of the same moment agrees, but for the datagram that is on its way.
    wrong = [told for told, (_, plays) in zip(stage.told, stage.truth, strict=True) if told.rolling is not plays]
    assert len(wrong) <= 10


def test_a_reaper_that_stands_at_the_beginning_is_known_to_though_it_does_not_say_so() -> None:
    stage = OscStage()
    stage.advance(8.0)
    assert [(one.seconds, one.rolling) for one in stage.told] == [(0.0, False)]
    stage.reaper.seek(50.0)
    stage.advance(60.0)
    assert stage.told[-1].seconds == 50.0
    stage.reaper.load(Project())
    stage.advance(8.0)
    assert (stage.told[-1].seconds, stage.told[-1].rolling) == (0.0, False)


def test_where_it_stands_is_not_lost_with_a_datagram() -> None:
    stage = OscStage(seed=12)
    stage.reaper.seek(50.0)
    stage.advance(6.0)
    stage.reaper.lost = 0.05
    for _ in range(10):
        stage.advance(60.0)
        assert stage.told[-1].seconds == 50.0


def test_positions_are_good_enough_to_follow_by(capsys: pytest.CaptureFixture[str]) -> None:
    begins, goes_on = list[float](), list[float]()
    for seed in range(10):
        stage, follower, heard = OscStage(seed=seed, lost=0.02), PositionFollower(delayed=True), 0
        stage.advance(1.0 + seed / 100)
        stage.reaper.play()
        for step in range(4500):
            stage.advance(0.01)
            for told in stage.told[heard:]:
                follower.hear(told.seconds, told.at, told.rolling)
            heard, now = len(stage.told), stage.reaper.now
            if follower.line is not None:
                error = 1000 * abs(follower.line.seconds_at(now) - stage.reaper.position)
                (begins if step < 500 else goes_on).append(error)
    assert len(goes_on) == 10 * 4000
    assert median(goes_on) <= 1000 * FRAME / 4
    assert max(goes_on) <= 1000 * FRAME
    with capsys.disabled():
        parts = [f"p50 {median(some):.1f} ms, p99 {quantiles(some, n=100)[98]:.1f} ms, max {max(some):.1f} ms" for some
                 in (begins, goes_on)]  # fmt: skip
        print(f"\nREAPER's OSC positions, followed: off by {parts[0]} in the first 5 s; then {parts[1]}")


def test_a_pause_and_a_stop_are_told_at_once_as_standing() -> None:
    stage = OscStage()
    for halt in (stage.reaper.pause, stage.reaper.stop):
        stage.reaper.play()
        stage.advance(2.0)
        assert stage.told[-1].rolling
        halt()
        told, sent = len(stage.told), len(stage.packets)
        stage.advance(0.3)
        comes = next(at for at, data in stage.packets[sent:] if b"/stop" in data)
        stands = next(one for one in stage.told[told:] if not one.rolling)
        assert stands.at == comes
        assert stands.seconds == pytest.approx(stage.reaper.position, abs=0.15)


def test_that_it_plays_is_found_out_though_the_word_was_lost() -> None:
    stage = OscStage()
    stage.advance(1.0)
    stage.reaper.lost = 1.0
    stage.reaper.play()
    stage.advance(0.2)
    stage.reaper.lost = 0.0
    stage.advance(2.0)
    assert stage.told[-1].rolling


def test_a_tempo_map_puts_markers_right_in_seconds_though_not_in_bars() -> None:
    stage = OscStage()
    stage.reaper.project.tempi = [(0.0, 60.0), (10.0, 150.0)]
    stage.reaper.edit(Mark(1, "a", 5.0), Mark(2, "b", 25.0))
    stage.advance(2.0)
    assert max(stage.off_by()) <= FRAME
    stage.reaper.seek(9.0)
    stage.reaper.play()
    stage.advance(3.0)
    assert stage.timeline is not None
    assert stage.timeline.tempo_map.points[0].bpm == 150.0
    assert max(stage.off_by()) <= FRAME


def test_the_metre_is_four_four_unless_it_is_known() -> None:
    for meter in (None, Meter(7, 8)):
        osc = ReaperOsc(FrameRate.named("24"), meter)
        osc.heard("/tempo/raw", (90.0,), 0.0)
        told = osc.timeline(10.0)
        assert told is not None
        assert told.meter_map.changes[0].meter == (meter or Meter(4, 4))


def test_the_loop_is_told_while_repeat_is_on() -> None:
    stage = OscStage()
    stage.reaper.project.loop = (8.0, 12.0)
    stage.advance(1.0)
    assert stage.osc.loop is None
    stage.reaper.set_repeat(True)
    stage.advance(0.2)
    assert stage.osc.loop is not None
    assert (stage.osc.loop.start, stage.osc.loop.end) == (8 * 2 * 960, 12 * 2 * 960)
    stage.reaper.project.loop = (0.0, 0.0)
    stage.advance(0.2)
    assert stage.osc.loop is None


def test_one_who_comes_late_asks_and_is_told_all() -> None:
    stage, random = OscStage(), Random(5)
    stage.heard = False
    stage.reaper.edit(*marks(random, 20, 5))
    stage.advance(30.0)
    stage.heard = True
    stage.advance(1.0)
    assert stage.asked[0][1] == REFRESH
    assert max(stage.off_by()) <= FRAME


def test_another_project_is_followed_and_nothing_of_the_first_is_left() -> None:
    stage, random = OscStage(), Random(6)
    stage.reaper.edit(*marks(random, 90, 30))
    stage.reaper.play()
    stage.advance(4.0)
    stage.reaper.load(Project(marks(random, 5, 2), [(0.0, 77.0)], cursor=3.0))
    stage.advance(2.0)
    assert len(stage.off_by()) == 9
    assert max(stage.off_by()) <= FRAME
    assert not stage.told[-1].rolling
    assert stage.told[-1].seconds == 3.0
    # Nobody had asked for all that it told: part of it may have been lost.
    assert [address for at, address in stage.asked if at > 4.0] == [REFRESH]


@pytest.mark.parametrize("away", [0.5, 30.0])
def test_a_reaper_that_is_started_again_is_followed_again(away: float) -> None:
    stage, random = OscStage(seed=7), Random(7)
    stage.reaper.edit(*marks(random, 40, 10))
    stage.reaper.play()
    stage.advance(3.0)
    stage.reaper.quit()
    stage.advance(away)
    assert stage.osc.is_there(stage.reaper.now) is (away < GONE_SECONDS)
    stage.reaper.project = Project(marks(random, 3, 1), [(0.0, 99.0)])
    stage.reaper.start()
    asked = len(stage.asked)
    stage.advance(3.0)
    assert REFRESH in [address for _, address in stage.asked[asked:]]
    assert len(stage.off_by()) == 5
    assert max(stage.off_by()) <= FRAME


def test_of_five_thousand_markers_as_many_are_told_as_a_bank_holds_and_it_is_known_that_there_may_be_more() -> None:
    stage = OscStage()
    stage.reaper.edit(*(Mark(number, f"m{number}", number / 2) for number in range(1, 5001)))
    stage.advance(2.0)
    timeline = stage.timeline
    assert timeline is not None
    assert [marker.id for marker in timeline.markers] == [str(number) for number in range(1, BANK_SLOTS + 1)]
    assert stage.osc.may_have_more
    stage.reaper.edit(Mark(1, "only", 1.0))
    stage.advance(1.0)
    assert not stage.osc.may_have_more


def test_a_storm_of_markers_ends_in_the_right_ones() -> None:
    stage, random = OscStage(seed=8, lost=0.05), Random(8)
    for _ in range(100):
        stage.reaper.edit(*marks(random, random.randrange(120), random.randrange(120)))
        stage.advance(0.03)
    stage.advance(2 * REFRESH_SECONDS + 20.0)
    assert max(stage.off_by(), default=0.0) <= FRAME


def test_datagrams_that_overtake_each_other_are_put_right() -> None:
    stage, random = OscStage(seed=9), Random(9)
    stage.reaper.overtaken = 0.2
    for _ in range(5):
        stage.reaper.edit(*marks(random, 100, 100))
        stage.advance(0.1)
    stage.advance(2 * REFRESH_SECONDS + 5.0)
    assert max(stage.off_by(), default=0.0) <= FRAME


def test_reapers_own_patterns_serve_once_banks_are_asked_for() -> None:
    stage, random = OscStage(LIKE_DEFAULT), Random(10)
    stage.reaper.edit(*marks(random, 30, 10))
    stage.advance(2.0)
    assert max(stage.off_by()) <= FRAME
    stage.reaper.quit()
    stage.advance(1.0)
    stage.reaper.start()
    stage.advance(REFRESH_SECONDS)
    stage.reaper.edit(*marks(random, 10, 3))
    stage.advance(2.0)
    assert max(stage.off_by()) <= FRAME


def test_hitpoints_own_patterns_need_no_counts() -> None:
    stage = OscStage()
    stage.advance(60.0)
    assert {address for _, address in stage.asked} == {REFRESH}


def test_a_reaper_at_rest_is_asked_now_and_then_and_one_that_is_not_there_once_a_second() -> None:
    stage = OscStage()
    stage.advance(60.0)
    assert 8 <= len(stage.asked) <= 13
    absent = OscStage(starts=False)
    absent.advance(60.0)
    assert 55 <= len(absent.asked) <= 60
    assert absent.timeline is None
    assert not absent.osc.is_there(60.0)


ADDRESSES = (
    "/time", "/play", "/stop", "/pause", "/tempo/raw", "/repeat", "/loop/start/time", "/loop/end/time",
    "/lastmarker/number/str", "/marker/1/name", "/marker/1/number/str", "/marker/1/time", "/region/2/length",
    "/region/999999/time", "/marker/0/name", "/marker/x/name", "", "/", "/track/1/name", "/marker/1/number/str/x",
)  # fmt: skip


def test_wild_input_is_counted_and_never_raises() -> None:
    random, osc = Random(11), ReaperOsc(FrameRate.named("24"))
    given: list[object] = [*NUMBERS, *TEXTS, None, True, b"blob", 10**400, [], "\ud800", "١", "-3", 3.5, "7"]
    for step in range(20_000):
        arguments = [random.choice(given) for _ in range(random.randrange(3))]
        osc.heard(random.choice(ADDRESSES), arguments, step / 100)
        assert list(osc.messages(step / 100)) is not None
        osc.timeline(step / 100)
        assert osc.loop is None or osc.loop.end > osc.loop.start
        list(osc.positions())
    assert osc.wild > 1000


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/time", ()), ("/time", ("1",)), ("/time", (float("nan"),)), ("/time", (True,)), ("/tempo/raw", (0.0,)),
        ("/tempo/raw", (1e300,)), ("/marker/1/number/str", ("one",)), ("/marker/1/number/str", (1,)),
        ("/marker/1/name", ("x" * 2000,)), ("/marker/1/time", (1e9,)), ("/play", (None,)),
    ],
)  # fmt: skip
def test_what_makes_no_sense_changes_nothing(address: str, arguments: tuple[object, ...]) -> None:
    stage = OscStage()
    stage.reaper.edit(Mark(1, "one", 1.0))
    stage.advance(2.0)
    before, places = stage.timeline, len(stage.told)
    stage.osc.heard(address, arguments, stage.reaper.now)
    assert stage.osc.wild == 1
    stage.advance(0.5)
    assert stage.timeline == before
    assert len(stage.told) == places
