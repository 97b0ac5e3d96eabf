"""A solved map puts every locked hit on a beat, and says so where it can't."""

import random
from itertools import pairwise

import pytest

from fakes.exhaustive_maps import can_be_met
from hitpoint.errors import ScoreError
from hitpoint.spotting import tempo_map_solver
from hitpoint.spotting.hit import Hit, HitList
from hitpoint.spotting.solved_map import SolvedMap
from hitpoint.spotting.tempo_map_solver import solve_tempo_map
from hitpoint.timeline.meter import Meter
from hitpoint.timeline.tempo_map import TempoMap, TempoPoint
from hitpoint.timeline.units import FrameRate

RATE = FrameRate.named("24")
RATES = ("23.976", "24", "25", "29.97", "29.97df", "30")
TEMPI = (60, 72, 84, 96, 100, 110, 120, 132, 144)
METRES = (Meter(4, 4), Meter(4, 4), Meter(3, 4), Meter(6, 8))


def random_cue(seed: int, fewest: int = 3, most: int = 30) -> tuple[HitList, float, Meter]:
    """Hits at random frames, at least half a second apart, two to six seconds on average; some free, some heavy."""
    source = random.Random(seed)
    count, rate = source.randint(fewest, most), FrameRate.named(source.choice(RATES))
    per_second = float(rate.frames_per_second)
    length = count * source.uniform(2.0, 6.0)
    frames = sorted(source.sample(range(round(per_second / 2), round(length * per_second)), count))
    apart = [frame for index, frame in enumerate(frames) if not index or frame - frames[index - 1] >= per_second / 2]
    hits = (
        Hit(frame, f"hit {frame}", float(source.choice((1, 1, 1, 2, 3))), locked=source.random() < 0.85)
        for frame in apart
    )
    return HitList(tuple(hits), rate, round(length * per_second)), source.choice(TEMPI), source.choice(METRES)


def check(cue: HitList, bpm: float, wished: Meter, solved: SolvedMap, cap: float = 0.06) -> None:
    """The laws of every map, looked at from outside: events alone, with a clock of their own."""
    events = solved.cue_map.events
    clock = TempoMap(tuple(TempoPoint(event.tick, event.bpm) for event in events))
    missed = [one.hit for one in solved.unsolved]
    for event, after in pairwise(events):
        # Tempo and metre change at bar lines only.
        assert (after.tick - event.tick) % event.meter.bar_ticks == 0
    for slower, faster in (sorted(pair) for pair in pairwise([bpm, *(event.bpm for event in events)])):
        assert faster / slower <= 1 + cap + 1e-6
    for event in events:
        assert event.meter == wished or (event.meter.denominator in (4, 8) and 2 <= event.meter.numerator <= 7)
    assert [landed.hit for landed in solved.hits] == list(cue.hits)
    for landed in solved.hits:
        inside = max((event for event in events if event.tick <= landed.tick), key=lambda event: event.tick)
        into = landed.tick - inside.tick
        assert into % inside.meter.beat_ticks == 0
        assert landed.on_downbeat == (into % inside.meter.bar_ticks == 0)
        off = (clock.seconds_at(landed.tick) - cue.seconds(landed.hit.frame)) * cue.frames_per_second
        assert off == pytest.approx(landed.frames_off, abs=1e-6)
        if landed.hit.locked and landed.hit not in missed:
            assert abs(off) <= 0.5
    assert all(one.hit.locked and abs(one.frames_off) > 0.5 for one in solved.unsolved)


def test_every_locked_hit_is_on_a_beat_and_no_tempo_leaves_the_cap() -> None:
    for seed in range(10):
        cue, bpm, meter = random_cue(seed, most=12)
        solved = solve_tempo_map(cue, bpm, meter)
        check(cue, bpm, meter, solved)
        assert len(solved.unsolved) <= 1, seed


@pytest.mark.slow
@pytest.mark.seeds(40, 20)
def test_every_locked_hit_of_many_cues_is_on_a_beat(seeds: range) -> None:
    for seed in seeds:
        cue, bpm, meter = random_cue(seed)
        check(cue, bpm, meter, solve_tempo_map(cue, bpm, meter))


