"""What a note on a take changes in the session that it was planned from: controls drawn bar by bar, words, tempo.

A cue of a sheet keeps its map and its length, as the picture asks for them: what can't be applied is named.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hitpoint.engine.take import TakeMusic
from hitpoint.errors import HostError, ScoreError
from hitpoint.planner.ensemble import ensemble_of
from hitpoint.planner.plan import plan_bar
from hitpoint.score.control_curve import BarPoint, ControlCurve
from hitpoint.score.controls import CONTROL_RANGES, Controls, Key
from hitpoint.score.direction import parse
from hitpoint.score.direction_change import DirectionChange, Place
from hitpoint.score.ensemble import named_by
from hitpoint.score.sections import players_of
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline

NEUTRAL = {"intensity": 0.45, "density": 0.5, "valence": 0.0, "arousal": 0.0, "tension": 0.3}
"""Where a control begins that a bar says nothing of, as the planner takes it."""
_NO = "no"
AROUSAL_RAISES, TENSION_RAISES = 0.38, 0.15
"""How far a control takes the intensity with it. Source: planner.intensity, Mood.intensity."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A take's session after a note."""

    session: Session
    bars: int
    not_applied: tuple[str, ...] = ()
    """What the note asks that the prompt rules out."""
    new_from: int | None = None
    """Index of the first bar that has other bar lines, or none, before: it and all after are to be written."""


def bars_meant(music: TakeMusic, place: Place) -> tuple[int, ...]:
    """Indices of the bars that a note's place means: "the end" is where the END falls, with what rings on after it."""
    last = music.bars_to_end
    found = place.bars(last) or place.bars(music.bars)
    return tuple(range(found.start, music.bars if found.stop == last else found.stop))


def possible(
    change: DirectionChange, music: TakeMusic, whole: bool, stays: Iterable[str], of_sheet: bool
) -> tuple[DirectionChange, tuple[str, ...]]:
    """What of a note this take can follow, and the rest, each with its reason.

    whole: it is meant for all bars. stays: names of parts that may not change. of_sheet: the take is a cue of a sheet.
    """
    refused: list[str] = []
    staying = ", ".join(sorted(stays))
    if (change.bars, change.bars_more, change.meter) != (None, None, None):
        said = _why_not_longer(music.session, staying, of_sheet)
        if said:
            refused.append(f"length and metre: {said}")
            change = replace(change, bars=None, bars_more=None, meter=None)
    if change.key is not None or change.mode is not None:
        said = f"{staying} stays as it is" if staying else "" if whole else "it holds for a whole cue"
        if said:
            refused.append(f"key: {said}")
            change = replace(change, key=None, mode=None)
    if of_sheet and (change.tempo_factor, change.tempo_more, change.tempo_bpm) != (None, None, None):
        refused.append("tempo: the cue's map keeps it with the picture; `hitpoint tempomap` makes another")
        change = replace(change, tempo_factor=None, tempo_more=None, tempo_bpm=None)
    return change, tuple(refused)


def _why_not_longer(session: Session, staying: str, of_sheet: bool) -> str:
    if of_sheet:
        return "the picture says how long the cue is, and where its bars are"
    if staying:
        return f"{staying} stays as it is"
    markers, changes = session.timeline.markers, session.timeline.meter_map.changes
    plain = len(markers) <= 2 and len(changes) == 1 and not session.timeline.regions
    return "" if plain else "its markers stand where they are"


def changed_session(music: TakeMusic, change: DirectionChange, bars: Iterable[int]) -> Changed:
    """The session that `change`, which is possible, asks for in the bars of these indices.

    Raises ScoreError for a tempo that cannot be played.
    """
    chosen = frozenset(bars)
    session, count, new_from = music.session, music.bars, None
    if (change.bars, change.bars_more, change.meter) != (None, None, None):
        session, count, new_from = _longer(session, count, change)
    session = _reworded(session, music, change, whole=len(chosen) == music.bars)
    session = replace(session, curves=_curves(music, change, chosen, count, session.curves))
    if (change.tempo_factor, change.tempo_more, change.tempo_bpm) != (None, None, None):
        session = _faster(session, change, chosen, music.bars)
    players = {part.instrument.name for part in ensemble_of(session)}
    playing = {part.instrument.name for part in ensemble_of(music.session)}
    ruled_out = [name for name in (*change.add, *change.only, *change.louder) if not players & set(players_of(name))]
    refused = [f"{name}: the prompt rules it out" for name in ruled_out]
    refused += [_there_already(name, change) for name in change.add if set(players_of(name)) <= playing]
    return Changed(session, count, tuple(refused), new_from)


def _there_already(name: str, change: DirectionChange) -> str:
    """Why somebody who is to come does not, as his part plays already."""
    called = next((words for part, words in change.called if part == name and words != part), None)
    if called is None:
        return f"{name}: it has a part already"
    return f"{called}: it is written as {name}, which has a part already that it would have to share"


def _longer(session: Session, count: int, change: DirectionChange) -> tuple[Session, int, int]:
    """With another number of bars, or another metre: the END goes with the last bar."""
    timeline, bars = session.timeline, change.bars or max(1, count + (change.bars_more or 0))
    meter_map = timeline.meter_map
    if change.meter is not None and change.meter != meter_map.changes[0].meter:
        meter_map = replace(meter_map, changes=(replace(meter_map.changes[0], meter=change.meter),))
        new_from = 0
    else:
        # The last bar had the ending in it.
        new_from = max(0, min(bars, count) - 1)
    markers = [marker for marker in timeline.markers if marker.tick == 0]
    if bars > 1:
        ends = [marker.name for marker in timeline.markers if marker.tick > 0]
        markers.append(Marker(meter_map.bar(bars - 1).start, ends[-1] if ends else "END"))
    return replace(session, timeline=replace(timeline, meter_map=meter_map, markers=tuple(markers))), bars, new_from


