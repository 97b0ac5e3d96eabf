"""The key that notes are in, by how long each pitch class sounds.

Source: Krumhansl and Kessler 1982, the probe-tone profiles; the key whose profile correlates best is the one.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
"""How well each step above the tonic fits. Source: Krumhansl and Kessler 1982, the probe-tone profiles."""
LEAST_KEY_CORRELATION = 0.6
"""Below it no key is said."""


def find_keys(chroma: Floats) -> tuple[Ints, Floats]:
    """The best key of each row (−1 when none is clear), and how much better the best major fits than the best minor.

    chroma: shape (rows, 12), how long each pitch class sounds. A key is twice its tonic, and one more in minor.
    """
    profiles = np.stack([np.roll(profile, tonic) for tonic in range(12) for profile in (MAJOR, MINOR)])
    profiles = (profiles - profiles.mean(1, keepdims=True)) / profiles.std(1, keepdims=True)
    centred = chroma - chroma.mean(1, keepdims=True)
    spread = centred.std(1, keepdims=True)
    fit = (centred / np.where(spread > 0, spread, 1)) @ profiles.T / 12
    best = fit.argmax(1)
    majorness = fit[:, 0::2].max(1) - fit[:, 1::2].max(1)
    return np.where(fit.max(1) >= LEAST_KEY_CORRELATION, best, -1), majorness
