"""The last chord of a cue stands on its root."""

from hitpoint.score.controls import Controls, Key
from hitpoint.score.ground import lowest_keys
from hitpoint.score.request import BarPlan, Landing, LandingKind
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap

BAR = MeterMap.constant(4, 4).bar(3)


def ending(parts: tuple[Part, ...], key: Key | None, kind: LandingKind = LandingKind.END, bass: str = "") -> BarPlan:
    names = frozenset(part.name for part in parts)
    landing = Landing(BAR.start, kind, "END", names, None if key is None else key.tonic_triad)
    roles = ((bass, "bass"),) if bass else ()
    return BarPlan(BAR, "1m01", Controls(key=key), 120, parts, (landing,), roles=roles)


def players(*names: str) -> tuple[Part, ...]:
    return tuple(Part(name, instrument_named(name)) for name in names)


def test_who_has_the_bass_is_the_ground_though_another_reaches_lower() -> None:
    key = Key(2, "minor")
    plan = ending(players("piano", "cello", "violin"), key, bass="cello")
    piano, cello, violin = (lowest_keys(plan, part, plan.landings[0]) for part in plan.parts)
    assert cello == {38, 50}
    assert piano is not None
    assert {pitch for pitch in piano if pitch < 50} == {26, 38}
    assert violin is not None
    assert min(violin) == 55


def test_nothing_is_bound_in_other_chords_or_where_there_is_no_key_or_one_line_alone() -> None:
    key = Key(2, "minor")
    for plan in (
        ending(players("cello", "violin"), key, LandingKind.HIT),
        ending(players("cello", "violin"), None),
        ending(players("flute"), key),
        ending(players("drums"), key),
    ):
        assert {lowest_keys(plan, part, plan.landings[0]) for part in plan.parts} == {None}
