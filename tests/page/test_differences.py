from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.page.differences import applied, difference

NAMES = st.text("ab/~", max_size=3)
LEAVES = st.none() | st.booleans() | st.integers(0, 3) | st.floats(0, 1) | st.text("xy", max_size=2)
VALUES = st.recursive(
    LEAVES | st.lists(LEAVES, max_size=2), lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=12
)
STATES = st.dictionaries(NAMES, VALUES, max_size=4)


@given(STATES, STATES)
def test_a_difference_that_is_made_leads_from_the_one_value_to_the_other(before: dict[str, Any], after: dict[str, Any]):
    kept = repr(before)
    made = applied(before, difference(before, after))
    assert repr(sorted_through(made)) == repr(sorted_through(after))
    assert repr(before) == kept


@given(STATES)
def test_equal_values_do_not_differ(state: dict[str, Any]):
    assert not difference(state, {**state})


def test_objects_are_told_member_by_member_and_lists_whole():
    before = {"bars": {"3": {"stage": "ready"}, "4": 1}, "ports": ["a", "b"], "x": None}
    after = {"bars": {"3": {"stage": "playing"}}, "ports": ["a", "c"], "y/z": None}
    change = difference(before, after)
    assert change.set == {"/bars/3/stage": "playing", "/ports": ["a", "c"], "/y~1z": None}
    assert sorted(change.gone) == ["/bars/4", "/x"]


def test_true_is_not_one():
    assert difference({"on": 1}, {"on": True}).set == {"/on": True}


def sorted_through(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: sorted_through(value[name]) for name in sorted(value)}
    return value
