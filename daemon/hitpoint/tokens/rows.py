"""Codes into rows of ids. Training and playing build their rows here and nowhere else, so that they cannot differ.

A code is a value of a field, counted from 0; UNSAID leaves it out.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hitpoint.tokens.vocabulary import DRAWN, FIELD_BY_NAME, LAYOUT, NOTHING, OFFSETS, ROW_WIDTH, Kind

Rows = NDArray[np.int64]
"""Ids, shape (steps, ROW_WIDTH)."""

UNSAID = -1
"""The code of a field that nothing is said about."""
_DRAWN_OFFSETS = np.array([OFFSETS[name] for name in DRAWN])


def row(kind: Kind, codes: Mapping[str, int] | None = None) -> Rows:
    """One row, shape (1, ROW_WIDTH). Raises ValueError for a code out of its field."""
    said = {"kind": int(kind), **(codes or {})}
    out = np.full((1, ROW_WIDTH), NOTHING, np.int64)
    for column, name in enumerate(LAYOUT[kind]):
        out[0, column] = _id(name, said.get(name, UNSAID))
    return out


def note_rows(instrument: int, desk: int, notes: NDArray[np.integer]) -> Rows:
    """The rows of a part's notes in one bar.

    notes: codes in the order of DRAWN, shape (notes, 4); velocity may be UNSAID.
    """
    out = np.full((len(notes), ROW_WIDTH), NOTHING, np.int64)
    out[:, 0] = OFFSETS["kind"] + Kind.NOTE
    out[:, 1] = OFFSETS["instrument"] + instrument
    out[:, 2] = OFFSETS["desk"] + desk
    out[:, 3:7] = np.where(notes == UNSAID, NOTHING, notes + _DRAWN_OFFSETS)
    return out


def _id(name: str, code: int) -> int:
    if code == UNSAID:
        return NOTHING
    if not 0 <= code < FIELD_BY_NAME[name].size:
        raise ValueError(f"{name} has values 0 to {FIELD_BY_NAME[name].size - 1}, not {code}")
    return OFFSETS[name] + code
