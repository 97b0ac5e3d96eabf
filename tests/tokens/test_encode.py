from hitpoint.score.controls import Controls
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap
from hitpoint.tokens import grid
from hitpoint.tokens.encode import part_row, written_rows
from hitpoint.tokens.vocabulary import LAYOUT, NOTHING, OFFSETS, Kind

FLUTE, DRUMS = (Part(name, instrument_named(name)) for name in ("flute", "drums"))
COLUMN = LAYOUT[Kind.PART].index("part_register")


def plan_with(register: float | None) -> BarPlan:
    return BarPlan(MeterMap.constant(4, 4).bar(0), "1m01", Controls(), 120, (FLUTE, DRUMS), register=register)


def test_a_part_is_asked_for_where_its_instrument_is_at_home() -> None:
    said = [int(part_row(plan_with(level), FLUTE)[0, COLUMN]) - OFFSETS["part_register"] for level in (0.0, 1.0)]
    assert said == [grid.register_class(72.6), grid.register_class(83.4)]


def test_a_written_part_says_where_it_came_to_play() -> None:
    rows = written_rows(plan_with(0.0), FLUTE, [Note(0, 90, 480, 80), Note(480, 94, 480, 80)])
    assert rows[0, COLUMN] == OFFSETS["part_register"] + grid.register_class(92)


def test_without_a_register_and_for_drums_nothing_is_said() -> None:
    assert part_row(plan_with(None), FLUTE)[0, COLUMN] == NOTHING
    assert part_row(plan_with(0.5), DRUMS)[0, COLUMN] == NOTHING
    assert written_rows(plan_with(None), FLUTE, [Note(0, 90, 480, 80)])[0, COLUMN] == NOTHING
