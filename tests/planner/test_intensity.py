from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.planner.intensity import Surroundings, build, level, mood_at
from hitpoint.score.direction import parse

bases = st.floats(0, 1)


@given(bases, st.one_of(st.none(), st.integers(1, 20)), st.one_of(st.none(), st.integers(0, 20)), st.booleans())
def test_a_level_stays_between_nothing_and_all(base: float, to: int | None, since: int | None, silent: bool) -> None:
    room = 9 if since is None or to is None else since + to
    assert 0 <= level(base, Surroundings(to, since, room, silent)) <= 1


@given(bases)
def test_far_from_accents_a_bar_has_its_own_level(base: float) -> None:
    assert level(base, Surroundings()) == base
    assert level(base, Surroundings(9, 9, 18)) == base


@given(bases)
def test_a_build_rises_bar_by_bar_to_a_clear_peak(base: float) -> None:
    levels = [level(base, Surroundings(to, None, 9)) for to in (4, 3, 2, 1)]
    assert all(one < other for one, other in pairwise(levels))
    assert levels[-1] - levels[-2] > 0.2
    assert levels[-1] >= 0.75


@given(bases)
def test_a_release_drops_and_comes_back(base: float) -> None:
    levels = [level(base, Surroundings(None, since, 9)) for since in range(5)]
    assert levels == sorted(levels) or base < 0.05
    assert levels[4] == base
    assert levels[0] < 0.75


@given(bases)
def test_before_a_hit_out_of_silence_the_level_falls(base: float) -> None:
    levels = [level(base, Surroundings(to, None, 9, True)) for to in (5, 4, 3, 2, 1)]
    assert levels == sorted(levels, reverse=True) or base < 0.25
    assert levels[-1] < 0.1


@given(st.integers(1, 6))
def test_every_accent_has_at_least_one_bar_of_build(room: int) -> None:
    assert build(Surroundings(1, room - 1, room)) == 1.0


def test_a_calm_mood_is_weaker_than_a_furious_one() -> None:
    levels = [mood_at(parse(text), 0).intensity for text in ("calm", "sad", "", "tense", "furious")]
    assert levels == sorted(levels)


def test_an_arc_passes_through_all_its_states() -> None:
    direction = parse("calm to furious to calm")
    calm, furious = mood_at(parse("calm"), 0), mood_at(parse("furious"), 0)
    assert [mood_at(direction, way) for way in (-1, 0, 0.5, 1, 2)] == [calm, calm, furious, calm, calm]
