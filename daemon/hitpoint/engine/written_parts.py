"""What stands on the pages, part by part, as a file or a host's tracks have it. Light: control loads it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import floor

from hitpoint.engine.pages import Pages
from hitpoint.engine.routes import file_channels
from hitpoint.planner.dynamics import dynamics_of
from hitpoint.planner.ensemble import ensemble_of, programs_of
from hitpoint.score.articulation import LEAD_SECONDS, ArticulationMap, SwitchAt, articulations_in
from hitpoint.score.expression import CONTROLLER_RANGES, ControllerMove, moves_until
from hitpoint.score.midi_message import SUSTAIN_PEDAL
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.score.pedal import pedal_moves, pedals_in
from hitpoint.score.request import BarPlan, accents_of
from hitpoint.score.session import Session
from hitpoint.score.stem import DRUM_CHANNEL, Part


def written_parts(
    session: Session,
    pages: Pages,
    plans: Sequence[BarPlan],
    end: int,
    controllers: Sequence[int],
    articulations: ArticulationMap | None = None,
) -> Iterator[tuple[Part, MidiPart]]:
    """What is written in the bars of these plans, up to the tick `end`: each part of the ensemble, in score order, and
    its notes and moves."""
    channels, programs = file_channels(), dict(programs_of(session))
    following = [number for number in controllers if number in CONTROLLER_RANGES]
    moves = tuple(moves_until(dynamics_of(plans, pages.notes), session.timeline.tempo_map, following, end))
    for part in ensemble_of(session):
        written = (pages.at(part.name, plan.bar.index) for plan in plans)
        # The last chord rings as long as there are bars, and no longer: what was asked for is that many.
        notes = [
            replace(note, duration=min(note.end, end) - note.tick)
            for bar in written
            if bar is not None
            for note in bar.notes
        ]
        channel = DRUM_CHANNEL if part.instrument.drums else next(channels)
        pedals = _pedals(part, pages, plans, end) if SUSTAIN_PEDAL in controllers else []
        own = sorted((*moves, *pedals), key=lambda move: move.tick) if pedals else moves
        # Who never plays has a track, so that stems of several cues are the same ones, and nothing on it.
        written_part = MidiPart.of(part, channel, notes, own if notes else (), programs.get(part.instrument.name))
        if articulations is not None and articulations.switches(part.instrument):
            switches = tuple(_switches(part, session, pages, plans, articulations))
            written_part = replace(written_part, switches=switches)
        yield part, written_part


def _switches(
    part: Part, session: Session, pages: Pages, plans: Sequence[BarPlan], articulations: ArticulationMap
) -> Iterator[SwitchAt]:
    """What the part is switched to, each time it is another."""
    tempo_map, known = session.timeline.tempo_map, None
    for plan in plans:
        beat, accents = plan.bar.meter.beat_ticks, accents_of(plan.landings)
        notes = pages.notes(part.name, plan.bar.index)
        for tick, name in articulations_in(part.instrument, notes, beat, plan.controls.tension, accents):
            switch = articulations.switch(part.instrument, name)
            if switch is not None and switch != known:
                known = switch
                yield SwitchAt(
                    max(0, floor(tempo_map.fractional_tick_at(tempo_map.seconds_at(tick) - LEAD_SECONDS))), switch
                )


def _pedals(part: Part, pages: Pages, plans: Sequence[BarPlan], end: int) -> list[ControllerMove]:
    """What the part's pedal does, up at `end` at the latest."""
    pedals: list[Note] = []
    for plan in plans:
        bar, met = plan.bar, [landing.tick for landing in plan.landings]
        last = min(bar.end, end)
        notes = pages.notes(part.name, bar.index)
        pedals += pedals_in(part.instrument, notes, bar.start, last, bar.meter.beat_ticks, met)
    return pedal_moves(pedals)
