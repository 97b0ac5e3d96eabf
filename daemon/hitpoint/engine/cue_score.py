"""A sheet's cue made ready to be written: its timeline from its in-time on, and the session that its bars are planned
from.

Both timelines have the same ticks. What is written has the sheet's own words; what is planned has, at the cue's start,
words that are read as a cue's whatever they are, and the key that a motif brings.
"""

import re
from dataclasses import dataclass, replace

from hitpoint.engine.cue_maps import solved_map
from hitpoint.engine.motif import THEME_BARS
from hitpoint.errors import ConfigError
from hitpoint.hosts.sheet import SheetCue, SheetCurve, timeline_of_cue
from hitpoint.planner.plan import RING_OUT_BARS
from hitpoint.planner.seed import seed_of
from hitpoint.score.control_curve import BarPoint, ControlCurve, read_curve
from hitpoint.score.controls import Key
from hitpoint.score.cue import DEFAULT_BARS
from hitpoint.score.direction import parse
from hitpoint.score.direction_tokens import CUE_NUMBER
from hitpoint.score.session import Session
from hitpoint.timeline.cue_map import CueMap, CueMapEvent
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

MOST_BARS = 2000
"""In one cue. Our choice: an hour of slow music, and no slip of the keyboard."""

_NUMBERS = 10_000


@dataclass(frozen=True)
class CueScore:
    """A cue that can be written."""

    session: Session
    """What its bars are planned from."""
    timeline: Timeline
    """From the cue's start: tempo, metre, and a marker at its start, one a hit, and END."""
    bars: int
    """Up to the one in which the END falls."""
    whole_bars: int
    """Those, and the ones in which its last chord rings."""
    tempo: str
    """Where its tempo and metre come from: sheet, solved or prompt."""

    @property
    def motif_bars(self) -> int:
        """How many of its first bars are looked at for a theme."""
        return min(THEME_BARS, self.bars)


def cue_score(cue: SheetCue, rate: FrameRate, following: int | None, seed: int, key: Key | None = None) -> CueScore:
    """The cue, ready. `following`: the frame on which the next cue starts; `key`: what it is in where neither the sheet
    nor its prompt says.

    A cue that the sheet gives no end has the length that its prompt states, else goes on to the next cue, else has
    DEFAULT_BARS; its last chord then falls on a bar line, after its last hit.
    Raises ConfigError for a prompt or curve that can't be followed, ScoreError where no map can be made.
    """
    if not cue.prompt:
        raise ConfigError("it has no prompt: nothing says what to play. Give it one, such as `prompt: calm, strings`.")
    cue_map, tempo = _map_of(cue, rate)
    timeline = timeline_of_cue(rate, cue, cue_map)
    if cue.end is None:
        end = Marker(_end_tick(cue, rate, timeline, following), "END")
        timeline = replace(timeline, markers=(*timeline.markers, end))
    bars = timeline.meter_map.bar_at(timeline.markers[-1].tick).index + 1
    if bars > MOST_BARS:
        raise ConfigError(f"it has {bars} bars, and {MOST_BARS} are the most. Mend its end or its tempo.")
    entrance = replace(timeline.markers[0], name=_entrance(cue, key))
    planned = replace(timeline, markers=(entrance, *timeline.markers[1:]))
    curves = tuple(_drawn(curve, cue, rate, timeline, bars) for curve in cue.curves)
    return CueScore(Session(planned, curves=curves, seed=seed), timeline, bars, bars + RING_OUT_BARS, tempo)


def _map_of(cue: SheetCue, rate: FrameRate) -> tuple[CueMap, str]:
    if cue.tempo_map is not None:
        return cue.tempo_map, "sheet"
    if cue.hits:
        return solved_map(cue, rate).cue_map, "solved"
    return CueMap((CueMapEvent(0, cue.bpm, cue.meter),)), "prompt"


def _entrance(cue: SheetCue, key: Key | None) -> str:
    """Words that enter a cue of its own, whatever its number and prompt begin with."""
    number = cue.number
    if not re.fullmatch(CUE_NUMBER, number):
        # What the sheet calls it, as a number: the same for the same cue, so that its take stays the same.
        drawn = seed_of(cue.number, cue.title or cue.prompt)
        number = f"{drawn % _NUMBERS}m{drawn // _NUMBERS % _NUMBERS}"
    if cue.key is not None:
        return f"{number} {cue.prompt}, {cue.key}"
    asked = parse(cue.prompt)
    if key is None or asked.key is not None:
        return f"{number} {cue.prompt}"
    return f"{number} {cue.prompt}, {Key(key.tonic, asked.mode or key.mode)}"


def _end_tick(cue: SheetCue, rate: FrameRate, timeline: Timeline, following: int | None) -> int:
    """The bar line on which a cue ends that has no end, so that its last bar holds its last chord."""
    asked, bars = parse(cue.prompt), timeline.meter_map
    room = None if following is None else _tick_of(following - cue.start, rate, timeline)
    if asked.bars is not None:
        last = asked.bars - 1
    elif asked.duration_seconds is not None:
        last = bars.bar_at(timeline.tempo_map.tick_at(asked.duration_seconds)).index - 1
    elif room is not None:
        last = bars.bar_at(room).index - 1
    else:
        last = DEFAULT_BARS - 1
    # A bar line after the last thing to meet, which may be the start itself.
    last = max(last, bars.bar_at(timeline.markers[-1].tick).index + 1)
    end = bars.bar(last).start
    return end if room is None else min(end, room)


def _drawn(curve: SheetCurve, cue: SheetCue, rate: FrameRate, timeline: Timeline, bars: int) -> ControlCurve:
    if not curve.points:
        try:
            return read_curve(curve.name, curve.text, bars)
        except ConfigError as error:
            raise ConfigError(f"its curve {curve.name} {error}") from error
    points = []
    for frame, value in curve.points:
        seconds = float((frame - cue.start) / rate.frames_per_second)
        tick = timeline.tempo_map.fractional_tick_at(seconds)
        bar = timeline.meter_map.bar_at(int(tick // 1))
        points.append(BarPoint(bar.index + (tick - bar.start) / bar.ticks, value))
    return ControlCurve(curve.name, tuple(points))


def _tick_of(frames: int, rate: FrameRate, timeline: Timeline) -> int:
    return timeline.tempo_map.tick_at(float(frames / rate.frames_per_second))
