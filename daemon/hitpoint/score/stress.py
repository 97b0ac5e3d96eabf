"""How much louder and softer plain notes are struck for where they stand in the bar and for what their part does.

A model trained on music that is mostly without dynamics draws one loudness for all of a bar. Controllers give a phrase
its shape, but a piano does not hear them, nor who leads. Hits have a loudness of their own.
"""

from collections.abc import Iterable
from dataclasses import replace

from hitpoint.score.dynamics import LOUDEST_PLAIN
from hitpoint.score.note import Note
from hitpoint.score.request import EVERY_VELOCITY, BarPlan
from hitpoint.score.stem import Part

DOWNBEAT, MIDDLE, BEAT, BETWEEN, FINER = 4, 2, 0, -2, -4
"""Steps of velocity on a bar's first beat, on the middle one, on others, half-way between beats and elsewhere. Our
choice, as LEADING: both together are at most 8, well inside the window of 12 to either side."""
LEADING = {"melody": 4, "bass": 0, "figure": -2, "inner": -2, "pad": -4}
"""Steps by what a part does; none for what has no role, nor for percussion."""


def stressed(notes: Iterable[Note], plan: BarPlan, part: Part) -> list[Note]:
    """The notes of a part in the planned bar as they are struck; none leaves the plan's window of velocities."""
    softest, loudest = plan.velocity
    return _moved(notes, plan, part, 1, softest, loudest)


def evened(notes: Iterable[Note], plan: BarPlan, part: Part) -> list[Note]:
    """The notes as they were before, but where the window cut them off."""
    return _moved(notes, plan, part, -1, 1, LOUDEST_PLAIN)


def _moved(notes: Iterable[Note], plan: BarPlan, part: Part, sign: int, softest: int, loudest: int) -> list[Note]:
    if plan.velocity == EVERY_VELOCITY:
        return list(notes)  # nobody planned how loud it is: somebody else's music, with stresses of its own
    hits = {landing.tick for landing in plan.landings}
    leads = LEADING.get(plan.role(part.name) or "", 0)
    found = []
    for note in notes:
        steps = sign * (leads + _on_beat(plan, note.tick))
        plain = replace(note, velocity=min(loudest, max(softest, note.velocity + steps)))
        found.append(note if note.tick in hits else plain)
    return found


def _on_beat(plan: BarPlan, tick: int) -> int:
    meter = plan.bar.meter
    beat, inside = divmod(tick - plan.bar.start, meter.beat_ticks)
    if inside:
        return BETWEEN if 2 * inside == meter.beat_ticks else FINER
    beats = plan.bar.ticks // meter.beat_ticks
    return DOWNBEAT if beat == 0 else MIDDLE if 2 * beat == beats else BEAT
