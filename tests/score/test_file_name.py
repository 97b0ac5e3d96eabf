import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.file_name import LONGEST_BYTES, distinct_names, safe_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1m03 The Door", "1m03 The Door"),
        ('1m04  Run: "a/b"?', "1m04 Run_ _a_b__"),
        ("../../etc/passwd", "_.._etc_passwd"),
        (".hidden. ", "hidden"),
        ("CON", "_CON"),
        ("com1.b", "_com1.b"),
        ("Console", "Console"),
        ("扉 Tür\n♯", "扉 Tür ♯"),
        ("...", "untitled"),
        ("", "untitled"),
    ],
)
def test_a_name_keeps_what_every_system_takes(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text(max_size=200))
def test_no_text_makes_a_name_that_a_system_refuses(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name.encode("utf-8")) <= LONGEST_BYTES + 1
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert name[0] not in ". "
    assert name[-1] not in ". "
    assert safe_name(name) == name


@given(st.lists(st.sampled_from(["Door", "door", "DOOR", "Door (2)", "a/b", "a_b"]), max_size=12))
def test_no_two_names_are_one_where_case_does_not_count(texts: list[str]) -> None:
    names = distinct_names(texts)
    assert len({name.casefold() for name in names}) == len(texts)
    assert names == distinct_names(texts)