def _reworded(session: Session, music: TakeMusic, change: DirectionChange, whole: bool) -> Session:
    """With words added to the first cue's: those that hold are the last that are said."""
    key = _new_key(music, change)
    words = [] if key is None else [str(key)]
    marker = next((one for one in session.timeline.markers if one.name), None)
    text = session.direction if marker is None else marker.name
    playing = list(dict.fromkeys(part.instrument.name for part in ensemble_of(session)))
    joining = [name for name in (*change.add, *change.only) if not set(players_of(name)) <= set(playing)]
    # "More cello" where no cello plays wants one.
    joining += [name for name in change.louder if not set(players_of(name)) & set(playing)]
    if joining:
        direction = parse(text)
        # A celesta comes as a celesta, though it is written as bells.
        called = dict(reversed(change.called))
        words += [
            *(() if direction.instruments else named_by(direction)),
            *(called.get(name, name) for name in joining),
        ]
        for name in {player for one in joining for player in (one, *players_of(one))}:
            # An earlier note took it out.
            text = text.replace(f", {_NO} {name}", "")
    if whole:
        words += [f"{_NO} {name}" for name in (*change.drop, *_left_out(change, playing))]
    if not words:
        return session
    text = ", ".join(word for word in (text, *words) if word)
    if marker is None:
        return replace(session, direction=text)
    markers = tuple(replace(one, name=text) if one is marker else one for one in session.timeline.markers)
    return replace(session, timeline=replace(session.timeline, markers=markers))


def _new_key(music: TakeMusic, change: DirectionChange) -> Key | None:
    if change.key is not None or change.mode is None:
        return change.key
    plans = (plan_bar(music.session, bar) for bar in range(music.bars))
    known = next((plan.controls.key for plan in plans if plan is not None and plan.controls.key is not None), None)
    return None if known is None else Key(known.tonic, change.mode)


def _left_out(change: DirectionChange, playing: Iterable[str]) -> list[str]:
    """Instruments that "only the strings" silences."""
    stay = {player for name in change.only for player in players_of(name)}
    return [name for name in playing if change.only and name not in stay]


def _curves(
    music: TakeMusic, change: DirectionChange, chosen: frozenset[int], count: int, drawn: Sequence[ControlCurve]
) -> tuple[ControlCurve, ...]:
    """The controls that move, drawn from what the bars were planned as."""
    steps = dict(change.controls)
    if not steps:
        return tuple(drawn)
    raised = steps.get("arousal", 0.0) * AROUSAL_RAISES + steps.get("tension", 0.0) * TENSION_RAISES
    if {"arousal", "tension", "intensity"} & set(steps):
        steps["intensity"] = steps.get("intensity", 0.0) + raised
    made = {curve.name: curve for curve in drawn}
    plans = [plan_bar(music.session, bar) for bar in range(music.bars)]
    for name, step in steps.items():
        low, high = CONTROL_RANGES[name]
        points = []
        for bar in range(count):
            plan = plans[min(bar, len(plans) - 1)]
            was = _planned(name, None if plan is None else plan.controls, 0.45 if plan is None else plan.level)
            moved = was + step if bar in chosen or bar >= music.bars else was
            points.append(BarPoint(bar, round(min(high, max(low, moved)), 4)))
        made[name] = ControlCurve(name, tuple(points))
    return tuple(made[name] for name in CONTROL_RANGES if name in made)


def _planned(name: str, controls: Controls | None, level: float) -> float:
    if name == "intensity":
        return level
    value = None if controls is None else getattr(controls, name)
    return NEUTRAL[name] if value is None else float(value)


def _faster(session: Session, change: DirectionChange, chosen: frozenset[int], count: int) -> Session:
    timeline = session.timeline
    bars = sorted(chosen) if len(chosen) < count else []
    start = timeline.meter_map.bar(bars[0]).start if bars else 0
    end = timeline.meter_map.bar(bars[-1]).end if bars else None
    try:
        points = tuple(_points(timeline, change, start, end))
        return replace(session, timeline=replace(timeline, tempo_map=TempoMap(points)))
    except HostError as error:
        raise ScoreError(f"the note's tempo can't be played: {error}") from error


def _points(timeline: Timeline, change: DirectionChange, start: int, end: int | None) -> Iterator[TempoPoint]:
    tempo_map = timeline.tempo_map
    # Where the change begins and ends there is a point, so that nothing outside of it moves.
    marks = {point.tick: point for point in tempo_map.points}
    for tick in (start, *(() if end is None else (end,))):
        marks.setdefault(tick, TempoPoint(tick, tempo_map.bpm_at(tick), _ramp_at(tempo_map, tick)))
    for tick in sorted(marks):
        inside = start <= tick and (end is None or tick < end)
        yield replace(marks[tick], bpm=_new_bpm(marks[tick].bpm, change)) if inside else marks[tick]


def _ramp_at(tempo_map: TempoMap, tick: int) -> Ramp:
    return next((point.ramp for point in reversed(tempo_map.points) if point.tick <= tick), tempo_map.points[0].ramp)


def _new_bpm(bpm: float, change: DirectionChange) -> float:
    if change.tempo_bpm is not None:
        return change.tempo_bpm
    return bpm * (change.tempo_factor or 1.0) + (change.tempo_more or 0.0)
