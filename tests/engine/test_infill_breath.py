"""Breath between notes that stand and notes of ours: ours end earlier, and nothing else changes."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.engine.infill_breath import LEAST_SECONDS, aired
from hitpoint.score.note import Note
from hitpoint.score.playability import Kind, Violation, violations_of
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

QUARTER = 960
FLUTE = Part("flute", instrument_named("flute"))
SLOW = TempoMap.constant(60)
LINES = st.lists(
    st.tuples(st.sampled_from((120, 240, 480, 960, 3840, 7680)), st.sampled_from((0, 0, 0, 480)), st.booleans()),
    min_size=1,
    max_size=40,
)
TEMPI = st.lists(st.floats(20, 200), min_size=1, max_size=3).map(
    lambda bpms: TempoMap(
        tuple(TempoPoint(place * 9 * QUARTER, bpm, Ramp.LINEAR_IN_TIME) for place, bpm in enumerate(bpms))
    )
)


def line_of(values: list[tuple[int, int, bool]]) -> tuple[list[Note], list[Note]]:
    """One note after another: those that stand, and ours. values: duration, rest after it, whether it is ours."""
    starts = accumulate((duration + rest for duration, rest, _ in values), initial=0)
    notes = [(Note(tick, 72, duration, 80), ours) for tick, (duration, _, ours) in zip(starts, values, strict=False)]
    return [note for note, ours in notes if not ours], [note for note, ours in notes if ours]


def breathless(notes: list[Note], tempo_map: TempoMap) -> list[Violation]:
    return [
        one for one in violations_of("flute", "flute", notes, tempo_map.seconds_at) if one.kind is Kind.BREATH
    ]  # fmt: skip


def test_between_people_who_play_on_and_on_ours_leaves_the_breath() -> None:
    before, after = [[Note(tick * QUARTER, 72, QUARTER, 80) for tick in ticks] for ticks in (range(12), range(16, 28))]
    ours = [Note(12 * QUARTER, 74, 2 * QUARTER, 80), Note(14 * QUARTER, 76, 2 * QUARTER, 80)]
    standing = [*before, *after]
    assert len(breathless([*standing, *ours], SLOW)) == 1
    played = aired(FLUTE, standing, ours, SLOW)
    assert breathless([*standing, *played], SLOW) == []
    assert sum(note != old for note, old in zip(played, ours, strict=True)) == 1


def test_where_all_is_short_it_is_left_to_who_wrote_the_rest() -> None:
    standing = [Note(tick * 120, 72, 120, 80) for tick in range(200) if tick % 2]
    ours = [Note(tick * 120, 72, 120, 80) for tick in range(200) if not tick % 2]
    assert aired(FLUTE, standing, ours, SLOW) == ours


def test_who_needs_no_breath_takes_none() -> None:
    ours = [Note(0, 72, 60 * QUARTER, 80), Note(60 * QUARTER, 72, 60 * QUARTER, 80)]
    assert aired(Part("violin", instrument_named("violin")), [], ours, SLOW) == ours


@given(LINES, TEMPI)
def test_no_note_is_lost_or_longer_and_there_are_no_more_places_without_a_breath(
    values: list[tuple[int, int, bool]], tempo_map: TempoMap
) -> None:
    standing, ours = line_of(values)
    played = aired(FLUTE, standing, ours, tempo_map)
    for note, old in zip(played, ours, strict=True):
        assert (note.tick, note.pitch, note.velocity) == (old.tick, old.pitch, old.velocity)
        if note != old:
            assert note.duration < old.duration
            seconds = tempo_map.seconds_at(note.end) - tempo_map.seconds_at(note.tick)
            assert seconds >= LEAST_SECONDS - 0.005
    assert len(breathless([*standing, *played], tempo_map)) <= len(breathless([*standing, *ours], tempo_map))
