"""Whatever is drawn, players can play it, by the checker that knows nothing of masks: breath, stops, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.bar_checker import violations
from fakes.fake_model import FakeModel
from hitpoint.engine.composer import Composer
from hitpoint.planner.context import PAST_BARS
from hitpoint.planner.fallback import fallback_bar
from hitpoint.score.breath import MOST_BARS
from hitpoint.score.controls import Controls
from hitpoint.score.midi_score import playable
from hitpoint.score.playability import violations_of
from hitpoint.score.player_limits import PLAYERS
from hitpoint.score.request import BarPlan, BarRequest, ComposedBar, Landing, LandingKind, WrittenBar
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

BLOWN = tuple(name for name, player in PLAYERS.items() if player.breath_seconds is not None)
UNSURE = {"harpsichord", "organ"}
"""What the masks know too little of: hands that hold some keys while they strike others."""
OTHERS = tuple(name for name in PLAYERS if name not in (*BLOWN, *UNSURE))
CLEARANCE = 154


@dataclass(frozen=True)
class Cue:
    """Plans of bars, and the tempo at which they are heard."""

    plans: tuple[BarPlan, ...]
    tempo_map: TempoMap
    end_bias: float
    late: frozenset[int] = frozenset()
    """Indices of bars for which the model is too late."""

    @property
    def part(self) -> Part:
        return self.plans[0].parts[0]


late = st.frozensets(st.integers(0, 11))


def nearest_ten(bpm: float) -> float:
    return max(10.0, round(bpm / 10) * 10.0)


@st.composite
def cues(draw: st.DrawFn, instruments: Sequence[str] = BLOWN) -> Cue:
    """Some bars of one part, with landings, at tempi that change by steps and ramps, slow ones and fast ones."""
    meter = Meter(draw(st.integers(2, 12)), draw(st.sampled_from((4, 8))))
    meters = MeterMap((MeterChange(0, meter),))
    count = draw(st.integers(2, 12))
    part = Part("x", instrument_named(draw(st.sampled_from(instruments))))
    changes = draw(st.dictionaries(st.integers(0, count * meter.bar_ticks), st.floats(10, 240), max_size=3))
    points = {0: draw(st.floats(10, 240)), **changes}
    ramps = st.sampled_from(Ramp)
    tempo_map = TempoMap(tuple(TempoPoint(tick, bpm, draw(ramps)) for tick, bpm in sorted(points.items())))
    seed = draw(st.integers(0, 2**64 - 1))
    landings: list[Landing] = []
    for bar in map(meters.bar, range(count)):
        if draw(st.integers(0, 3)) == 0:
            kind = draw(st.sampled_from(tuple(LandingKind)))
            parts = frozenset(() if kind is LandingKind.STOP or draw(st.booleans()) else (part.name,))
            landings.append(Landing(draw(st.integers(bar.start, bar.end - 1)), kind, "marker", parts))
    plans = []
    for bar in map(meters.bar, range(count)):
        own = tuple(landing for landing in landings if bar.start <= landing.tick < bar.end)
        following = [landing.tick for landing in landings if landing.tick >= bar.end]
        cut_at = min([meters.bar(bar.index + 1).end, *following])
        tempi = tuple(map(nearest_ten, tempo_map.extremes(bar.start, cut_at)))
        plans.append(
            BarPlan(
                bar,
                "1m01",
                Controls(),
                nearest_ten(tempo_map.bpm_at(bar.start)),
                (part,),
                own,
                quiet=tuple((landing.tick - CLEARANCE, landing.tick + CLEARANCE) for landing in own),
                cut_at=cut_at,
                seed=seed,
                tempo_range=None if tempi[0] == tempi[1] else (tempi[0], tempi[1]),
            )
        )
    return Cue(tuple(plans), tempo_map, draw(st.sampled_from((0.0, 2.0, 4.0))))


def written(cue: Cue) -> list[ComposedBar]:
    """All bars, one after the other, each with as many before it as the planner gives."""
    composer, past = Composer(FakeModel(1024, cue.end_bias)), list[WrittenBar]()
    for plan in cue.plans:
        before = tuple(past[-PAST_BARS:])
        if plan.bar.index in cue.late:
            answer: tuple[ComposedBar, ...] = (fallback_bar(plan, cue.part, before),)
        else:
            answer = composer.compose(BarRequest(plan, (cue.part.name,), past=before))
        past.append(WrittenBar(plan, answer))
    return [bar for one in past for bar in one.parts]


def keeps_the_law(cue: Cue) -> None:
    bars = written(cue)
    # As a file has them.
    notes = playable(note for bar in bars for note in bar.notes)
    assert violations_of("x", cue.part.instrument.name, notes, cue.tempo_map.seconds_at) == []
    for plan, bar in zip(cue.plans, bars, strict=True):
        assert violations(plan, [bar]) == []


@given(cues())
@settings(max_examples=30)
def test_who_blows_breathes_in_time_whatever_is_drawn_and_strikes_every_landing(cue: Cue) -> None:
    keeps_the_law(cue)


@given(cues(), late)
@settings(max_examples=30)
def test_so_it_is_where_the_model_is_late_for_some_bars(cue: Cue, late: frozenset[int]) -> None:
    keeps_the_law(replace(cue, late=late))


@given(cues())
@settings(max_examples=30)
def test_so_it_is_where_the_model_is_late_for_all_bars(cue: Cue) -> None:
    keeps_the_law(replace(cue, late=frozenset(plan.bar.index for plan in cue.plans)))


@given(cues(OTHERS), late)
@settings(max_examples=30)
def test_bows_frets_drums_and_hands_on_keys_that_ring_can_do_whatever_is_drawn(cue: Cue, late: frozenset[int]) -> None:
    keeps_the_law(replace(cue, late=late))


def test_who_writes_a_bar_sees_back_to_the_last_breath() -> None:
    assert MOST_BARS < PAST_BARS
