"""Figures of what was made up here: a daemon that answers after a known time."""

from hitpoint.engine.trigger_figures import beat_figures, fader_figures
from hitpoint.outputs.osc_hand import HandReport, HeardOsc
from hitpoint.planner.plan import plan_bar
from hitpoint.scheduler.performance import Schedule
from hitpoint.score.session import ControlMoved, Session, VariationAsked
from hitpoint.timeline.host_event import Started

BAR, BEAT = 3840, 960
# At 120 bpm a beat is half a second; the bar at tick 0 began at second 100.
PLAYING = Session(direction="strings, D minor").apply(ControlMoved("intensity", 0.2)).apply(Started(100.0))


def handed(bar: int, at: float, session: Session) -> list[tuple[float, Schedule]]:
    plan = plan_bar(session, bar)
    assert plan is not None
    level = plan.controls.intensity
    return [(at, Schedule(part.name, bar, bar * BAR, (bar + 1) * BAR, (), level=level)) for part in plan.parts]


def report(moves: tuple[float, ...], *notes: HeardOsc) -> HandReport:
    answers = tuple(HeardOsc(at + 0.101, "/hitpoint/transport", ()) for at in moves)
    return HandReport(moves, tuple(at + 0.1 for at in moves), answers, notes)


def note(at: float, velocity: int) -> HeardOsc:
    return HeardOsc(at, "/hitpoint/out/cello/note", (60, velocity, 0, 0.0))


def test_a_fader_is_judged_by_what_was_heard_and_handed_after_each_move() -> None:
    louder = PLAYING.apply(ControlMoved("intensity", 0.8))
    told = handed(1, 100.515, louder) + handed(1, 100.6, louder)
    heard = (
        note(100.4, 50), note(100.502, 50), HeardOsc(100.504, "/hitpoint/out/cello/cc", (11, 118, 0, 0.0)),
        note(100.55, 0), note(100.56, 95),
    )  # fmt: skip
    figures = fader_figures(PLAYING, (0.8,), report((100.5,), *heard), told)

    assert figures["moves_without_answer"] == 0
    assert figures["controller_ms"]["p50"] == 4.0
    assert figures["last_note_of_old_level_ms"]["max"] == 2.0
    assert figures["first_note_of_new_level_ms"]["p50"] == 60.0
    assert figures["all_parts_replaced_ms"]["p50"] == 15.0
    assert figures["last_rewritten_ms"]["p50"] == 100.0
    assert figures["question_and_answer_ms"]["p50"] == 1.0


def test_a_move_that_nothing_answered_is_told() -> None:
    figures = fader_figures(PLAYING, (0.8,), report((100.5,)), [])
    assert (figures["moves_without_answer"], figures["moves_with_all_parts_replaced"]) == (1, 0)


def test_another_answer_is_right_on_the_first_beat_that_can_be_met_and_handed_before_it() -> None:
    asked = PLAYING.apply(VariationAsked(0, 9, first_tick=2 * BEAT))
    figures = beat_figures(asked, report((100.6,)), handed(0, 100.65, asked))
    assert (figures["at_another_beat"], figures["handed_after_the_beat"]) == (0, 0)
    assert figures["handed_before_the_beat_ms"]["least"] == 350.0


def test_another_answer_at_a_later_beat_or_after_it_is_told() -> None:
    asked = PLAYING.apply(VariationAsked(0, 9, first_tick=3 * BEAT))
    figures = beat_figures(asked, report((100.6,)), handed(0, 101.6, asked))
    assert (figures["at_another_beat"], figures["handed_after_the_beat"]) == (1, 1)
