"""What can be counted in a cue's notes, each as one number.

A measure is given the cues that are to be compared (one prompt and seed, asked for differently) and answers for each of
them, so that what it counts is there in all of them. NaN where there is nothing to count.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.timeline.units import TICKS_PER_QUARTER
from hitpoint.training.judge.key import majorness
from hitpoint.training.judge.played import BAR, DURATION, ONSET, PART, PITCH, VELOCITY, Played

Floats = NDArray[np.float64]
NAN = float("nan")

PLAIN_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10, 11))
"""Major, and minor with its leading tone, which nobody hears as chromatic."""
REST = TICKS_PER_QUARTER
"""Silence this long after a note is a rest, not how the note was played. Our choice."""
PARTIALS, FALL = 6, 0.88
"""Partials of each tone, and how much softer each is than the one below. Source: Sethares 1993."""
SLOW, FAST, PLACE, STRETCH, FLOOR = 3.5, 5.75, 0.24, 0.021, 19.0
"""Of the curve fitted to Plomp and Levelt's data. Source: Sethares 1993, "Local consonance and the relationship between
timbre and scale", doi:10.1121/1.408175."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted."""

    name: str
    of: Callable[[Sequence[Played]], list[float]]
    as_labelled: bool
    """True where the labels of the training data are computed by the same formula, or one much like it."""


def _alone(count: Callable[[Played], float]) -> Callable[[Sequence[Played]], list[float]]:
    return lambda cues: [count(cue) for cue in cues]


def _texture(cue: Played) -> float:
    """Notes a quarter, all parts together."""
    return len(cue.notes) / _quarters(cue)


def _activity(cue: Played) -> float:
    """Moments at which a part strikes, a quarter, over the bars in which it does."""
    if not len(cue.notes):
        return 0.0
    quarters = np.diff(cue.bar_starts) / TICKS_PER_QUARTER
    cells = np.unique(cue.notes[:, [BAR, PART]], axis=0)
    return len(np.unique(cue.notes[:, :3], axis=0)) / float(quarters[cells[:, 0]].sum())


def _velocity(cue: Played) -> float:
    return float(cue.notes[:, VELOCITY].mean()) if len(cue.notes) else NAN


def _legato(cue: Played) -> float:
    """How much of the time to a part's next onset its notes last, 0 to 1; notes before a rest are left out."""
    shares = []
    for part in np.unique(cue.pitched[:, PART]):
        own = cue.pitched[cue.pitched[:, PART] == part]
        tick = cue.bar_starts[own[:, BAR]] + own[:, ONSET]
        moments = np.unique(tick)
        following = np.searchsorted(moments, tick, side="right")
        struck = following < len(moments)
        gaps = moments[following[struck]] - tick[struck]
        lasting = own[struck, DURATION]
        shares.append(np.minimum(1.0, lasting / gaps)[gaps - lasting < REST])
    joined = np.concatenate(shares) if shares else np.zeros(0)
    return float(joined.mean()) if len(joined) else NAN


def chroma_of(cue: Played) -> Floats:
    """How long each of the 12 pitch classes sounds, in ticks."""
    return np.bincount(cue.pitched[:, PITCH] % 12, cue.pitched[:, DURATION], 12).astype(float)


def _chromatic(cue: Played) -> float:
    """Share of the sounding time outside the scale that holds most of it."""
    chroma = chroma_of(cue)
    if not chroma.sum():
        return NAN
    inside = max(chroma[[(step + tonic) % 12 for step in scale]].sum() for scale in PLAIN_SCALES for tonic in range(12))
    return float(1 - inside / chroma.sum())


def _dissonance(cue: Played) -> float:
    """How dissonant the interval classes are that sound together, wherever they lie."""
    return _together(cue, DISSONANCE)


def _roughness(cue: Played) -> float:
    """How rough what sounds together is to the ear: more so where it is low or close."""
    return _together(cue, ROUGHNESS)


def _together(cue: Played, of_pairs: Floats) -> float:
    """The mean over all pairs of tones that sound together, octaves left out, by how long they do."""
    notes = cue.pitched
    start = cue.bar_starts[notes[:, BAR]] + notes[:, ONSET]
    end = start + notes[:, DURATION]
    together = np.minimum(end[:, None], end[None]) - np.maximum(start[:, None], start[None])
    first, second = np.nonzero(
        np.triu(together > 0, 1) & ((notes[:, PITCH][:, None] - notes[:, PITCH][None]) % 12 != 0)
    )
    if not len(first):
        return NAN
    pairs = of_pairs[notes[first, PITCH], notes[second, PITCH]]
    return float(np.average(pairs, weights=together[first, second]))


def _rough_pairs() -> Floats:
    """How rough each pair of MIDI keys is, shape (128, 128)."""
    tones = 440 * 2 ** ((np.arange(128)[:, None] - 69) / 12) * np.arange(1, PARTIALS + 1)
    loud = FALL ** np.arange(PARTIALS)
    low, high = tones[:, None, :, None], tones[None, :, None, :]
    least, apart = np.minimum(low, high), np.abs(low - high)
    scaled = PLACE / (STRETCH * least + FLOOR) * apart
    curve = np.exp(-SLOW * scaled) - np.exp(-FAST * scaled)
    return np.asarray((np.minimum.outer(loud, loud) * curve).sum((2, 3)))


ROUGHNESS = _rough_pairs()
CONSONANCE = np.array([0.0, -1.428, -0.582, 0.594, 0.386, 1.240, -0.453])
"""Of interval classes 0 to 6, from three studies with listeners. Source: Huron 1994, "Interval-class content in equally
tempered pitch-class sets", Music Perception 11(3)."""
_STEPS = np.abs(np.subtract.outer(np.arange(128), np.arange(128))) % 12
DISSONANCE = -CONSONANCE[np.minimum(_STEPS, 12 - _STEPS)]


def _register(cues: Sequence[Played]) -> list[float]:
    """Where in its instrument's range each part plays, 0 to 1, the mean over the parts that play in all of the cues."""
    places = [_places(cue) for cue in cues]
    shared = set.intersection(*(set(one) for one in places)) if places else set()
    return [float(np.mean([one[name] for name in sorted(shared)])) if shared else NAN for one in places]


def _places(cue: Played) -> dict[tuple[str, int], float]:
    """By instrument, and by which of its parts it is."""
    found: dict[tuple[str, int], float] = {}
    for part, instrument in enumerate(cue.instruments):
        own = cue.notes[cue.notes[:, PART] == part, PITCH]
        if instrument is None or instrument.drums or not len(own):
            continue
        desk = sum(1 for before in cue.instruments[:part] if before == instrument)
        found[instrument.name, desk] = float(own.mean() - instrument.low) / (instrument.high - instrument.low)
    return found


def _quarters(cue: Played) -> float:
    return float(cue.bar_starts[-1] - cue.bar_starts[0]) / TICKS_PER_QUARTER


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("texture", _alone(_texture), False),
        Measure("activity", _alone(_activity), True),
        Measure("register", _register, True),
        Measure("velocity", _alone(_velocity), True),
        Measure("legato", _alone(_legato), False),
        Measure("majorness", _alone(lambda cue: majorness(chroma_of(cue))), False),
        Measure("chromatic", _alone(_chromatic), True),
        Measure("dissonance", _alone(_dissonance), True),
        Measure("roughness", _alone(_roughness), False),
    )
}
"""By name: notes a quarter; onsets a quarter of a playing part; place in the range; velocity; length to the next onset;
nearness to major; share out of the scale; dissonance of interval classes, and to the ear."""
