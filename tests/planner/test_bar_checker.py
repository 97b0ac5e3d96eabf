"""The checker that others' tests lean on must see every broken rule."""

from dataclasses import replace

import pytest

from fakes.bar_checker import violations
from hitpoint.score.controls import Controls
from hitpoint.score.ensemble import part_of
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar, Landing, LandingKind
from hitpoint.timeline.meter import Bar, Meter

HIT = Landing(2000, LandingKind.HIT, "HIT x", frozenset({"violin 1", "harp"}), frozenset({2, 9}), (114, 127))
PLAN = BarPlan(
    Bar(0, 0, 3840, Meter()),
    "1m01",
    Controls(),
    120.0,
    (part_of("harp"), part_of("violin")),
    (HIT,),
    ((1845, 2155),),
    (40, 80),
    frozenset({0, 2, 4, 5, 7, 9, 11}),
    spans=(("violin 1", 100, 3000),),
    cut_at=3900,
    register=0.5,
)
STRIKE = Note(2000, 69, 500, 120)
GOOD = (Note(480, 74, 480, 60), STRIKE, Note(2400, 76, 700, 70))


def bar_of(*notes: Note, part: str = "violin 1", plan: BarPlan = PLAN) -> ComposedBar:
    return ComposedBar(part, plan.bar.index, plan.basis(part) if part != "oboe" else "", notes)


def test_a_bar_that_keeps_every_rule_passes() -> None:
    assert violations(PLAN, (bar_of(*GOOD), bar_of(STRIKE, part="harp"))) == []


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (Note(50, 74, 100, 60), "outside its span"),
        (Note(3500, 74, 100, 60), "outside its span"),
        (Note(480, 110, 100, 60), "out of range"),
        (Note(480, 91, 100, 60), "above its register"),
        (Note(480, 73, 100, 60), "not in the scale"),
        (Note(480, 74, 100, 90), "outside (40, 80)"),
        (Note(1900, 74, 50, 60), "quiet span"),
        (Note(1800, 74, 300, 60), "must end by 2000"),
        (Note(2500, 74, 2000, 60), "must end by 3900"),
        (Note(2000, 72, 100, 120), "not in the chord"),
        (Note(2000, 74, 100, 60), "outside the landing's"),
        (Note(480, 74, 0, 60), "lasts no time"),
        (Note(4000, 74, 100, 60), "outside the bar"),
    ],
)
def test_a_bad_note_is_told(bad: Note, says: str) -> None:
    notes = tuple(sorted((STRIKE, bad)))
    assert any(says in line for line in violations(PLAN, (bar_of(*notes),)))


@pytest.mark.parametrize(
    ("notes", "says"),
    [
        ((GOOD[0],), "does not strike"),
        ((STRIKE, GOOD[0]), "out of order"),
        ((Note(480, 62, 100, 60), Note(480, 64, 100, 60), Note(480, 67, 100, 60), STRIKE), "can be played"),
        ((Note(480, 60, 100, 60), Note(480, 74, 100, 60), STRIKE), "out of reach"),
        ((Note(480, 74, 400, 60), Note(600, 74, 100, 60), STRIKE), "twice at once"),
    ],
)
def test_a_bad_bar_is_told(notes: tuple[Note, ...], says: str) -> None:
    assert any(says in line for line in violations(PLAN, (bar_of(*notes),)))


def test_a_stranger_or_a_stale_answer_is_told() -> None:
    assert "not in the plan" in violations(PLAN, (bar_of(part="oboe"),))[0]
    assert "another basis" in violations(PLAN, (replace(bar_of(*GOOD), basis="0"),))[0]
    assert "bar 2" in violations(PLAN, (replace(bar_of(*GOOD), bar=1),))[0]


def test_who_does_not_strike_a_hit_may_ring_through_it_but_not_through_a_turn() -> None:
    ringing = bar_of(Note(480, 62, 3000, 60), part="harp")
    for kind, told in ((LandingKind.HIT, False), (LandingKind.TURN, True)):
        plan = replace(PLAN, landings=(replace(HIT, kind=kind, parts=frozenset({"violin 1"})),))
        lines = violations(plan, (replace(ringing, basis=plan.basis("harp")),))
        assert any("must end" in line for line in lines) is told


def test_two_hands_reach_farther_than_one() -> None:
    plan = replace(PLAN, landings=(), scale=None, quiet=())
    wide = tuple(Note(480, pitch, 100, 60) for pitch in (36, 43, 72, 79))
    assert violations(plan, (bar_of(*wide, part="harp", plan=plan),)) == []
    too_wide = tuple(Note(480, pitch, 100, 60) for pitch in (36, 60, 90))
    assert "out of reach" in violations(plan, (bar_of(*too_wide, part="harp", plan=plan),))[0]
