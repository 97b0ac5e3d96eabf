import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fakes.timelines import LAST_TICK, timelines
from hitpoint.planner.keys import scale_for
from hitpoint.planner.outline import outline_of
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.stinger import Figure, figure_at
from hitpoint.planner.stinger_place import place_of
from hitpoint.planner.sync import sync_point
from hitpoint.score.note import Note
from hitpoint.score.playability import violations_of
from hitpoint.score.request import BarPlan, LandingKind
from hitpoint.score.session import Session
from hitpoint.score.stem import Part
from hitpoint.score.stinger import Shape, StingerAsked, read_stinger
from hitpoint.score.when import When
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.tokens.playability import playable

BAR = 3840
CUE = Marker(0, "1m01 tense, orchestra, D minor")
HIT = Marker(4 * BAR + 137, "HIT door")
PLAYERS = ("brass, timpani, drums", "strings", "harp", "orchestra", "piano, bells", "choir, organ", "winds, guitar")

stingers = st.builds(
    lambda shape, players, beats: read_stinger(f"{shape.value}, {players}, {beats} beats"),
    st.sampled_from(Shape), st.sampled_from(PLAYERS), st.integers(1, 8),
)  # fmt: skip
asked_stingers = st.builds(StingerAsked, st.just("one"), stingers, st.integers(0, LAST_TICK), st.sampled_from(When))


def a_session(*markers: Marker, bpm: float = 120.0) -> Session:
    return Session(Timeline(TempoMap.constant(bpm), markers=markers or (CUE, HIT)))


def figure(session: Session, text: str, earliest: int = 0, when: When = When.BEAT) -> Figure:
    asked = StingerAsked("one", read_stinger(text), earliest, when)
    place = place_of(session, asked)
    assert place is not None
    return figure_at(session, asked, place)


def ticks(made: Figure) -> list[int]:
    return sorted({note.tick for _, notes in made.notes for note in notes})


def test_a_hit_strikes_together_at_its_sync_point_and_rings_for_its_length() -> None:
    made = figure(a_session(), "hit, brass, timpani", earliest=BAR + 100)
    assert ticks(made) == [BAR + 960]
    assert len(made.notes) == 6
    assert made.end == BAR + 3 * 960


def test_a_rise_ends_at_its_sync_point_growing_and_going_up() -> None:
    made = figure(a_session(), "rise, violin, 4 beats", when=When.BAR)
    (_, notes) = made.notes[0]
    assert made.place.start == 0
    assert made.place.goal == notes[-1].tick == BAR
    pitches = [note.pitch for note in notes[:-1]]
    assert pitches == sorted(pitches)
    assert notes[-1].velocity > notes[0].velocity + 15


def test_a_rise_begins_as_many_beats_before_as_there_is_room_for_else_it_goes_to_the_next_sync_point() -> None:
    near = figure(a_session(), "rise, violin, 4 beats", earliest=1900, when=When.BAR)
    assert (near.place.start, near.place.goal) == (BAR - 2 * 960, BAR)
    nearer = figure(a_session(), "rise, violin, 4 beats", earliest=2000, when=When.BAR)
    assert (nearer.place.start, nearer.place.goal) == (BAR, 2 * BAR)
    now = figure(a_session(), "rise, violin, 4 beats", earliest=100, when=When.NOW)
    assert (now.place.start, now.place.goal) == (100, 100 + 4 * 960)


def test_a_fall_goes_down_dying_away_and_a_roll_swells_on_its_key() -> None:
    fall = figure(a_session(), "fall, flute, 4 beats", earliest=BAR).notes[0][1]
    assert [note.pitch for note in fall] == sorted((note.pitch for note in fall), reverse=True)
    assert fall[-1].velocity < fall[0].velocity - 15
    roll = figure(a_session(), "roll, timpani, 4 beats", earliest=BAR).notes[0][1]
    assert len({note.pitch for note in roll}) == 1
    assert roll[-1].velocity > roll[0].velocity + 15


def test_who_rises_slowly_takes_breath_before_the_strike_and_never_instead_of_it() -> None:
    timeline = Timeline(TempoMap.constant(20.0), MeterMap((MeterChange(0, Meter(1, 2)),)))
    session = Session(timeline, direction="tense, strings")
    made = figure(session, "rise, tuba, 1 beats", earliest=68, when=When.NOW)
    (_, notes) = made.notes[0]
    assert notes[-1].tick == made.place.goal


@settings(max_examples=60)
@given(
    shape=st.sampled_from(Shape), who=st.sampled_from(("flute", "tuba", "brass", "winds")), beats=st.integers(1, 16),
    bpm=st.floats(30, 200),
)  # fmt: skip
def test_who_blows_has_the_air_for_it_however_long_it_is(shape: Shape, who: str, beats: int, bpm: float) -> None:
    session = a_session(CUE, bpm=bpm)
    made = figure(session, f"{shape.value}, {who}, {beats} beats", earliest=BAR)
    for part, notes in made.notes:
        assert violations_of(part.name, part.instrument.name, notes, session.timeline.tempo_map.seconds_at) == []
        assert min(note.duration for note in notes) >= 30
        assert notes[-1 if shape is Shape.RISE else 0].tick == made.place.goal


def test_one_that_would_strike_in_a_clearance_moves_to_the_landing_or_out_of_it() -> None:
    session = a_session(CUE, Marker(4 * BAR + 20, "HIT door"))
    before = figure(session, "hit, brass", earliest=4 * BAR - 50, when=When.BAR)
    assert ticks(before) == [4 * BAR + 20]
    after = figure(session, "hit, brass", earliest=4 * BAR + 60, when=When.NOW)
    assert 4 * BAR + 20 + 154 <= ticks(after)[0] <= 4 * BAR + 20 + 160


