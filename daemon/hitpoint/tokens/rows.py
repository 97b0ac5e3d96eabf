"""Codes into rows of ids. Training and playing build their rows here and nowhere else, so that they cannot differ.

A code is a value of a field, counted from 0; UNSAID leaves it out.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hitpoint.tokens.vocabulary import DRAWN, FIELD_BY_NAME, LAYOUT, NOTHING, OFFSETS, ROW_WIDTH, Kind

Rows = NDArray[np.int64]
"""Ids, shape (steps, ROW_WIDTH)."""

UNSAID = -1
"""The code of a field that nothing is said about."""
_DRAWN_OFFSETS = np.array([OFFSETS[name] for name in DRAWN])
_NOTE, _INSTRUMENT, _DESK = OFFSETS["kind"] + Kind.NOTE, OFFSETS["instrument"], OFFSETS["desk"]


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
    out[:, 0], out[:, 1], out[:, 2] = _NOTE, _INSTRUMENT + instrument, _DESK + desk
    out[:, 3:7] = notes + _DRAWN_OFFSETS
    if (notes == UNSAID).any():
        out[:, 3:7][notes == UNSAID] = NOTHING
    return out


def note_row(instrument: int, desk: int, note: Sequence[int]) -> Rows:
    """The row of one such note."""
    out = _silent_note(instrument, desk).copy()
    out[0, 3:7] = note
    out[0, 3:7] += _DRAWN_OFFSETS
    if note[3] == UNSAID:
        out[0, 6] = NOTHING
    return out


@lru_cache(maxsize=256)
def _silent_note(instrument: int, desk: int) -> Rows:
    return note_rows(instrument, desk, np.full((1, len(DRAWN)), UNSAID))


def _id(name: str, code: int) -> int:
    if code == UNSAID:
        return NOTHING
    if not 0 <= code < FIELD_BY_NAME[name].size:
        raise ValueError(f"{name} has values 0 to {FIELD_BY_NAME[name].size - 1}, not {code}")
    return OFFSETS[name] + code
