"""Where a state gives way to another, or a loop turns: what of the music before is let go of there."""

from hitpoint.planner.heard import heard_outline
from hitpoint.planner.hit_points import WIDEST_CLEARANCE, clearance
from hitpoint.score.breath import rested_at_seam
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.session import Session
from hitpoint.score.stem import Part


def turn_in(session: Session, start: int, end: int) -> int | None:
    """The last turn from one state to another in [start, end); None where there is none."""
    return max((tick for tick in session.states.turns() if start <= tick < end), default=None)


def cleared_from(session: Session, turn: int) -> int:
    """The tick from which the music before a turn falls silent: a turn's clearance, but for what a marker asks for."""
    first, _ = clearance(session.timeline.tempo_map, turn)
    outline = heard_outline(session, turn)
    met = outline.meetings_in(turn - WIDEST_CLEARANCE, turn)
    return max(0, first, *(meeting.tick + 1 for meeting in met))


def before_turns(session: Session, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """The notes without what the turns that come in their midst let go of: those over a turn end there."""
    for turn in session.states.turns():
        if notes and notes[0].tick < turn and max(note.end for note in notes) > cleared_from(session, turn):
            notes = kept_before(notes, cleared_from(session, turn), turn) + tuple(
                note for note in notes if note.tick >= turn
            )
    return notes


def before_seam(session: Session, plan: BarPlan, part: Part, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """The notes of a bar as they are played in the loop: who blows takes breath before its end, so that turn after turn
    begins with fresh air. The page keeps them as they were written."""
    loop = session.transport.turning
    if loop is None or not loop.holds(plan.bar.start, plan.bar.end):
        return notes
    return rested_at_seam(plan, part, notes, loop)


def kept_before(notes: tuple[Note, ...], tick: int, ended: int | None) -> tuple[Note, ...]:
    """The notes that begin before `tick`, over at `ended` at the latest."""
    return tuple(
        note if ended is None or note.end <= ended else Note(note.tick, note.pitch, ended - note.tick, note.velocity)
        for note in notes
        if note.tick < tick
    )
