"""The table of ids is without gaps, and rows say what their layout says."""

import json

import numpy as np
import pytest

from hitpoint.tokens import vocabulary
from hitpoint.tokens.rows import UNSAID, note_rows, row
from hitpoint.tokens.vocabulary import FIELDS, LAYOUT, OFFSETS, ROW_WIDTH, SIZE, Kind


def test_ids_have_no_gap_and_no_overlap() -> None:
    used = [OFFSETS[field.name] + value for field in FIELDS for value in range(field.size)]
    assert used == list(range(1, SIZE))


def test_every_layout_begins_with_the_kind_and_fits() -> None:
    assert set(LAYOUT) == set(Kind)
    assert all(columns[0] == "kind" and len(columns) <= ROW_WIDTH for columns in LAYOUT.values())


def test_the_stored_form_is_plain_json() -> None:
    assert json.loads(json.dumps(vocabulary.as_json())) == vocabulary.as_json()


def test_the_table_names_every_field() -> None:
    assert all(field.name in vocabulary.table() for field in FIELDS)


def test_what_is_not_said_has_id_zero() -> None:
    assert row(Kind.BAR, {"key": UNSAID}).tolist() == row(Kind.BAR).tolist()
    assert np.count_nonzero(row(Kind.BAR)) == 1


def test_a_code_out_of_its_field_is_refused() -> None:
    with pytest.raises(ValueError, match="desk has values 0 to 3, not 4"):
        row(Kind.PART, {"desk": 4})


def test_note_rows_agree_with_single_rows() -> None:
    codes = np.array([[0, 60, 5, 20], [191, 127, 63, UNSAID]])
    single = [
        row(Kind.NOTE, {"instrument": 3, "desk": 1, **dict(zip(vocabulary.DRAWN, map(int, code), strict=True))})
        for code in codes
    ]
    assert note_rows(3, 1, codes).tolist() == np.concatenate(single).tolist()
