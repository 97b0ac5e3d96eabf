import itertools
from time import process_time

import pytest
from hypothesis import given, settings

from fakes.timelines import timelines
from hitpoint.score.cue import Cue
from hitpoint.score.request import LandingKind
from hitpoint.score.spotting import Spotting, spot
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.timeline import Timeline

BAR = 3840


def spotted(*markers: Marker, regions: tuple[Region, ...] = (), direction: str = "") -> Spotting:
    return spot(Timeline(markers=markers, regions=regions), direction)


def only_cue(*markers: Marker, regions: tuple[Region, ...] = (), direction: str = "") -> Cue:
    (cue,) = spotted(*markers, regions=regions, direction=direction).cues
    return cue


def kinds(cue: Cue) -> list[tuple[int, str]]:
    return [(point.tick, point.kind.value) for point in cue.hit_points]


# The grammar of a marker


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("HIT door slams", LandingKind.HIT), ("hit", LandingKind.HIT), ("Hit: door", LandingKind.HIT),
        ("  HIT  x", LandingKind.HIT), ("HIT 扉が閉まる", LandingKind.HIT), ("HIT door, stop", LandingKind.STOP),
        ("HIT ... then silence", LandingKind.STOP), ("HIT reveal, out of silence", LandingKind.HIT),
        ("STOP", LandingKind.STOP), ("stop phone rings", LandingKind.STOP), ("Silence", LandingKind.STOP),
        ("END", LandingKind.END), ("end of scene", LandingKind.END), ("tense, brass", LandingKind.TURN),
        ("140 bpm", LandingKind.TURN), ("E minor", LandingKind.TURN), ("hit-and-run", LandingKind.HIT),
    ],
)  # fmt: skip
def test_a_marker_says_what_the_music_meets(name: str, kind: LandingKind) -> None:
    cue = only_cue(Marker(0, "1m01 calm"), Marker(BAR, name), Marker(9 * BAR, "HIT last"))
    assert cue.hit_points[1].kind is kind if kind is not LandingKind.END else cue.end == BAR
    assert cue.hit_points[1].name == name


@pytest.mark.parametrize("name", ["Hitchcock", "endless", "stopped", "Scene 4", "", "   ", "静かな森", "???", "verse"])
def test_words_that_mean_nothing_are_reported_and_not_met(name: str) -> None:
    found = spotted(Marker(0, "1m01 calm"), Marker(BAR, name))
    assert [(miss.tick, miss.name) for miss in found.unread] == [(BAR, name)]
    assert kinds(found.cues[0]) == [(0, "entrance")]


@pytest.mark.parametrize("number", ["1m01", "1M3", "2m04a", "101m01", "1s01"])
def test_a_cue_number_opens_a_cue_and_names_it(number: str) -> None:
    assert only_cue(Marker(960, f"{number} tense, brass")).name == number
    assert only_cue(Marker(960, f"Main Title {number}")).name == number


def test_a_number_alone_is_a_cue_too() -> None:
    assert only_cue(Marker(0, "3m07")).start == 0


def test_only_a_hit_out_of_silence_is_marked_so() -> None:
    cue = only_cue(Marker(0, "1m01"), Marker(BAR, "HIT a"), Marker(2 * BAR, "HIT b from nothing"))
    assert [point.from_silence for point in cue.hit_points] == [False, False, True]


# Cues


def test_the_first_words_of_direction_open_a_cue_named_after_them() -> None:
    cue = only_cue(Marker(960, "tense, brass"), Marker(BAR, "END"))
    assert (cue.name, cue.start, cue.end) == ("tense, brass", 960, BAR)
    assert kinds(cue) == [(960, "entrance"), (BAR, "end")]


def test_words_of_direction_turn_a_cue_that_plays() -> None:
    cue = only_cue(Marker(0, "1m01 calm, strings, D minor"), Marker(BAR, "tense, brass"))
    turn = cue.hit_points[1].direction
    assert turn is not None
    assert (turn.instruments, str(turn.key)) == (("brass",), "D minor")


def test_another_number_ends_the_cue_before_without_a_last_chord() -> None:
    first, second = spotted(Marker(0, "1m01 calm"), Marker(BAR, "1m02 tense")).cues
    assert (first.end, kinds(first)) == (None, [(0, "entrance")])
    assert second.start == BAR


def test_a_cue_that_nothing_ends_has_no_end() -> None:
    assert only_cue(Marker(0, "1m01 calm")).end is None


def test_a_stop_that_nothing_follows_ends_its_cue() -> None:
    assert only_cue(Marker(0, "1m01 calm"), Marker(BAR, "STOP")).end == BAR
    assert only_cue(Marker(0, "1m01 calm"), Marker(BAR, "STOP"), Marker(2 * BAR, "HIT x")).end is None


def test_tempo_and_metre_words_are_kept_but_the_host_leads() -> None:
    timeline = Timeline(markers=(Marker(0, "1m01 calm, 96 bpm, 6/8"),))
    assert spot(timeline).cues[0].direction.tempo_bpm == 96
    assert timeline.tempo_map.bpm_at(0) == 120


def test_what_comes_after_an_end_has_no_cue() -> None:
    found = spotted(Marker(0, "1m01 calm"), Marker(BAR, "END"), Marker(2 * BAR, "HIT late"), Marker(3 * BAR, "END"))
    assert len(found.cues) == 1
    assert [miss.name for miss in found.unread] == ["HIT late", "END"]
    assert "no cue" in found.unread[0].reason


def test_words_of_direction_after_an_end_open_the_next_cue() -> None:
    first, second = spotted(Marker(0, "1m01 calm"), Marker(BAR, "END"), Marker(2 * BAR, "tense")).cues
    assert (first.name, second.name, second.start) == ("1m01", "tense", 2 * BAR)


