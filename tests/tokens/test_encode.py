from dataclasses import replace

from hitpoint.score.chord import Chord
from hitpoint.score.controls import Controls
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, Landing, LandingKind
from hitpoint.score.stem import Part, instrument_named
from hitpoint.score.style import ROLES, STYLES
from hitpoint.timeline.meter import MeterMap
from hitpoint.tokens import grid
from hitpoint.tokens.bar_grid import bar_grid
from hitpoint.tokens.decode import notes_of
from hitpoint.tokens.encode import bar_row, drawn_codes, part_row, written_rows
from hitpoint.tokens.vocabulary import LAYOUT, NOTHING, OFFSETS, Kind

FLUTE, DRUMS = (Part(name, instrument_named(name)) for name in ("flute", "drums"))
COLUMN = LAYOUT[Kind.PART].index("part_register")


def plan_with(register: float | None) -> BarPlan:
    return BarPlan(MeterMap.constant(4, 4).bar(0), "1m01", Controls(), 120, (FLUTE, DRUMS), register=register)


def test_a_part_is_asked_for_where_its_instrument_is_at_home() -> None:
    said = [int(part_row(plan_with(level), FLUTE)[0, COLUMN]) - OFFSETS["part_register"] for level in (0.0, 1.0)]
    assert said == [grid.register_class(74), grid.register_class(88)]


def test_a_written_part_says_where_it_came_to_play() -> None:
    rows = written_rows(plan_with(0.0), FLUTE, [Note(0, 90, 480, 80), Note(480, 94, 480, 80)])
    assert rows[0, COLUMN] == OFFSETS["part_register"] + grid.register_class(92)


def test_agitated_music_is_cut_short_and_read_as_it_was_drawn() -> None:
    plan = replace(plan_with(None), controls=Controls(arousal=1.0))
    drawn = [(12 * place, 80 + place, grid.duration_class(12 * grid.POSITION_TICKS), 20) for place in range(8)]
    played = notes_of(drawn, plan, FLUTE, bar_grid(plan))
    assert {note.duration for note in played} == {7 * grid.POSITION_TICKS}
    assert drawn_codes(plan, FLUTE, played) == drawn


def test_without_a_register_and_for_drums_nothing_is_said() -> None:
    assert part_row(plan_with(None), FLUTE)[0, COLUMN] == NOTHING
    assert part_row(plan_with(0.5), DRUMS)[0, COLUMN] == NOTHING
    assert written_rows(plan_with(None), FLUTE, [Note(0, 90, 480, 80)])[0, COLUMN] == NOTHING


def said(plan: BarPlan, name: str) -> int | None:
    """The code of a field in the plan's bar row; None where nothing is said."""
    found = int(bar_row(plan)[0, LAYOUT[Kind.BAR].index(name)])
    return None if found == NOTHING else found - OFFSETS[name]


def test_a_bar_says_its_chords_and_its_style() -> None:
    plan = replace(plan_with(None), harmony=(Chord(7, "seventh"), None), style="orchestral")
    assert said(plan, "harmony_1") == grid.chord_class(Chord(7, "seventh"))
    assert said(plan, "harmony_2") is None
    assert said(plan, "style") == STYLES.index("orchestral")
    assert said(plan_with(None), "style") is None


def test_a_bar_with_a_hit_says_in_which_eighth_it_falls() -> None:
    landings = tuple(Landing(tick, LandingKind.HIT, name, frozenset()) for tick, name in ((960, ""), (1500, "door")))
    assert said(replace(plan_with(None), landings=landings, bars_to_hit=0), "hit_beat") == 3
    assert said(replace(plan_with(None), landings=landings, bars_to_hit=1), "hit_beat") is None


def test_a_part_says_its_role_before_and_after_it_is_written() -> None:
    plan = replace(plan_with(None), roles=(("flute", "figure"),))
    column, wanted = LAYOUT[Kind.PART].index("role"), OFFSETS["role"] + ROLES.index("figure")
    assert part_row(plan, FLUTE)[0, column] == written_rows(plan, FLUTE, [Note(0, 90, 480, 80)])[0, column] == wanted
    assert part_row(plan, DRUMS)[0, column] == NOTHING


def test_what_another_chord_or_role_is_asked_for_is_made_anew() -> None:
    plan = plan_with(None)
    assert replace(plan, harmony=(Chord(0, "major"), None)).basis("flute") != plan.basis("flute")
    figured = replace(plan, roles=(("flute", "figure"),))
    assert figured.basis("flute") != plan.basis("flute")
    assert figured.basis("drums") == plan.basis("drums")


def test_a_part_says_how_often_it_is_to_strike_and_once_written_how_often_it_did() -> None:
    plan, column = replace(plan_with(None), rates=(("flute", 0.0),)), LAYOUT[Kind.PART].index("part_density")
    asked = [int(part_row(replace(plan, rates=(("flute", rate),)), FLUTE)[0, column]) for rate in (0.0, 1.3, 5.0)]
    # Never class 0, which is a part that is silent.
    assert [one - OFFSETS["part_density"] for one in asked] == [1, 4, 7]
    eighths = [Note(tick, key, 480, 80) for tick in range(0, 1920, 480) for key in (72, 76)]
    assert written_rows(plan, FLUTE, eighths)[0, column] == OFFSETS["part_density"] + grid.part_density_class(4 / 4)
    assert written_rows(plan_with(None), FLUTE, eighths)[0, column] == NOTHING
    assert part_row(plan, DRUMS)[0, column] == NOTHING
