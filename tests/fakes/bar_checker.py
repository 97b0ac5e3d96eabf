"""Reads composed bars against their plan and lists what is wrong. Shares no code with who wrote the notes.

`violations(plan, bars)`: empty when every rule of BarPlan holds.
"""

from collections.abc import Iterator, Sequence

from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar, Landing, LandingKind
from hitpoint.score.stem import Part


def violations(plan: BarPlan, bars: Sequence[ComposedBar]) -> list[str]:
    """One line for each broken rule: bar, part, tick. A landing needs only those of its parts that are given."""
    by_name = {part.name: part for part in plan.parts}
    found = []
    for bar in bars:
        where = f"bar {plan.bar.index + 1}, {bar.part}"
        if bar.part not in by_name:
            found.append(f"{where}: is not in the plan")
            continue
        if bar.bar != plan.bar.index:
            found.append(f"{where}: says it is bar {bar.bar + 1}")
        if bar.basis != plan.basis(bar.part):
            found.append(f"{where}: carries another basis")
        found += [f"{where}, {what}" for what in _in_part(plan, by_name[bar.part], bar.notes)]
    return found


def _in_part(plan: BarPlan, part: Part, notes: Sequence[Note]) -> Iterator[str]:
    if list(notes) != sorted(notes, key=lambda note: (note.tick, note.pitch)):
        yield "notes are out of order"
    for note in notes:
        for what in _in_note(plan, part, note):
            yield f"tick {note.tick} pitch {note.pitch}: {what}"
    for landing in plan.landings:
        if part.name in landing.parts and not any(note.tick == landing.tick for note in notes):
            yield f"tick {landing.tick}: does not strike the {landing.kind.value} {landing.name!r}"
    yield from _together(part, notes)


def _in_note(plan: BarPlan, part: Part, note: Note) -> Iterator[str]:
    if not plan.bar.start <= note.tick < plan.bar.end:
        yield f"outside the bar [{plan.bar.start}, {plan.bar.end})"
    if note.duration < 1:
        yield "lasts no time"
    if not part.instrument.low <= note.pitch <= part.instrument.high:
        yield f"out of range {part.instrument.low} to {part.instrument.high}"
    if plan.first_tick is not None and note.tick < plan.first_tick:
        yield f"before the first tick {plan.first_tick}"
    if plan.last_tick is not None and note.tick > plan.last_tick:
        yield f"after the last tick {plan.last_tick}"
    for name, first, last in plan.spans:
        if name == part.name and not first <= note.tick <= last:
            yield f"outside its span {first} to {last}"
    own = _own_landing(plan, part, note)
    yield from _struck(own, part, note) if own else _free(plan, part, note)
    for end in _ends(plan, part):
        if note.tick < end < note.tick + note.duration:
            yield f"sounds until {note.tick + note.duration}, must end by {end}"


def _ends(plan: BarPlan, part: Part) -> Iterator[int]:
    """Ticks at which every note of the part that sounds must end. A HIT that only others strike is no such tick."""
    if plan.cut_at is not None:
        yield plan.cut_at
    for landing in plan.landings:
        if landing.kind is not LandingKind.HIT or part.name in landing.parts:
            yield landing.tick


def _own_landing(plan: BarPlan, part: Part, note: Note) -> Landing | None:
    return next((x for x in plan.landings if x.tick == note.tick and part.name in x.parts), None)


def _struck(landing: Landing, part: Part, note: Note) -> Iterator[str]:
    if landing.chord is not None and not part.instrument.drums and note.pitch % 12 not in landing.chord:
        yield f"not in the chord {sorted(landing.chord)} of {landing.name!r}"
    if not landing.velocity[0] <= note.velocity <= landing.velocity[1]:
        yield f"velocity {note.velocity} is outside the landing's {landing.velocity}"


def _free(plan: BarPlan, part: Part, note: Note) -> Iterator[str]:
    for first, last in plan.quiet:
        if first <= note.tick <= last:
            yield f"in the quiet span {first} to {last}"
    if plan.scale is not None and not part.instrument.drums and note.pitch % 12 not in plan.scale:
        yield f"not in the scale {sorted(plan.scale)}"
    low, high = part.instrument.low, part.instrument.high
    if plan.register is not None and not part.instrument.drums:
        highest = low + round((2 + plan.register) / 3 * (high - low))
        if note.pitch > highest:
            yield f"above its register, which ends at {highest}"
    if not plan.velocity[0] <= note.velocity <= plan.velocity[1]:
        yield f"velocity {note.velocity} is outside {plan.velocity}"


def _together(part: Part, notes: Sequence[Note]) -> Iterator[str]:
    """Polyphony, and the reach of a hand for what is struck at once."""
    for tick in sorted({note.tick for note in notes}):
        sounding = [note for note in notes if note.tick <= tick < note.tick + note.duration]
        pitches = [note.pitch for note in sounding]
        if len(set(pitches)) < len(pitches):
            yield f"tick {tick}: the same pitch twice at once"
        if len(pitches) > part.instrument.polyphony:
            yield f"tick {tick}: {len(pitches)} notes at once, {part.instrument.polyphony} can be played"
        struck = sorted(note.pitch for note in notes if note.tick == tick)
        if not _in_reach(part, struck):
            yield f"tick {tick}: {struck} is out of reach of {part.instrument.name}"


def _in_reach(part: Part, struck: list[int]) -> bool:
    instrument = part.instrument
    if instrument.stem != "keys" and instrument.name != "harp":
        return struck[-1] - struck[0] <= instrument.span
    hands = ((struck[:cut], struck[cut:]) for cut in range(len(struck) + 1))
    half = (instrument.polyphony + 1) // 2
    return any(
        all(len(hand) <= half and (not hand or hand[-1] - hand[0] <= instrument.span) for hand in two) for two in hands
    )
