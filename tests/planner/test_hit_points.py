"""What a bar must meet: entrances, hits, turns, stops and ends, who strikes them, and what gives way to them."""

from fakes.planned import BAR, CUE, intensities, planned, session_of
from hitpoint.planner.ensemble import ensemble_of
from hitpoint.planner.plan import plan_bar
from hitpoint.score.controls import Key
from hitpoint.score.request import LandingKind
from hitpoint.timeline.marker import Marker


def test_an_entrance_brings_the_parts_in_together_and_nothing_before() -> None:
    plan = planned(session_of(Marker(BAR + 960, "1m01 tense, brass")), 1)
    (landing,) = plan.landings
    assert plan_bar(session_of(Marker(BAR + 960, "1m01 tense, brass")), 0) is None
    assert landing.kind is LandingKind.ENTRANCE
    assert plan.first_tick == BAR + 960
    assert len(landing.parts) >= 2


def test_a_hit_is_struck_by_all_parts_of_the_cue() -> None:
    session = session_of(Marker(0, "1m01 calm, orchestra"), Marker(8 * BAR + 100, "HIT door slams"))
    (landing,) = planned(session, 8).landings
    assert landing.parts == {part.name for part in ensemble_of(session)}
    assert landing.velocity == (114, 127)


def test_parts_that_only_strike_a_hit_are_out_before_and_after() -> None:
    session = session_of(Marker(0, "1m01 calm, orchestra"), Marker(8 * BAR, "HIT door slams"))
    plan = planned(session, 8)
    only = {name for name, first, last in plan.spans if first == last == 8 * BAR}
    assert "timpani" in only
    assert "violin 1" not in only


def test_what_a_hit_strikes_follows_the_tension() -> None:
    chords = [
        planned(session_of(Marker(0, f"1m01 {mood}, strings, D minor"), Marker(8 * BAR, "HIT x")), 8).landings[0].chord
        for mood in ("calm", "nervous", "terrifying")
    ]
    assert chords == [{2, 5, 9}, {2, 9}, {2, 5, 8}]


def test_a_turn_inside_a_bar_takes_the_old_parts_out_and_brings_the_new_ones_in() -> None:
    plan = planned(session_of(CUE, Marker(4 * BAR + 1920, "tense, brass")), 4)
    for part in plan.parts:
        first, last = plan.span(part.name)
        if part.stem == "strings":
            assert (first, last) == (4 * BAR, 4 * BAR + 1919)
        else:
            assert (first, last) == (4 * BAR + 1920, 5 * BAR - 1)


def test_parts_that_play_on_through_a_turn_play_the_whole_bar() -> None:
    plan = planned(session_of(CUE, Marker(4 * BAR + 1920, "tense, strings")), 4)
    assert plan.span("violin 1") == (4 * BAR, 5 * BAR - 1)
    assert "violin 1" in plan.landings[0].parts


def test_a_turn_keeps_what_it_does_not_name() -> None:
    session = session_of(CUE, Marker(4 * BAR, "brass"), Marker(8 * BAR, "tense"))
    assert planned(session, 4).controls.valence == planned(session, 3).controls.valence
    assert {part.stem for part in planned(session, 9).parts} == {"brass"}
    assert planned(session, 9).controls.key == Key(2, "minor")


def test_an_end_rings_out_for_two_bars_or_four_seconds() -> None:
    assert planned(session_of(CUE, Marker(8 * BAR, "END"), bpm=120), 8).cut_at == 8 * BAR + 8 * 960
    assert planned(session_of(CUE, Marker(8 * BAR, "END"), bpm=240), 8).cut_at == 11 * BAR


def test_nothing_plays_after_an_end() -> None:
    session = session_of(CUE, Marker(8 * BAR + 333, "END"))
    assert planned(session, 8).last_tick == 8 * BAR + 333
    assert plan_bar(session, 9) is None


def test_an_end_on_a_bar_line_is_a_bar_of_its_own() -> None:
    plan = planned(session_of(CUE, Marker(8 * BAR, "END")), 8)
    assert plan.last_tick == 8 * BAR
    assert plan.landings[0].kind is LandingKind.END
    assert (plan.bars_to_hit, plan.bars_to_end) == (0, 0)


def test_a_ring_out_ends_where_the_next_cue_enters() -> None:
    session = session_of(CUE, Marker(8 * BAR, "END"), Marker(8 * BAR + 2000, "1m02 tense, brass"))
    plan = planned(session, 8)
    assert [landing.kind for landing in plan.landings] == [LandingKind.END, LandingKind.ENTRANCE]
    assert any(first <= 8 * BAR + 1000 <= last for first, last in plan.quiet)


def test_after_a_stop_there_is_silence_until_a_bar_line_two_seconds_on() -> None:
    session = session_of(CUE, Marker(4 * BAR + 960, "STOP"), Marker(9 * BAR, "END"))
    assert planned(session, 4).last_tick == 4 * BAR + 959
    assert plan_bar(session, 5) is None
    assert planned(session, 6).first_tick is None


def test_a_stop_that_nothing_follows_ends_the_cue() -> None:
    session = session_of(CUE, Marker(4 * BAR + 960, "STOP"))
    assert all(plan_bar(session, bar) is None for bar in range(5, 12))


def test_before_a_hit_out_of_silence_the_music_breaks_off() -> None:
    session = session_of(Marker(0, "1m01 tense, strings"), Marker(8 * BAR, "HIT reveal, out of silence"))
    before, level = planned(session, 7), intensities(session, range(4, 8))
    assert before.last_tick == 8 * BAR - 1537  # 0.8 s at 120 bpm
    assert level == sorted(level, reverse=True)
    assert level[-1] <= 0.1


def test_notes_give_way_to_the_landing_in_the_next_bar() -> None:
    assert planned(session_of(CUE, Marker(5 * BAR + 100, "HIT x")), 4).cut_at == 5 * BAR + 100


def test_clearance_reaches_into_the_bar_before() -> None:
    first, last = planned(session_of(CUE, Marker(5 * BAR, "HIT x")), 4).quiet[-1]
    assert first <= 5 * BAR - 154
    assert last == 5 * BAR - 1


def test_two_landings_closer_than_their_clearance_are_both_met() -> None:
    plan = planned(session_of(CUE, Marker(4 * BAR + 500, "HIT a"), Marker(4 * BAR + 600, "HIT b")), 4)
    assert [landing.name for landing in plan.landings] == ["HIT a", "HIT b"]
    assert any(first <= 4 * BAR + 346 and last >= 4 * BAR + 754 for first, last in plan.quiet)


def test_markers_on_one_tick_are_one_landing() -> None:
    plan = planned(session_of(CUE, Marker(4 * BAR, "tense, brass"), Marker(4 * BAR, "HIT door")), 4)
    (landing,) = plan.landings
    assert landing.kind is LandingKind.HIT
    assert "trumpet" in landing.parts


def test_a_solo_instrument_meets_its_landings_alone() -> None:
    plan = planned(session_of(Marker(0, "1m01 solo piano"), Marker(4 * BAR, "HIT x")), 4)
    assert plan.landings[0].parts == {"piano"}
