import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from math import inf

import pytest

from fakes.stage import Sent, Stage
from hitpoint.engine.pages import Pages
from hitpoint.errors import HostError
from hitpoint.planner.plan import plan_bar
from hitpoint.score.dynamics import SWELL, velocity_window
from hitpoint.score.expression import EXPRESSION, controller_value
from hitpoint.score.midi_message import CONTROL_CHANGE, is_note_off, is_note_on
from hitpoint.score.note import Note
from hitpoint.score.request import ComposedBar, Source
from hitpoint.score.session import ControlMoved, DirectionGiven, LoopVaries, PartSet, Session, Switch, VariationAsked
from hitpoint.score.state import States
from hitpoint.score.when import When
from hitpoint.score.wish import FreezeAsked, ReturnAsked, StateAsked, VaryAsked
from hitpoint.timeline.host_event import MarkersChanged, MeterMapChanged, TempoMapChanged
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline

BAR = 3840
CUE = Marker(0, "1m01 calm, strings, D minor")
MARKERS = (CUE, Marker(4 * BAR + 137, "HIT door"), Marker(7 * BAR, "tense, brass, strings"), Marker(12 * BAR, "END"))


def a_session(*markers: Marker, bpm: float = 120.0) -> Session:
    return Session(Timeline(TempoMap.constant(bpm), MeterMap(), markers or MARKERS))


def ons(sent: list[Sent]) -> list[Sent]:
    return [one for one in sent if is_note_on(one.message.data)]


def test_the_first_note_sounds_at_the_start_when_bars_were_written_while_stopped():
    stage = Stage(a_session())
    stage.run(2.0)
    start = stage.now
    stage.play()
    first = ons(stage.run(1.0))[0]
    assert first.message.at == start


def test_every_landing_is_struck_at_its_tick_by_two_parts():
    stage = Stage(a_session())
    stage.run(1.0)
    stage.play()
    struck = ons(stage.run(30.0))
    for marker in MARKERS:
        parts = {one.message.part for one in struck if abs(one.tick - marker.tick) < 1e-6}
        assert len(parts) >= 2, marker.name


