"""YAML as written: nothing guessed, everything with its line, broken text told in one line."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.config.document import Items, Table, Text, did_you_mean, parse_document, repeats
from hitpoint.errors import ConfigError

YAML_SIGNS = st.text(st.sampled_from("ab:-[]{}&*!|>'\"#%@`,?\n \t0é\x07\x85\ufeff"), max_size=60)


def test_values_stay_as_written_with_their_lines() -> None:
    table = parse_document("a: 10:00:00:00\nb: [29.970, no]\nc:\n  d: '0x10'\n", "f.yaml")
    assert table.entries["a"] == Text("10:00:00:00", 1)
    assert table.entries["b"] == Items((Text("29.970", 2), Text("no", 2)), 2)
    assert table.entries["c"] == Table({"d": Text("0x10", 4)}, 4)


def test_what_is_written_twice_is_found_at_any_depth() -> None:
    table = parse_document("a: 1\nb:\n  c: 1\n  c: 2\na: 2\n", "f.yaml")
    assert sorted(repeats(table)) == [(4, "b.c"), (5, "a")]


@given(YAML_SIGNS)
def test_no_text_whatever_breaks_the_reader(content: str) -> None:
    with suppress(ConfigError):
        parse_document(content, "f.yaml")


@given(YAML_SIGNS)
def test_what_is_wrong_is_told_in_one_line_that_names_the_file(content: str) -> None:
    try:
        parse_document(content, "f.yaml")
    except ConfigError as error:
        told = str(error)
    else:
        return
    assert told.startswith("f.yaml")
    assert "\n" not in told


@pytest.mark.parametrize(
    ("word", "said"), [("oputput", " Did you mean 'output'?"), ("zzz", " There are: output, osc."), ("osc", None)]
)
def test_the_nearest_word_is_offered(word: str, said: str | None) -> None:
    assert did_you_mean(word, ["output", "osc"]) == (said or " Did you mean 'osc'?")
    assert did_you_mean(word, []) == ""
