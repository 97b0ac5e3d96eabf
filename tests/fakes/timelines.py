"""Random timelines for laws: tempo maps with both ramps, metres, markers and regions of every kind."""

from hypothesis import strategies as st

from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline

LAST_TICK = 60_000
"""About 16 bars."""

MARKER_NAMES = (
    "1m01 calm, strings, D minor", "2m04a tense, orchestra", "3m07", "HIT door slams", "HIT reveal, out of silence",
    "HIT crash, stop", "STOP", "silence", "END", "end of scene", "tense, brass", "very calm, piano", "A flat lydian",
    "calm to furious, strings and drums", "", "Scene 4", "静かな森", "solo harp, tender", "choir, epic",
)  # fmt: skip


@st.composite
def tempo_maps(draw: st.DrawFn) -> TempoMap:
    """One to six points, steps and ramps."""
    ticks = sorted(draw(st.sets(st.integers(0, LAST_TICK), min_size=1, max_size=6)))
    return TempoMap(
        tuple(TempoPoint(tick, draw(st.floats(20, 300)), draw(st.sampled_from(list(Ramp)))) for tick in ticks)
    )


@st.composite
def meter_maps(draw: st.DrawFn) -> MeterMap:
    """One to four metres, changes also inside a bar."""
    ticks = sorted(draw(st.sets(st.integers(0, LAST_TICK), min_size=1, max_size=4)))
    meters = st.builds(Meter, st.integers(1, 12), st.sampled_from([2, 4, 8, 16]))
    return MeterMap(tuple(MeterChange(tick, draw(meters)) for tick in ticks))


markers = st.builds(Marker, st.integers(-1000, LAST_TICK), st.sampled_from(MARKER_NAMES))


@st.composite
def loops(draw: st.DrawFn) -> Loop:
    """A loop of any length from a tick on."""
    start = draw(st.integers(0, LAST_TICK))
    return Loop(start, start + draw(st.integers(1, 20_000)))


@st.composite
def regions(draw: st.DrawFn) -> Region:
    """A region of any length from nothing on."""
    start = draw(st.integers(0, LAST_TICK))
    return Region(start, start + draw(st.integers(0, 20_000)), draw(st.sampled_from(MARKER_NAMES)))


timelines = st.builds(
    Timeline,
    tempo_maps(),
    meter_maps(),
    st.lists(markers, max_size=12).map(tuple),
    st.lists(regions(), max_size=3).map(tuple),
)