def beside_the_exhaustive_search(seeds: range) -> tuple[int, int]:
    """How many short cues it can meet, and how many the solver can of those."""
    possible, met = 0, 0
    for seed in seeds:
        source = random.Random(seed)
        frames = [source.randint(8, 40)]
        for _ in range(source.randrange(6)):
            frames.append(frames[-1] + source.randint(4, 36))
        bpm = source.choice(TEMPI)
        solved = solve_tempo_map(HitList(tuple(map(Hit, frames)), RATE), bpm, Meter())
        check(HitList(tuple(map(Hit, frames)), RATE), bpm, Meter(), solved)
        if can_be_met([frame / 24 for frame in frames], 0.5 / 24, 30 / bpm, 0.06):
            possible += 1
            met += not solved.unsolved
            assert not solved.unsolved, (seed, bpm, frames)
    return possible, met


def test_what_the_exhaustive_search_can_meet_is_met() -> None:
    possible, _ = beside_the_exhaustive_search(range(12))
    assert possible >= 3


@pytest.mark.slow
def test_what_the_exhaustive_search_can_meet_is_met_in_many_cues() -> None:
    possible, _ = beside_the_exhaustive_search(range(1000, 1060))
    assert possible >= 12


def test_the_same_cue_has_the_same_map() -> None:
    cue, bpm, meter = random_cue(5)
    assert solve_tempo_map(cue, bpm, meter) == solve_tempo_map(cue, bpm, meter)


def test_hits_that_fit_leave_tempo_and_metre_alone() -> None:
    # 120 bpm at 24 frames a second: a beat every 12 frames, a bar every 48.
    solved = solve_tempo_map(HitList((Hit(48), Hit(132), Hit(480)), RATE, 600), 120, Meter())
    assert [(event.tick, event.bpm, event.meter) for event in solved.cue_map.events] == [(0, 120, Meter())]
    assert [hit.quarters for hit in solved.hits] == [4, 11, 40]
    assert [hit.on_downbeat for hit in solved.hits] == [True, False, True]


def test_a_heavy_hit_gets_a_downbeat_and_a_light_one_no_odd_bar() -> None:
    light, heavy = (solve_tempo_map(HitList((Hit(132, weight=weight),), RATE, 600), 120, Meter()) for weight in (1, 4))
    assert not light.hits[0].on_downbeat
    assert len(light.cue_map.events) == 1
    assert heavy.hits[0].on_downbeat
    assert abs(heavy.hits[0].frames_off) <= 0.5


def test_hits_too_near_each_other_give_up_the_lighter_one_and_say_what_would_free_it() -> None:
    cue = HitList((Hit(240, "flash", 3.0), Hit(242, "bang")), RATE, 480)
    solved = solve_tempo_map(cue, 120, Meter())
    (missed,) = solved.unsolved
    assert missed.hit.name == "bang"
    assert abs(missed.frames_off) == pytest.approx(2, abs=0.5)
    assert missed.would_free[0] == "unlock it"
    check(cue, 120, Meter(), solved)


def test_what_would_free_a_hit_frees_it() -> None:
    told = 0
    for frame in range(14, 40, 3):
        cue = HitList((Hit(frame, "early"),), RATE, 480)
        for missed in solve_tempo_map(cue, 72, Meter(), 0.02).unsolved:
            told += (missed.cap is not None) + (missed.bpm is not None)
            assert missed.cap is None or not solve_tempo_map(cue, 72, Meter(), missed.cap).unsolved
            assert missed.bpm is None or not solve_tempo_map(cue, missed.bpm, Meter(), 0.02).unsolved
    assert told >= 3


