"""What was planned and what was written, as rows."""

from collections.abc import Iterable, Sequence

import numpy as np

from hitpoint.score.note import Note
from hitpoint.score.register import home_key
from hitpoint.score.request import BarPlan, LandingKind
from hitpoint.score.stem import INSTRUMENTS, Part
from hitpoint.score.stress import evened
from hitpoint.score.style import ROLES, STYLES
from hitpoint.score.touch import bound, share_in
from hitpoint.tokens import grid, rows
from hitpoint.tokens.bar_grid import BarGrid, bar_grid
from hitpoint.tokens.rows import UNSAID, Rows, note_rows, row
from hitpoint.tokens.vocabulary import FIELD_BY_NAME, Kind

LAST_DESK = FIELD_BY_NAME["desk"].size - 1
NUMBER_OF = {instrument.name: number for number, instrument in enumerate(INSTRUMENTS)}


def start_row() -> Rows:
    """The first row of everything."""
    return row(Kind.START)


def bar_row(plan: BarPlan) -> Rows:
    """Opens a bar: its metre, tempo, and what is asked of it."""
    asked = plan.controls
    key = None if asked.key is None else grid.key_class(asked.key.tonic, asked.key.minor)
    codes = {
        "length": grid.length_class(plan.bar.ticks),
        "denominator": grid.denominator_class(plan.bar.meter.denominator),
        "tempo": grid.tempo_class(plan.tempo_bpm),
        "key": UNSAID if key is None else key,
        "intensity": _level(asked.intensity),
        "density": _level(asked.density),
        "valence": _signed_level(asked.valence),
        "arousal": _signed_level(asked.arousal),
        "tension": _level(asked.tension),
        "to_hit": _countdown(plan.bars_to_hit),
        "to_end": _countdown(plan.bars_to_end),
        "hit_beat": _hit_beat(plan),
        "style": UNSAID if plan.style is None else STYLES.index(plan.style),
    }
    for half, chord in zip(("harmony_1", "harmony_2"), plan.harmony, strict=True):
        codes[half] = UNSAID if chord is None else grid.chord_class(chord)
    return row(Kind.BAR, codes)


def part_row(plan: BarPlan, part: Part) -> Rows:
    """Opens a part in the bar, and asks for its register, its role and how often it strikes."""
    role = plan.role(part.name)
    wanted = (
        None if plan.register is None else home_key(part.instrument, plan.register, part.desk, leads=role == "melody")
    )
    return _part_row(part, wanted, role, plan.rate(part.name))


def hole_row(part: Part, slot: int) -> Rows:
    """Stands where the part was taken out of a bar. slot: its number, which the answer carries too."""
    return row(Kind.HOLE, _slot_codes(part, slot))


def fill_row(part: Part, slot: int) -> Rows:
    """Opens the answer to a hole; it follows all of the context."""
    return row(Kind.FILL, _slot_codes(part, slot))


def _slot_codes(part: Part, slot: int) -> dict[str, int]:
    return {"instrument": NUMBER_OF[part.instrument.name], "desk": min(part.desk, LAST_DESK), "slot": slot}


def _part_row(
    part: Part, mean_pitch: float | None, role: str | None = None, rate: float | None = None
) -> Rows:  # fmt: skip
    codes = {"instrument": NUMBER_OF[part.instrument.name], "desk": min(part.desk, LAST_DESK)}
    if mean_pitch is not None and not part.instrument.drums:
        codes["part_register"] = grid.register_class(mean_pitch)
    if rate is not None:
        # Class 0 is a part that is silent: who is asked to play never is.
        codes["part_density"] = max(1, grid.part_density_class(rate))
    if role is not None:
        codes["role"] = ROLES.index(role)
    return row(Kind.PART, codes)


def note_row(part: Part, drawn: Sequence[int]) -> Rows:
    """One note of a part. drawn: codes in the order of DRAWN."""
    return rows.note_row(NUMBER_OF[part.instrument.name], min(part.desk, LAST_DESK), drawn)


def codes_of(notes: Iterable[Note], positions: BarGrid) -> list[tuple[int, int, int, int]]:
    """The notes of one part in one bar as codes, in the order they are drawn; doubles are left out."""
    found = {(positions.position_at(note.tick), note.pitch): note for note in sorted(notes, reverse=True)}
    return [
        (position, pitch, grid.duration_class(note.duration), grid.velocity_class(note.velocity))
        for (position, pitch), note in sorted(found.items())
    ]


def drawn_codes(plan: BarPlan, part: Part, notes: Iterable[Note]) -> list[tuple[int, int, int, int]]:
    """What a part plays in the planned bar as codes, as it was drawn: a model that reads notes cut short goes on with
    more and shorter ones, and one that reads stresses stresses them again."""
    as_drawn = bound(sorted(notes), share_in(plan, part), plan.bar.end, grid.POSITION_TICKS)
    return codes_of(evened(as_drawn, plan, part), bar_grid(plan))


def written_rows(plan: BarPlan, part: Part, notes: Iterable[Note], velocities: bool = True) -> Rows:
    """A part and its notes in the planned bar; nothing at all for a part that rests, as in the training data.

    velocities: False where the source has no dynamics, so that none are said. Where registers or rates are asked for,
    those that came of it are said, as they were when the model learned.
    """
    inside = [note for note in notes if plan.bar.start <= note.tick < plan.bar.end]
    if not inside:
        return _part_row(part, None)[:0]
    mean_pitch = None if plan.register is None else sum(note.pitch for note in inside) / len(inside)
    positions = bar_grid(plan)
    codes = np.array(drawn_codes(plan, part, inside), np.int64)
    struck = None
    if plan.rate(part.name) is not None:
        struck = len(np.unique(codes[:, 0])) * grid.POSITIONS_PER_QUARTER / len(positions.ticks)
    if not velocities:
        codes[:, 3] = UNSAID
    number, desk = NUMBER_OF[part.instrument.name], min(part.desk, LAST_DESK)
    opened = _part_row(part, mean_pitch, plan.role(part.name), struck)
    return np.concatenate([opened, note_rows(number, desk, codes)])


def _hit_beat(plan: BarPlan) -> int:
    """The eighth in which the bar's first landing falls that was counted down to."""
    if plan.bars_to_hit != 0:
        return UNSAID
    ticks = [x.tick - plan.bar.start for x in plan.landings if x.name and x.kind is not LandingKind.ENTRANCE]
    return grid.hit_beat_class(ticks[0]) if ticks else UNSAID


def _level(level: float | None) -> int:
    return UNSAID if level is None else grid.level_class(level)


def _signed_level(level: float | None) -> int:
    return UNSAID if level is None else grid.signed_level_class(level)


def _countdown(bars: int | None) -> int:
    return UNSAID if bars is None or not 0 <= bars < grid.COUNTDOWN_CLASSES else bars