def test_at_a_hit_it_strikes_the_hits_own_chord_as_loud() -> None:
    session = a_session()
    made = figure(session, "hit, brass", earliest=4 * BAR + 100, when=When.MARKER)
    plan = plan_bar(session, 4)
    assert plan is not None
    (landing,) = plan.landings
    assert ticks(made) == [HIT.tick]
    for _, notes in made.notes:
        assert all(note.pitch % 12 in (landing.chord or ()) for note in notes)
        assert all(landing.velocity[0] <= note.velocity <= landing.velocity[1] for note in notes)


def test_the_silence_before_a_hit_and_after_a_stop_is_left_alone() -> None:
    session = a_session(CUE, Marker(4 * BAR, "STOP"), Marker(12 * BAR, "2m02 calm, strings"))
    resumes = outline_of(session).passages[1].start
    assert figure(session, "hit, brass", earliest=4 * BAR + 10).place.goal >= resumes
    ended = a_session(CUE, Marker(4 * BAR, "STOP"))
    assert [passage.end for passage in outline_of(ended).passages] == [4 * BAR]
    assert place_of(ended, StingerAsked("one", read_stinger("hit, brass"), 4 * BAR + 10, When.BEAT)) is None


def test_nothing_of_it_sounds_over_a_landing_that_ends_what_sounds() -> None:
    session = a_session(CUE, Marker(BAR + 960 + 500, "calm, strings"))
    made = figure(session, "hit, brass, 4 beats", earliest=BAR + 960)
    assert made.end == BAR + 960 + 500


def test_the_same_seed_makes_the_same_notes_and_the_metre_the_beat() -> None:
    meters = MeterMap((MeterChange(0, Meter(6, 8)),))
    session = Session(Timeline(meter_map=meters, markers=(CUE,)))
    assert figure(session, "rise, strings", 500) == figure(session, "rise, strings", 500)
    assert figure(session, "hit, brass", 500).place.goal == 960
    assert figure(session, "hit, brass", 500).end == 960 + 2 * 480


def check_notes(session: Session, part: Part, notes: tuple[Note, ...], goal: int) -> None:
    instrument = part.instrument
    assert list(notes) == sorted(notes)
    for note in notes:
        assert instrument.low <= note.pitch <= instrument.high
        assert 1 <= note.velocity <= 127
        assert note.duration >= 1
        sounding = [one for one in notes if one.tick <= note.tick < one.end]
        assert len(sounding) <= instrument.polyphony
        assert playable(instrument, sorted(one.pitch for one in notes if one.tick == note.tick))
        plan = plan_bar(session, session.timeline.meter_map.bar_at(note.tick).index)
        check_harmony_and_clearance(session, plan, part, note, goal)
        for meeting in outline_of(session).meetings_in(note.tick + 1, note.end):
            assert meeting.kind is LandingKind.HIT


def check_harmony_and_clearance(session: Session, plan: BarPlan | None, part: Part, note: Note, goal: int) -> None:
    landing = None if plan is None else next((x for x in plan.landings if x.tick == note.tick and x.parts), None)
    if plan is not None and any(first <= note.tick <= last for first, last in plan.quiet):
        assert landing is not None
        assert note.tick == goal
    playing = outline_of(session).passages_in(note.tick, note.tick + 1)
    if plan is None or not playing or part.instrument.drums:
        return
    scale = scale_for(playing[0].key, plan.controls.tension)
    assert note.pitch % 12 in (scale if landing is None or landing.chord is None else landing.chord)


def check_place(session: Session, asked: StingerAsked, made: Figure) -> None:
    """At the first sync point of its kind that is clear, or at the landing in whose clearance that lies."""
    start, goal = made.place.start, made.place.goal
    assert asked.earliest <= start <= goal
    if asked.stinger.shape is Shape.RISE:
        beat = session.timeline.meter_map.bar_at(goal).meter.beat_ticks
        assert (goal - start) % beat == 0
        assert goal - start >= asked.stinger.beats * beat / 2
    landed = any(meeting.tick == goal for meeting in outline_of(session).meetings_in(goal, goal + 1))
    if asked.when in (When.BEAT, When.BAR) and not landed:
        assert sync_point(session, goal, asked.when) == goal
    assert all(goal != note.tick or start <= note.tick for _, notes in made.notes for note in notes)


def check_one(timeline: Timeline, asked: StingerAsked, seed: int) -> None:
    session = Session(timeline, direction="tense, strings", seed=seed)
    place = place_of(session, asked)
    assume(place is not None)
    assert place is not None
    made = figure_at(session, asked, place)
    check_place(session, asked, made)
    assert made.notes
    for part, notes in made.notes:
        assert goal_is_struck(asked, notes, place.goal)
        assert made.end >= max(note.end for note in notes)
        check_notes(session, part, notes, place.goal)


def goal_is_struck(asked: StingerAsked, notes: tuple[Note, ...], goal: int) -> bool:
    struck = [note.tick for note in notes]
    return struck[-1] == goal if asked.stinger.shape is Shape.RISE else struck[0] == goal


@settings(deadline=None, max_examples=200)
@given(timelines, asked_stingers, st.integers(0, 1000))
def test_every_stinger_is_in_place_in_key_and_playable(timeline: Timeline, asked: StingerAsked, seed: int) -> None:
    check_one(timeline, asked, seed)


@pytest.mark.slow
@pytest.mark.parametrize("_quarter", range(4))
@settings(deadline=None, max_examples=2_500)
@given(timelines, asked_stingers, st.integers(0, 1000))
def test_ten_thousand_stingers_are(_quarter: int, timeline: Timeline, asked: StingerAsked, seed: int) -> None:
    check_one(timeline, asked, seed)