def test_a_dead_model_leaves_no_silence():
    stage = Stage(a_session(), seconds_a_bar=inf)
    stage.play()
    struck = ons(stage.run(24.0))
    assert {int(one.tick // BAR) for one in struck} >= set(range(12))
    assert stage.conductor.pages.by_source()[Source.MODEL] == 0


def test_the_model_takes_over_again_at_a_bar_when_it_is_back():
    stage = Stage(a_session(), seconds_a_bar=inf)
    stage.play()
    stage.run(4.0)
    stage.seconds_a_bar = 0.05
    stage.model_dies()
    stage.run(8.0)
    assert stage.conductor.pages.by_source()[Source.MODEL] > 0


def test_a_moved_hit_is_met_where_it_now_is_and_not_where_it_was():
    stage = Stage(a_session())
    stage.run(1.0)
    stage.play()
    stage.run(5.0)
    moved = Marker(5 * BAR + 733, "HIT door")
    stage.apply(MarkersChanged((CUE, moved, MARKERS[2], MARKERS[3])))
    struck = ons(stage.run(10.0))
    assert len({one.message.part for one in struck if abs(one.tick - moved.tick) < 1e-6}) >= 2
    assert not [one for one in struck if abs(one.tick - MARKERS[1].tick) < 1e-6]


def test_a_bar_of_another_metre_is_another_bar_though_the_old_one_was_playing():
    stage = Stage(a_session(CUE))
    stage.run(2.0)
    plan = plan_bar(stage.session, 3)
    assert plan is not None
    beats = tuple(Note(tick, 62, 400, 60) for tick in range(plan.bar.start + 333, plan.bar.end, 960))
    stage.conductor.pages.keep([ComposedBar("violin 1", 3, plan.basis("violin 1"), beats)])
    stage.play()
    stage.run(6.5)
    # The bar that plays is the fourth, and the fourth of the new metre begins inside it.
    stage.apply(MeterMapChanged(MeterMap((MeterChange(3720, Meter(5, 4)),))))
    struck = [one for one in ons(stage.run(3.0)) if one.tick >= 13320 and one.message.part == "violin 1"]
    written = [stage.conductor.pages.at("violin 1", index) for index in (3, 4)]
    assert {round(one.tick) for one in struck} <= {note.tick for bar in written if bar for note in bar.notes}
    assert not {note.tick for note in beats} & {round(one.tick) for one in struck}


def test_a_moved_control_changes_only_bars_that_have_not_begun():
    stage = Stage(a_session())
    stage.run(1.0)
    stage.play()
    stage.run(2.5)
    before = stage.conductor.pages.at("violin 1", 1)
    stage.apply(ControlMoved("intensity", 1.0))
    stage.run(6.0)
    assert stage.conductor.pages.at("violin 1", 1) == before
    plan = plan_bar(stage.session, 3)
    assert plan is not None
    assert plan.controls.intensity is not None
    assert plan.controls.intensity >= 0.9
    assert all(stage.conductor.pages.valid(plan, part, stage.session) for part in plan.parts)


def test_a_move_is_heard_at_once_and_nothing_is_moved_twice_when_its_bars_arrive():
    stage = Stage(Session(direction="strings, D minor").apply(ControlMoved("intensity", 0.2)), seconds_a_bar=0.3)
    stage.run(3.0)
    stage.play()
    stage.run(2.1)
    stage.apply(ControlMoved("intensity", 0.8))
    softest, loudest = velocity_window(0.8)
    struck = ons(stage.run(12.0))
    assert struck[0].tick < 3 * BAR
    assert all(softest <= one.message.data[2] <= loudest for one in struck)


def test_a_locked_part_keeps_its_velocities_whatever_the_fader_does():
    stage = Stage(Session(direction="strings, D minor").apply(ControlMoved("intensity", 0.2)))
    stage.run(3.0)
    stage.play()
    stage.run(1.0)
    stage.apply(PartSet("cello", Switch.LOCK, True))
    stage.apply(ControlMoved("intensity", 0.8))
    cello = [one for one in ons(stage.run(6.0)) if one.message.part == "cello"]
    softest, loudest = velocity_window(0.2)
    assert cello
    assert all(softest <= one.message.data[2] <= loudest for one in cello)


def test_controllers_are_where_the_plan_is_when_a_bar_begins():
    stage = Stage(a_session())
    stage.run(1.0)
    stage.play()
    values: dict[int, int] = {}
    for one in stage.run(20.0):
        bar = round(one.tick) // BAR
        if (
            is_note_on(one.message.data)
            and round(one.tick) == bar * BAR
            and not any(m.tick // BAR == bar for m in MARKERS)
        ):
            plan, before = plan_bar(stage.session, bar), plan_bar(stage.session, bar - 1)
            assert plan is not None
            assert before is not None
            # A fall comes within a beat after the bar line; the phrase adds or takes some.
            level = max(plan.level, before.level)
            low, high = (controller_value(EXPRESSION, level + swell) for swell in (-SWELL, SWELL))
            assert low <= values[EXPRESSION] <= high
        if one.message.data[0] & 0xF0 == CONTROL_CHANGE:
            values[one.message.data[1]] = one.message.data[2]


def test_a_locked_part_plays_the_same_notes_whatever_changes():
    stage = Stage(a_session())
    stage.run(3.0)
    kept = [stage.conductor.pages.at("cello", bar) for bar in range(4)]
    stage.apply(PartSet("cello", Switch.LOCK, True))
    stage.apply(ControlMoved("intensity", 0.9))
    stage.apply(VariationAsked(0, 20))
    stage.play()
    struck = [one for one in ons(stage.run(8.0)) if one.message.part == "cello"]
    wanted = [(note.tick, note.pitch) for bar in kept if bar for note in bar.notes]
    heard = [(round(one.tick), one.message.data[1]) for one in struck if one.tick < 4 * BAR]
    assert heard == wanted


def test_a_variation_of_one_part_leaves_the_others_alone():
    stage = Stage(a_session())
    stage.run(3.0)
    before = {part: stage.conductor.pages.at(part, 2) for part in ("violin 1", "cello")}
    stage.apply(VariationAsked(0, 20, frozenset({"cello"})))
    stage.run(3.0)
    assert stage.conductor.pages.at("violin 1", 2) == before["violin 1"]
    cello = stage.conductor.pages.at("cello", 2)
    assert cello is not None
    assert before["cello"] is not None
    assert cello.basis != before["cello"].basis


def test_playing_again_from_the_top_sounds_the_same():
    stage = Stage(a_session())
    stage.run(1.0)
    stage.play()
    first = [(round(one.tick), one.message.data) for one in ons(stage.run(6.0))]
    stage.stop()
    stage.locate(0)
    stage.run(0.5)
    stage.play()
    assert [(round(one.tick), one.message.data) for one in ons(stage.run(6.0))] == first


def test_a_locate_into_the_unknown_is_answered_within_a_bar():
    stage = Stage(a_session())
    stage.play()
    stage.run(2.0)
    stage.locate(9 * BAR)
    struck = ons(stage.run(2.0))
    assert struck
    assert all(one.tick >= 9 * BAR for one in struck)


def test_undo_takes_back_what_was_asked_last_and_the_same_notes_sound_again():
    stage = Stage(a_session())
    stage.run(2.0)
    before = stage.conductor.pages.at("cello", 2)
    stage.apply(VariationAsked(0, 20))
    stage.run(2.0)
    assert stage.conductor.pages.at("cello", 2) != before
    assert stage.undo() == ()
    stage.run(2.0)
    assert stage.conductor.pages.at("cello", 2) == before


def test_one_undo_takes_back_the_whole_way_of_a_fader():
    stage = Stage(a_session())
    stage.apply(PartSet("cello", Switch.MUTE, True))
    for value in (0.1, 0.2, 0.3):
        stage.apply(ControlMoved("tension", value))
    assert stage.undo() == (ControlMoved("tension", None),)
    assert stage.undo() == (PartSet("cello", Switch.MUTE, False),)
    with pytest.raises(HostError):
        stage.undo()


CHANGES = 12
STATES = States((("calm", "calm, harp, flute"), ("chase", "furious, brass, drums")))


def change(stage: Stage, source: random.Random) -> None:
    """One thing that a host or a person may do."""
    tick = source.randrange(14 * BAR)
    match source.randrange(21):
        case 0:
            stage.play()
        case 1:
            stage.stop()
        case 2 | 3:
            stage.locate(tick)
        case 4:
            points = [TempoPoint(0, source.uniform(40, 220), source.choice(list(Ramp)))]
            points.append(TempoPoint(1 + tick, source.uniform(40, 220)))
            stage.apply(TempoMapChanged(TempoMap(tuple(points)), stage.now))
        case 5:
            meter = Meter(source.randrange(2, 8), source.choice([4, 8]))
            stage.apply(MeterMapChanged(MeterMap((MeterChange(source.choice([0, tick]), meter),))))
        case 6 | 7:
            names = ("HIT a", "HIT b stop", "tense, brass", "calm, strings, piano", "2m02 furious, orchestra", "END")
            markers = tuple(Marker(source.randrange(14 * BAR), name) for name in source.sample(names, 3))
            stage.apply(MarkersChanged((CUE, *markers)))
        case 8:
            stage.apply(ControlMoved(source.choice(["intensity", "tension"]), source.choice([None, 0.1, 0.9])))
        case 9:
            stage.apply(
                PartSet(
                    source.choice(["cello", "strings", "brass"]), source.choice(list(Switch)), source.random() < 0.5
                )
            )
        case 10:
            stage.apply(VariationAsked(0, 20, frozenset(source.choice([(), ("cello",), ("brass",)]))))
        case 11:
            stage.apply(DirectionGiven(source.choice(["", "tense, choir"])))
        case 12 | 13:
            # Bars around the host, of any length, or any ticks.
            start = source.choice([tick, max(0, round(stage.tick) // BAR - source.randrange(2)) * BAR])
            stage.loop(start, start + source.choice([BAR // 4, BAR, BAR, 2 * BAR, 2 * BAR, 4 * BAR, 1 + tick]))
        case 14:
            if source.random() < 0.5:
                stage.loop_off()
            else:
                stage.apply(LoopVaries(source.random() < 0.5))
        case 15 | 16 | 17 | 18 | 19 | 20:
            ask(stage, source)
    stage.seconds_a_bar = source.choice([0.02, 0.1, 0.5, 3.0])


def ask(stage: Stage, source: random.Random) -> None:
    """One thing that a person may want to happen in time."""
    when = source.choice(list(When))
    state = StateAsked(
        source.choice(["calm", "chase"]),
        when,
        source.random() < 0.5,
        source.random() < 0.3,
        source.choice([None, 1, 3]),
    )
    vary = VaryAsked(when, source.choice([frozenset[str](), frozenset({"cello"})]))
    wish = source.choice([state, state, ReturnAsked(when), vary, FreezeAsked(source.random() < 0.5), None])
    with suppress(HostError):  # there may be nothing to return from, or to undo
        if wish is None:
            stage.undo()
        else:
            stage.ask(wish)


def check_pairs(sent: list[Sent]) -> None:
    """Every note-on ends, nothing is struck twice, time never runs back."""
    sounding: set[tuple[int, int, int]] = set()
    last = -inf
    for one in sent:
        assert one.message.at >= last
        last = one.message.at
        key = (one.message.port, one.message.data[0] & 15, one.message.data[1])
        if is_note_on(one.message.data):
            assert key not in sounding, f"doubled at {one.tick}"
            sounding.add(key)
        elif is_note_off(one.message.data):
            sounding.discard(key)
    assert not sounding


class Answers(Pages):
    """Pages that remember every answer: one that was heard may have another in its place by now."""

    def __init__(self) -> None:
        super().__init__()
        self.ever: defaultdict[tuple[str, int], list[ComposedBar]] = defaultdict(list)

    def keep(self, bars: Iterable[ComposedBar]) -> None:
        bars = tuple(bars)
        super().keep(bars)
        for bar in bars:
            self.ever[bar.part, bar.bar].append(bar)


def check_nothing_stale(
    stage: Stage, answers: Answers, sent: list[Sent], changed_at: float, sessions: Sequence[Session]
) -> None:
    """What sounds in a bar that began after the last change is what its plan asks for, in one of the sessions since."""
    tempo_map, loop = stage.session.timeline.tempo_map, stage.session.transport.turning
    for one in ons(sent):
        bar = stage.session.timeline.meter_map.bar_at(round(one.tick))
        began = one.message.at - (tempo_map.seconds_at(one.tick) - tempo_map.seconds_at(bar.start))
        if loop and loop.lies_in(bar.start, bar.end):
            # It begins at every turn; how it was come to first is as for other bars.
            began = one.message.at - (tempo_map.seconds_at(one.tick) - tempo_map.seconds_at(loop.start))
            began -= stage.session.transport.course(tempo_map).loop_seconds
        if began <= changed_at:
            continue
        plans = [plan_bar(session, bar.index) for session in sessions]
        bases = {plan.basis(one.message.part) for plan in plans if plan is not None}
        kept = one.message.part in stage.session.locked or stage.session.locked & {"strings", "brass"}
        kept = kept or any(session.frozen and session.frozen.bar == bar.index for session in sessions)
        written = [bar for bar in answers.ever[one.message.part, bar.index] if kept or bar.basis in bases]
        notes = {(note.tick, note.pitch) for bar in written for note in bar.notes}
        assert (round(one.tick), one.message.data[1]) in notes, "stale"


def host_script(seed: int) -> None:
    source, answers = random.Random(seed), Answers()
    stage = Stage(replace(a_session(bpm=source.uniform(60, 200)), states=STATES), seconds_a_bar=0.1, pages=answers)
    stage.run(source.choice([0.0, 1.0]))
    stage.play()
    for _ in range(source.randrange(2, CHANGES)):
        change(stage, source)
        changed_at, before = stage.now, len(stage.sessions)
        sent = stage.run(source.choice([0.05, 0.5, 2.0, 5.0]))
        if not stage.session.loop_varies:
            check_nothing_stale(stage, answers, sent, changed_at, [*stage.sessions[before:], stage.session])
    stage.end()
    check_pairs(stage.sent)


def test_random_host_scripts_keep_the_laws():
    for seed in range(8):
        host_script(seed)