def test_every_hit_that_fails_in_a_short_cue_is_told_the_least_cap_that_frees_it() -> None:
    frames = (77, 89, 97, 116, 147, 165, 192)
    cue = HitList(tuple(Hit(frame, str(frame)) for frame in frames), RATE, 480)
    missed = solve_tempo_map(cue, 120, Meter(), 0.0).unsolved
    assert len(missed) == 6
    for one in missed:
        assert one.cap is not None
        assert one.cap < 0.06
        alone = HitList((one.hit, Hit(192)), RATE, 480)
        assert not solve_tempo_map(alone, 120, Meter(), one.cap).unsolved


def test_nothing_is_searched_for_a_hit_that_no_cap_can_part_from_its_neighbour(monkeypatch) -> None:
    searched = []
    found = tempo_map_solver._found

    def counted(task, reach):
        searched.append(task.cap)
        return found(task, reach)

    monkeypatch.setattr(tempo_map_solver, "_found", counted)
    (missed,) = solve_tempo_map(HitList((Hit(240), Hit(242)), RATE, 480), 100, Meter()).unsolved
    assert missed.cap is None
    assert set(searched) == {0.06}


def test_it_tells_how_many_hits_are_met_while_it_goes_on() -> None:
    heard: list[tuple[int, int, str]] = []
    hits = tuple(Hit(frame) for frame in (77, 89, 97, 116, 147, 165, 192))
    solve_tempo_map(HitList(hits, RATE, 480), 120, Meter(), 0.0, lambda *told: heard.append(told))
    for_map = [(met, of) for met, of, what in heard if not what]
    assert for_map[-1][0] == for_map[-1][1]
    assert [of for _, of in for_map] == sorted((of for _, of in for_map), reverse=True)
    assert heard[-1][2] == "with what would free one more"


def test_a_free_hit_is_passed_by_and_a_locked_one_is_not() -> None:
    cue = HitList((Hit(240), Hit(245, locked=False)), RATE, 480)
    solved = solve_tempo_map(cue, 120, Meter())
    assert solved.unsolved == ()
    assert abs(solved.hits[0].frames_off) <= 0.5


def test_hits_a_frame_apart_share_a_beat() -> None:
    solved = solve_tempo_map(HitList((Hit(99), Hit(100), Hit(100)), RATE), 120, Meter())
    assert len({hit.tick for hit in solved.hits}) == 1
    assert solved.unsolved == ()


def test_a_hit_on_the_first_frame_is_the_first_beat() -> None:
    solved = solve_tempo_map(HitList((Hit(0), Hit(100)), RATE), 120, Meter())
    assert (solved.hits[0].tick, solved.hits[0].frames_off) == (0, 0)


def test_a_metre_with_beats_shorter_than_an_eighth_gives_way() -> None:
    assert solve_tempo_map(HitList((Hit(96),), RATE), 120, Meter(7, 16)).cue_map.events[0].meter == Meter(4, 4)


def test_a_crowd_of_hits_is_thinned_at_once_and_the_heaviest_stay() -> None:
    hits = tuple(Hit(48 + 2 * index, str(index), 5.0 if index % 24 == 0 else 1.0) for index in range(96))
    solved = solve_tempo_map(HitList(hits, RATE), 120, Meter())
    check(HitList(hits, RATE), 120, Meter(), solved)
    assert not [one.hit.name for one in solved.unsolved if one.hit.weight == 5.0]


def test_a_cue_of_free_hits_keeps_its_tempo() -> None:
    solved = solve_tempo_map(HitList((Hit(100, locked=False),), RATE, 300), 110, Meter())
    assert [event.bpm for event in solved.cue_map.events] == [110]


def test_more_hits_than_a_cue_has_are_refused() -> None:
    with pytest.raises(ScoreError, match="too many"):
        solve_tempo_map(HitList(tuple(Hit(frame) for frame in range(10_000)), RATE), 110, Meter())


@pytest.mark.parametrize(("bpm", "cap"), [(120, -0.01), (120, 1.5), (5, 0.06), (120, float("nan"))])
def test_a_cap_or_tempo_that_is_none_is_refused(bpm: float, cap: float) -> None:
    with pytest.raises(ScoreError):
        solve_tempo_map(HitList((Hit(96),), RATE), bpm, Meter(), cap)
