"""The key of a whole cue, by profiles that nothing else here uses.

Labels of the training data are found with `score.key_finder` (Krumhansl and Kessler's ratings by listeners, and
correlation); these were counted in other people's corpora, so that a model that learned one finder's habits is not
judged by the same finder.
"""

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.controls import Key

Floats = NDArray[np.float64]

ALBRECHT = np.array(
    [
        [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081],
        [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
    ]
)
"""How often each step above the tonic sounds in major and in minor, counted in 490 pieces. Source: Albrecht and
Shanahan 2013, "The use of large corpora to train a new type of key-finding algorithm", doi:10.1525/mp.2013.31.1.59."""
TEMPERLEY = np.array(
    [
        [0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400],
        [0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330],
    ]
)
"""In how many segments of a harmony textbook's examples each step is heard. Source: Temperley 2007, "Music and
Probability", the profiles from the Kostka-Payne corpus."""


def find_key(chroma: Floats, profiles: Floats = ALBRECHT) -> Key | None:
    """The key whose profile lies nearest, as Albrecht and Shanahan choose it; None where nothing sounds.

    chroma: how long each of the 12 pitch classes sounds.
    """
    if not chroma.sum():
        return None
    place = int(_distances(chroma, profiles).argmin())
    return Key(place % 12, "minor" if place >= 12 else "major")


def majorness(chroma: Floats) -> float:
    """How much nearer the best major key is than the best minor one: above 0 for major. NaN where nothing sounds."""
    if not chroma.sum():
        return float("nan")
    distances = _distances(chroma, ALBRECHT)
    return float(distances[12:].min() - distances[:12].min())


def _distances(chroma: Floats, profiles: Floats) -> Floats:
    """Of 12 major keys, then of 12 minor ones."""
    shares = profiles / profiles.sum(1, keepdims=True)
    keys = np.array([np.roll(profile, tonic) for profile in shares for tonic in range(12)])
    return np.asarray(np.sqrt(((keys - chroma / chroma.sum()) ** 2).sum(1)))


def kinship(asked: Key, found: Key | None) -> str:
    """How the key that was found lies to the one that was asked for: same, relative, parallel, fifth or other."""
    if found is None:
        return "none"
    step = (found.tonic - asked.tonic) % 12
    if found.minor == asked.minor:
        return "same" if step == 0 else "fifth" if step in (5, 7) else "other"
    return "parallel" if step == 0 else "relative" if step == (3 if asked.minor else 9) else "other"