# Where no marker says anything


def test_a_hit_before_any_cue_belongs_to_the_sessions_direction() -> None:
    cue = only_cue(Marker(BAR, "HIT door"), direction="calm, strings")
    assert (cue.name, cue.start) == ("calm, strings", 0)
    assert kinds(cue) == [(0, "entrance"), (BAR, "hit")]


def test_a_hit_before_any_cue_and_without_direction_is_not_met() -> None:
    found = spotted(Marker(BAR, "HIT door"))
    assert found.cues == ()
    assert found.unread[0].name == "HIT door"


def test_the_direction_gives_way_to_a_numbered_cue_and_fills_what_it_leaves_unsaid() -> None:
    first, second = spotted(Marker(BAR, "1m01 tense"), direction="calm, brass, D minor").cues
    assert (first.start, second.start) == (0, BAR)
    assert (second.direction.instruments, str(second.direction.key)) == (("brass",), "D minor")


def test_a_cue_at_the_start_leaves_the_direction_no_place() -> None:
    found = spotted(Marker(0, "1m01 tense"), direction="calm")
    assert [cue.name for cue in found.cues] == ["1m01"]
    assert found.unread == ()


def test_an_empty_timeline_asks_for_nothing() -> None:
    assert spotted() == Spotting()
    assert spotted(direction="   ") == Spotting()


# Regions


def test_a_region_is_a_cue_from_its_start_to_its_end() -> None:
    cue = only_cue(regions=(Region(BAR, 5 * BAR, "1m03 tense, orchestral"),))
    assert (cue.name, cue.start, cue.end) == ("1m03", BAR, 5 * BAR)
    assert kinds(cue) == [(BAR, "entrance"), (5 * BAR, "end")]


def test_markers_inside_a_region_belong_to_it() -> None:
    cue = only_cue(Marker(2 * BAR, "HIT x"), Marker(3 * BAR, "calm"), regions=(Region(BAR, 5 * BAR, "tense"),))
    assert [kind for _, kind in kinds(cue)] == ["entrance", "hit", "turn", "end"]


def test_regions_that_touch_follow_each_other() -> None:
    first, second = spotted(regions=(Region(0, BAR, "calm"), Region(BAR, 2 * BAR, "tense"))).cues
    assert (first.end, second.start, second.end) == (BAR, BAR, 2 * BAR)


def test_a_region_cut_off_by_another_loses_its_end() -> None:
    found = spotted(regions=(Region(0, 4 * BAR, "calm"), Region(2 * BAR, 6 * BAR, "tense")))
    first, second = found.cues
    assert (first.end, second.end) == (None, 6 * BAR)
    assert "cut" in found.unread[0].reason


def test_a_region_of_no_length_has_no_end() -> None:
    assert only_cue(regions=(Region(BAR, BAR, "tense"),)).end is None


def test_a_region_without_meaning_is_reported_once() -> None:
    assert len(spotted(regions=(Region(0, BAR, "Verse"),)).unread) == 1


# One tick


def test_an_end_and_an_entrance_on_one_tick_are_the_end_of_one_and_the_entrance_of_the_other() -> None:
    for markers in ((Marker(BAR, "END"), Marker(BAR, "1m02 tense")), (Marker(BAR, "1m02 tense"), Marker(BAR, "END"))):
        first, second = spotted(Marker(0, "1m01 calm"), *markers).cues
        assert (first.end, second.start, second.end) == (BAR, BAR, None)


def test_a_turn_and_a_hit_on_one_tick_both_count() -> None:
    cue = only_cue(Marker(0, "1m01 calm"), Marker(BAR, "HIT x"), Marker(BAR, "tense, brass"))
    assert [kind for _, kind in kinds(cue)] == ["entrance", "turn", "hit"]


def test_of_two_cues_on_one_tick_the_last_plays() -> None:
    found = spotted(Marker(0, "1m01 calm"), Marker(0, "1m02 tense"))
    assert [cue.name for cue in found.cues] == ["1m02"]
    assert [miss.name for miss in found.unread] == ["1m01 calm"]


def test_a_marker_before_the_start_is_reported() -> None:
    assert "before the timeline" in spotted(Marker(-10, "1m01 calm")).unread[0].reason


# Everything


@settings(deadline=None)
@given(timelines)
def test_every_marker_is_met_or_reported(timeline: Timeline) -> None:
    found = spot(timeline, "calm")
    met = {(point.tick, point.name) for cue in found.cues for point in cue.hit_points}
    missed = {(miss.tick, miss.name) for miss in found.unread}
    assert {(marker.tick, marker.name) for marker in timeline.markers} <= met | missed


@settings(deadline=None)
@given(timelines)
def test_cues_are_in_order_and_do_not_overlap(timeline: Timeline) -> None:
    cues = spot(timeline, "calm").cues
    for cue, following in itertools.pairwise(cues):
        assert cue.start < following.start
        assert cue.end is None or cue.end <= following.start
    for cue in cues:
        ticks = [point.tick for point in cue.hit_points]
        assert ticks == sorted(ticks)
        assert ticks[0] == cue.start
        assert cue.hit_points[0].kind is LandingKind.ENTRANCE
        assert cue.end is None or ticks[-1] == cue.end


def test_five_thousand_markers_are_spotted_in_a_moment() -> None:
    names = ("HIT a", "tense, brass", "calm %d", "END", "1m02 sad %d")
    markers = tuple(Marker(place * 700, names[place % 5].replace("%d", str(place))) for place in range(5000))
    started = process_time()
    assert len(spotted(*markers).cues) > 1000
    assert process_time() - started < 3


def test_a_marker_with_a_whole_novel_in_it_is_reported() -> None:
    assert len(spotted(Marker(0, "tense " * 5000)).unread) == 1
