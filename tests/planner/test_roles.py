"""Every part of an ensemble has something to do, and the same whoever else plays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.planner.active import always_playing
from hitpoint.planner.form import Phrase, phrase_in
from hitpoint.planner.roles import roles_for, style_for
from hitpoint.score.direction import Direction, parse
from hitpoint.score.ensemble import parts_for
from hitpoint.score.sections import SECTIONS
from hitpoint.score.stem import INSTRUMENTS
from hitpoint.score.style import ROLES, STYLES

ensembles = st.lists(
    st.sampled_from([*SECTIONS, *(instrument.name for instrument in INSTRUMENTS)]), min_size=1, max_size=5, unique=True
).map(lambda names: Direction(instruments=tuple(names)))
arousals = st.none() | st.floats(-1, 1)
seeds = st.integers(0, 1 << 64)


def phrases(seed: int) -> list[Phrase]:
    """Of endless music."""
    return [found for bar in range(0, 64, 4) if (found := phrase_in(bar, None, seed)) is not None]


@given(ensembles, arousals, seeds)
def test_each_part_has_one_role_and_at_most_one_leads(direction: Direction, arousal: float | None, seed: int) -> None:
    roles, parts = roles_for(direction, arousal, seed), parts_for(direction)
    assert set(roles.values()) <= set(ROLES)
    assert list(roles.values()).count("melody") <= 1
    if len([part for part in parts if part.instrument.name not in ("timpani", "drums")]) > 1:
        assert set(roles) == {part.name for part in parts}


@given(ensembles, arousals, seeds)
def test_who_leads_plays_however_calm_it_is(direction: Direction, arousal: float | None, seed: int) -> None:
    for phrase in (None, *phrases(seed)):
        roles = roles_for(direction, arousal, seed, phrase)
        leaders = {name for name, role in roles.items() if role == "melody"}
        assert leaders <= {part.name for part in always_playing(direction, phrase.turn if phrase else 0)}


@given(ensembles, seeds)
def test_figures_come_with_agitation_and_long_sounds_with_calm(direction: Direction, seed: int) -> None:
    calm, busy = (set(roles_for(direction, level, seed).values()) for level in (0.1, 0.9))
    assert "figure" not in calm
    assert "pad" not in busy


def test_an_orchestra_has_a_melody_a_bass_and_figures_in_a_chase() -> None:
    roles = roles_for(Direction(instruments=("orchestra",)), 0.8, 0)
    assert {name for name, role in roles.items() if role == "bass"} == {"contrabass"}
    assert {name for name, role in roles.items() if role == "figure"} == {"viola", "violin 2"}
    assert roles["timpani"] == "percussion"


def test_other_seeds_let_others_lead() -> None:
    leaders = set()
    for seed in range(9):
        roles = roles_for(Direction(instruments=("orchestra",)), 0.5, seed)
        leaders |= {name for name, role in roles.items() if role == "melody"}
    assert len(leaders) == 3


@given(arousals, seeds)
def test_who_is_asked_to_lead_leads_in_every_phrase(arousal: float | None, seed: int) -> None:
    for text, leaders in (
        ("solo cello, harp and strings", {"cello"}),
        ("orchestra, theme in the horns", {"french horn"}),
        ("bassoon solo over strings, oboe solo", {"bassoon", "oboe"}),
        ("piano and strings, melody in the strings", {"violin 1", "viola", "cello", "contrabass"}),
    ):
        found = [roles_for(parse(text), arousal, seed, phrase) for phrase in (None, *phrases(seed))]
        assert {name for roles in found for name, role in roles.items() if role == "melody"} <= leaders
        assert all("melody" in roles.values() for roles in found)


def test_under_a_soloist_the_others_hold_chords_unless_it_is_agitated() -> None:
    calm, busy = (roles_for(parse("solo cello, harp and strings"), arousal, 0) for arousal in (0.1, 0.9))
    assert {name for name, role in calm.items() if role == "pad"} == {"violin 1", "violin 2", "viola"}
    assert calm["harp"] == "inner"
    assert "pad" not in busy.values()


@pytest.mark.parametrize(
    ("names", "style"),
    [
        (("orchestra",), "orchestral"),
        (("strings",), "chamber strings"),
        (("string quartet",), "chamber strings"),
        (("piano",), "keyboard"),
        (("choir",), "choral"),
        (("choir", "piano"), "song"),
        (("choir", "strings"), None),
        (("band",), "game"),
        (("drums",), "drum groove"),
        (("brass quintet",), "band"),
        (("harp",), None),
        (("flute", "piano"), None),
    ],
)
def test_an_ensemble_plays_the_music_that_is_written_for_such(names: tuple[str, ...], style: str | None) -> None:
    assert style_for(Direction(instruments=names)) == style


@given(ensembles)
def test_styles_are_those_that_models_know(direction: Direction) -> None:
    assert style_for(direction) in (None, *STYLES)


@given(ensembles, arousals, seeds)
def test_a_phrase_that_comes_back_has_its_roles_unless_it_is_handed_on(
    direction: Direction, arousal: float | None, seed: int
) -> None:
    found = [roles_for(direction, arousal, seed, phrase) for phrase in phrases(seed)]
    for phrase, roles in zip(phrases(seed), found, strict=True):
        assert set(roles) == set(roles_for(direction, arousal, seed))
        if not phrase.handed:
            assert roles == found[phrase.first]
        if not phrase.contrasts and not phrase.handed:
            assert roles == roles_for(direction, arousal, seed)


def test_in_other_phrases_others_lead_and_have_figures() -> None:
    direction = Direction(instruments=("orchestra",))
    leaders, figures = set(), set()
    for phrase in phrases(3):
        roles = roles_for(direction, 0.8, 3, phrase)
        leaders |= {name for name, role in roles.items() if role == "melody"}
        figures.add(frozenset(name for name, role in roles.items() if role == "figure"))
    assert len(leaders) > 1
    assert len(figures) > 1
