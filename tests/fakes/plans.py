"""Random plans of bars, for laws that must hold of every one."""

from collections.abc import Iterable

from hypothesis import strategies as st

from hitpoint.score.chord import QUALITIES, Chord
from hitpoint.score.controls import SCALES, Controls, Key
from hitpoint.score.request import BarPlan, ComposedBar, Landing, LandingKind
from hitpoint.score.stem import INSTRUMENTS, Part
from hitpoint.timeline.meter import Bar, Meter, MeterMap

chords = st.none() | st.builds(Chord, st.integers(0, 11), st.sampled_from(sorted(QUALITIES)))

CLEARANCE = 154
"""Ticks on either side of a landing: 80 ms at 120 quarters a minute."""


@st.composite
def parts_of(draw: st.DrawFn, most: int = 5) -> tuple[Part, ...]:
    """Some parts, of different instruments or desks."""
    chosen = draw(st.lists(st.tuples(st.sampled_from(INSTRUMENTS), st.integers(0, 3)), min_size=1, max_size=most))
    unique = dict.fromkeys((instrument, desk) for instrument, desk in chosen)
    return tuple(Part(f"{instrument.name} {desk + 1}", instrument, desk) for instrument, desk in unique)


@st.composite
def plans(draw: st.DrawFn) -> BarPlan:
    """A planned bar, with landings on and off the grid."""
    meter = Meter(draw(st.integers(1, 12)), draw(st.sampled_from((2, 4, 8))))
    start = 960 * draw(st.integers(0, 40))
    bar = Bar(draw(st.integers(0, 40)), start, start + meter.bar_ticks, meter)
    parts = draw(parts_of())
    key = Key(draw(st.integers(0, 11)), draw(st.sampled_from(sorted(SCALES))))
    landings = tuple(
        Landing(
            tick,
            kind,
            "marker",
            frozenset(part.name for part in parts if kind is not LandingKind.STOP and draw(st.booleans())),
            draw(st.sampled_from((None, key.tonic_triad))),
            draw(st.sampled_from(((1, 127), (100, 127)))),
        )
        for tick in sorted(draw(st.sets(st.integers(bar.start, bar.end - 1), max_size=2)))
        for kind in (draw(st.sampled_from(LandingKind)),)
    )
    first, last = _around(landings, bar)
    return BarPlan(
        bar=bar,
        cue="1m01",
        controls=Controls(key=draw(st.sampled_from((None, key))), density=draw(st.sampled_from((None, 0.0, 0.7)))),
        tempo_bpm=120,
        parts=parts,
        landings=landings,
        quiet=tuple((landing.tick - CLEARANCE, landing.tick + CLEARANCE) for landing in landings),
        velocity=draw(st.sampled_from(((1, 127), (40, 60), (71, 72)))),
        scale=draw(st.sampled_from((None, key.scale))),
        first_tick=draw(st.sampled_from((None, first))),
        last_tick=draw(st.sampled_from((None, last))),
        spans=tuple((part.name, first, last) for part in parts[:1] if draw(st.booleans())),
        cut_at=draw(st.sampled_from((None, bar.end, bar.end + 700))),
        bars_to_hit=draw(st.sampled_from((None, 0, 3))),
        register=draw(st.sampled_from((None, 0.0, 0.5, 1.0))),
        seed=draw(st.integers(0, 2**64 - 1)),
        harmony=(draw(chords), draw(chords)),
    )


@st.composite
def last_bars(draw: st.DrawFn) -> BarPlan:
    """A bar with the last chord of a cue in a key, which all its parts strike: two lines at least."""
    parts = draw(parts_of().filter(lambda parts: sum(one.instrument.polyphony for one in parts if _grounds(one)) > 1))
    key = Key(draw(st.integers(0, 11)), draw(st.sampled_from(sorted(SCALES))))
    bar = MeterMap.constant(4, 4).bar(3)
    end = Landing(bar.start, LandingKind.END, "END", frozenset(part.name for part in parts), key.tonic_triad)
    bass = draw(st.sampled_from([(), *((part.name, "bass") for part in parts if _grounds(part))]))
    return BarPlan(
        bar, "1m01", Controls(key=key), 120, parts, (end,), scale=key.scale, last_tick=bar.start,
        roles=(bass,) if bass else (),
        seed=draw(st.integers(0, 2**64 - 1)),
    )  # fmt: skip


def lowest_class(answer: Iterable[ComposedBar]) -> int:
    """The pitch class of the lowest note, drums left out."""
    return min(note.pitch for bar in answer if not bar.part.startswith("drums") for note in bar.notes) % 12


def _grounds(part: Part) -> bool:
    return part.stem not in ("drums", "percussion")


def _around(landings: tuple[Landing, ...], bar: Bar) -> tuple[int, int]:
    """A middle stretch of the bar that leaves no landing out."""
    ticks = [landing.tick for landing in landings]
    return min([bar.start + bar.ticks // 3, *ticks]), max([bar.start + bar.ticks // 2, *ticks])
