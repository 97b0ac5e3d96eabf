"""The ground of a cue's last chord: its root lies under all else, whoever plays, so that it closes."""

from hitpoint.score.request import BarPlan, Landing, LandingKind
from hitpoint.score.stem import Instrument, Part

_NEVER_GROUND = ("drums", "percussion")
"""Stems of who has no key, or few."""


def lowest_keys(plan: BarPlan, part: Part, landing: Landing) -> frozenset[int] | None:
    """What the lowest note of a part may be in a cue's last chord; None for anything of the chord, as elsewhere.

    Who has the bass, else who reaches lowest, strikes the root in the lower half of its compass; nobody else strikes
    anything but the root below that. A line that is alone may end on any note of the chord.
    """
    key, instrument = plan.controls.key, part.instrument
    if landing.kind is not LandingKind.END or key is None or instrument.drums:
        return None
    able = [one for one in plan.parts if one.name in landing.parts and one.stem not in _NEVER_GROUND]
    lines = sum(one.instrument.polyphony for one in able)
    if lines < 2 or key.tonic not in (landing.chord or ()):
        return None
    ground = min(able, key=lambda one: (plan.role(one.name) != "bass", one.instrument.low))
    roots = _of_class(ground.instrument, key.tonic)
    low = frozenset(pitch for pitch in roots if 2 * pitch <= ground.instrument.low + ground.instrument.high)
    if part == ground or not low:
        return low or None
    return _of_class(instrument, key.tonic) | frozenset(range(max(*low, instrument.low), instrument.high + 1))


def _of_class(instrument: Instrument, pitch_class: int) -> frozenset[int]:
    return frozenset(pitch for pitch in range(instrument.low, instrument.high + 1) if pitch % 12 == pitch_class)
