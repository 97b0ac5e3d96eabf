"""How much likelier some keys are made than others, by what the plan asks of harmony and mood. Nothing is forbidden.

All in nats, added to what the model says of each key. They cost no step of the model.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.controls import CALM, Controls, Key
from hitpoint.score.register import home_key
from hitpoint.score.stem import Part
from hitpoint.tokens.vocabulary import HEAD_SIZES

ON_BEATS, BETWEEN = 1.2 / 0.7, 0.6 / 0.7
"""How much less likely a key outside the planned chord is without any tension: on the first beat of its half bar, and
in the rest of it. At CALM 1.2 and 0.6, so that chords are heard about as clearly as people's where they are clear
(training/LOG.md), and suspensions and passing notes stay possible. At the most tension there is nothing of it left."""
MODE, CONTRARY, LATE = 0.25, 0.3, 4
"""How much a mood that is not the key's own leans: as soon as it is no longer so, and how much more at its most; by
which power of the mood that grows, so that words, which seldom ask for the most, leave the key as clear as it was. All
by measurement: training/LOG.md."""
HOME, TENSE = 0.25, 0.8
"""How much likelier the key's root and fifth are in music that is as tense as the second says or tenser, and those of
its relative less likely: tension lets go of the chords that tell the key, and without this a tense cue in D minor soon
sounds in F. No more than that, or nothing would be left to tell the tensest by."""
ENDING = 1.0
"""How much less likely the last chord's third and fifth are than its root, which closes the key."""
RELATIVE = 3
"""Semitones from a minor key's tonic up to that of the major key with the same notes."""
FIFTH = 7
NEAR, FAR = 5, 0.05
"""Semitones from a part's home that are as good as there, and how much less likely the square of those beyond makes a
key. A model hears a register in steps of 10 semitones; this keeps desks and neighbours apart (training/LOG.md)."""
MOST_OF_A_SECTION = 4
"""Keys at once of instruments that have one place."""

Nats = NDArray[np.float32]

_CLASSES = np.arange(HEAD_SIZES[1]) % 12


def chord_nats(tension: float | None) -> tuple[float, float]:
    """How much less likely a key outside the planned chord is, on first beats and between: the less, the tenser."""
    ease = 1 - (CALM if tension is None else tension)
    return ON_BEATS * ease, BETWEEN * ease


def key_nats(controls: Controls) -> Nats:
    """What mood and tension make of each key, shape (128,); nothing where no musical key is stated.

    Of two keys that share their notes, major and minor, the one that is asked for is clearest in its own mood. The
    further the valence is from that, the likelier root and fifth of the other get, and the less likely its own; a step
    towards a brighter mood never makes the major one's less likely. Tension leans the other way, towards the key that
    is asked for. Source: their profiles differ most there (Albrecht and Shanahan 2013).
    """
    return _key_nats(controls.key, controls.valence, controls.tension)


def ending_nats(controls: Controls) -> Nats:
    """What the last chord of a cue leans to, shape (128,): its root."""
    if controls.key is None:
        return np.zeros(len(_CLASSES), np.float32)
    return np.where(controls.key.tonic == _CLASSES, np.float32(0), np.float32(-ENDING))


@lru_cache(maxsize=1024)  # asked for every part of every bar
def home_nats(part: Part, register: float, leads: bool) -> Nats:
    """What the place where a part is at home makes of each key, shape (128,): within NEAR of it nothing, and the less
    likely the further away. Nothing where it has many voices, which lie where hands do. Not to be changed.

    register: 0 to 1. leads: it has the melody.
    """
    keys = np.arange(len(_CLASSES))
    if part.instrument.polyphony > MOST_OF_A_SECTION:
        return np.zeros(len(keys), np.float32)
    away: Nats = np.abs(keys - home_key(part.instrument, register, part.desk, leads)).astype(np.float32)
    beyond: Nats = np.maximum(0, away - NEAR)
    return -FAR * beyond**2


@lru_cache(maxsize=256)  # asked for every part of every bar
def _key_nats(key: Key | None, valence: float | None, tension: float | None) -> Nats:
    """Not to be changed."""
    nats = np.zeros(len(_CLASSES), np.float32)
    if key is None:
        return nats
    tense = 0.0 if tension is None else min(1.0, max(0.0, tension - CALM) / (TENSE - CALM))
    away = -HOME * tense
    if valence is not None:
        contrary = valence if key.minor else -valence
        away += MODE * (1 + min(0.0, contrary)) + CONTRARY * max(0.0, contrary) ** LATE
    minor = key.tonic if key.minor else key.tonic - RELATIVE
    brighter = away if key.minor else -away
    nats[np.isin(_CLASSES, [(minor + RELATIVE) % 12, (minor + RELATIVE + FIFTH) % 12])] = brighter
    nats[np.isin(_CLASSES, [minor % 12, (minor + FIFTH) % 12])] = -brighter
    return nats
