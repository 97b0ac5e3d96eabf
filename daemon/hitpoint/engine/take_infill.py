"""A share of a take's notes written anew, or all of them while one thing is held: its rhythm, contour, harmony or
register. Hits stay: what strikes at a landing is not touched, and nothing is put into the silence around it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hitpoint.engine.infill_file import Answer, OpenFile, Wanted
from hitpoint.engine.take import TakeMusic
from hitpoint.engine.take_parts import inside, spans_of, spliced
from hitpoint.errors import ConfigError
from hitpoint.planner.plan import plan_bar
from hitpoint.score.direction import Direction
from hitpoint.score.direction_change import DirectionChange
from hitpoint.score.file_part import parts_in
from hitpoint.score.keep import Keep
from hitpoint.score.midi_events import parse_events
from hitpoint.score.midi_file import midi_file_bytes

HEARD = ("valence", "arousal", "tension")
"""Controls that notes between standing ones are written by."""
_NEUTRAL = {"valence": 0.0, "arousal": 0.0, "tension": 0.3}

Write = Callable[[OpenFile, Wanted], Answer]
"""Writes what is wanted of a file. The same wish gives the same answer."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What is to be written anew."""

    parts: tuple[str, ...]
    """Names."""
    bars: tuple[int, ...]
    """Indices, rising."""
    amount: float = 1.0
    """Share of the notes, 0 to 1."""
    keep: Keep | None = None
    seed: int = 0
    change: DirectionChange = field(default_factory=DirectionChange)
    """A note that asks for nothing but HEARD."""


def redraw(music: TakeMusic, wanted: Redrawn, write: Write) -> TakeMusic:
    """Another take of `music`. The same wish gives the same notes. Blocks while `write` does.

    Raises ConfigError where there is nothing to write anew, or for a note that asks for more than moods.
    """
    change = wanted.change
    more = replace(change, controls=tuple(one for one in change.controls if one[0] not in HEARD), place=None)
    if more.moves_something:
        raise ConfigError(f"--amount and --keep go with moods, not with {', '.join(more.in_words())}. Leave them out.")
    # Keyswitches would be read as notes.
    plain = replace(music.score, parts=tuple(replace(part, switches=()) for part in music.score.parts))
    events = parse_events(midi_file_bytes(plain), "the take")
    meter_map = music.score.timeline.meter_map
    bars = tuple(meter_map.bar(index) for index in range(music.bars))
    parts = parts_in(events)
    chosen = tuple(part for part in parts if part.name in wanted.parts)
    if not chosen:
        raise ConfigError("none of the parts has notes there that could be written anew. Name other parts or bars.")
    file = OpenFile(Path("the take"), events, music.score.timeline, music.score.keys, parts, bars)
    asked = Wanted(wanted.bars, chosen, None, wanted.amount, wanted.keep, _direction(music, wanted), f"{wanted.seed}")
    answer = write(file, asked)
    new = {part.name: part.plain_notes for part in parts_in(parse_events(answer.content, "the take"))}
    spans = spans_of(wanted.bars, meter_map)
    hits, quiet = _landings(music, wanted.bars)
    names = {part.name for part in chosen}
    made = []
    for part in music.score.parts:
        if part.name not in names:
            made.append(part)
            continue
        standing = [note for note in part.notes if note.tick in hits]
        drawn = [n for n in new.get(part.name, ()) if n.tick not in hits and not inside(n.tick, quiet)]
        renewed = spliced(part, replace(part, notes=tuple(sorted((*standing, *drawn)))), spans)
        # Controllers said again at the edges of bars are nothing that anybody hears.
        made.append(part if renewed.notes == part.notes else renewed)
    if tuple(made) == music.score.parts:
        raise ConfigError("nothing would change. Give a greater --amount, or another --seed.")
    return replace(music, score=replace(music.score, parts=tuple(made)))


def _direction(music: TakeMusic, wanted: Redrawn) -> Direction:
    """The moods of the bars as they are planned, on the average, with what the note moves."""
    plans = [plan for bar in wanted.bars if (plan := plan_bar(music.session, bar)) is not None]
    values: dict[str, float] = {}
    for name, step in wanted.change.controls:
        said = [value for plan in plans if (value := getattr(plan.controls, name)) is not None]
        was = sum(said) / len(said) if said else _NEUTRAL[name]
        values[name] = min(1.0, max(0.0 if name == "tension" else -1.0, was + step))
    key = plans[0].controls.key if plans else None
    return Direction(
        key=key, valence=values.get("valence"), arousal=values.get("arousal"), tension=values.get("tension")
    )


def _landings(music: TakeMusic, bars: Sequence[int]) -> tuple[frozenset[int], list[tuple[int, int]]]:
    """Ticks that are met in these bars, and the spans [first, after last] in which nothing else begins."""
    plans = [plan for bar in bars if (plan := plan_bar(music.session, bar)) is not None]
    ticks = frozenset(landing.tick for plan in plans for landing in plan.landings)
    return ticks, [(first, last + 1) for plan in plans for first, last in plan.quiet]
