from dataclasses import fields, replace
from typing import Any

import pytest

from hitpoint.score.chord import Chord
from hitpoint.score.controls import Controls, Key
from hitpoint.score.ensemble import part_of
from hitpoint.score.request import BarPlan, Echo, Landing, LandingKind
from hitpoint.timeline.meter import Bar, Meter

BAR = Bar(4, 15360, 19200, Meter())
PLAN = BarPlan(BAR, "1m01", Controls(), 120.0, (part_of("french horn"), part_of("violin")), seed=7)
HIT = Landing(15700, LandingKind.HIT, "HIT door", frozenset({"violin 1"}), frozenset({2, 9, 5}), (100, 127))

CHANGES: dict[str, Any] = {
    "bar": Bar(4, 15361, 19200, Meter()),
    "cue": "1m02",
    "controls": Controls(tension=0.5),
    "tempo_bpm": 130.0,
    "landings": (HIT,),
    "quiet": ((15500, 15900),),
    "velocity": (40, 60),
    "scale": frozenset({0, 2}),
    "first_tick": 15400,
    "last_tick": 19000,
    "spans": (("violin 1", 15360, 16000),),
    "cut_at": 19200,
    "bars_to_hit": 0,
    "bars_to_end": 3,
    "seed": 8,
    "variations": (("violin 1", 1),),
    "register": 0.4,
    "repeats": 2,
    "harmony": (Chord(2, "minor"), None),
    "style": "orchestral",
    "roles": (("violin 1", "melody"),),
    "rates": (("violin 1", 1.5),),
    "tempo_range": (80.0, 120.0),
    "echo": Echo(0, "flute", "violin 1"),
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_basis_differs_when_anything_differs_that_the_notes_depend_on(name: str) -> None:
    assert replace(PLAN, **{name: CHANGES[name]}).basis("violin 1") != PLAN.basis("violin 1")


def test_every_field_but_the_other_parts_the_exact_level_the_past_and_the_phrase_is_in_the_basis() -> None:
    left_out = {"parts", "level", "past_from", "into_passage"}
    assert {field.name for field in fields(BarPlan) if field.init} == set(CHANGES) | left_out


def test_what_was_kept_before_chords_styles_and_roles_could_be_asked_for_stays_right() -> None:
    # As it was digested then. Session files and takes hold such digests.
    assert PLAN.basis("violin 1") == "0edd06c25ea7b9bb"


def test_a_role_or_a_rate_of_another_part_undoes_nothing() -> None:
    assert replace(PLAN, rates=(("french horn", 0.3),)).basis("violin 1") == PLAN.basis("violin 1")
    assert replace(PLAN, roles=(("french horn", "pad"),)).basis("violin 1") == PLAN.basis("violin 1")


def test_what_is_said_again_undoes_no_other_part_and_none_that_was_asked_for_another_answer() -> None:
    echo = Echo(0, "violin 1", "french horn")
    assert replace(PLAN, echo=echo).basis("violin 1") == PLAN.basis("violin 1")
    varied = replace(PLAN, variations=(("french horn", 1),))
    assert replace(varied, echo=echo).basis("french horn") == varied.basis("french horn")


def test_a_small_move_of_the_fader_undoes_no_note() -> None:
    assert replace(PLAN, level=0.513).basis("violin 1") == PLAN.basis("violin 1")


def test_adding_a_part_undoes_no_other() -> None:
    more = replace(PLAN, parts=(*PLAN.parts, part_of("cello")))
    assert more.basis("violin 1") == PLAN.basis("violin 1")


def test_another_instrument_under_the_same_name_is_another_part() -> None:
    renamed = replace(part_of("cello"), name="violin 1")
    assert replace(PLAN, parts=(renamed,)).basis("violin 1") != PLAN.basis("violin 1")


def test_parts_have_bases_of_their_own() -> None:
    assert PLAN.basis("violin 1") != PLAN.basis("french horn")


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (replace(HIT, name="HIT window"), True),
        (replace(HIT, parts=frozenset({"violin 1", "french horn"})), True),
        (replace(HIT, parts=frozenset({"french horn"})), False),
        (replace(HIT, tick=15701), False),
        (replace(HIT, chord=None), False),
        (replace(HIT, velocity=(90, 127)), False),
    ],
)
def test_of_a_landing_only_what_the_part_must_do_counts(changed: Landing, same: bool) -> None:
    first, second = (replace(PLAN, landings=(landing,)) for landing in (HIT, changed))
    assert (first.basis("violin 1") == second.basis("violin 1")) is same


def test_a_variation_of_one_part_leaves_the_others() -> None:
    varied = replace(PLAN, variations=(("violin 1", 2),))
    assert (varied.variation("violin 1"), varied.variation("french horn")) == (2, 0)
    assert varied.basis("french horn") == PLAN.basis("french horn")


def test_a_basis_does_not_depend_on_the_order_in_which_a_set_was_made() -> None:
    one, other = (replace(PLAN, scale=frozenset(order)) for order in ((9, 5, 2, 0), (0, 2, 5, 9)))
    assert one.basis("violin 1") == other.basis("violin 1")


def test_a_basis_is_the_same_in_every_process() -> None:
    keyed = replace(PLAN, controls=Controls(key=Key(2, "minor")))
    assert keyed.basis("violin 1") == keyed.basis("violin 1")
    assert len(keyed.basis("violin 1")) == 16


def test_a_part_plays_in_the_whole_bar_unless_it_is_said_otherwise() -> None:
    assert PLAN.span("violin 1") == (15360, 19199)
    assert replace(PLAN, first_tick=15400, last_tick=19000).span("violin 1") == (15400, 19000)
    narrow = replace(PLAN, spans=(("violin 1", 15000, 16000),), first_tick=15400)
    assert narrow.span("violin 1") == (15400, 16000)
    assert narrow.span("french horn") == (15400, 19199)
