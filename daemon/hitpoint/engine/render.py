"""A cue offline: the same plans and the same model as when playing, with nobody waiting."""

from collections.abc import Callable, Sequence
from pathlib import Path

from hitpoint.engine.composer import Composer
from hitpoint.engine.pages import Pages
from hitpoint.engine.written_parts import written_parts
from hitpoint.errors import ConfigError
from hitpoint.planner.context import request_for
from hitpoint.planner.plan import plan_bar
from hitpoint.score.articulation import ArticulationMap
from hitpoint.score.cue import DEFAULT_BARS
from hitpoint.score.dawproject_file import dawproject_content
from hitpoint.score.direction import Direction
from hitpoint.score.expression import EXPRESSIVE
from hitpoint.score.midi_file import midi_content
from hitpoint.score.midi_score import KeyChange, MidiPart
from hitpoint.score.rpp_file import rpp_content
from hitpoint.score.session import Session
from hitpoint.score.whole_file import write_asked
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

DEFAULT_BPM = 100.0
"""When the prompt names no tempo."""
LONGEST_TITLE = 200
"""Characters of a prompt that serve as a file's title."""

FILE_KINDS = {
    ".mid": midi_content,
    ".midi": midi_content,
    ".rpp": rpp_content,
    ".dawproject": dawproject_content,
}
"""What makes a cue's file, by its ending in small letters."""


def prompt_session(direction: Direction, bars: int | None, seed: int) -> tuple[Session, int]:
    """A timeline for a prompt, and how many bars it has: one tempo and metre, an END where its last bar begins."""
    meter = direction.meter or Meter(4, 4)
    bpm = direction.tempo_bpm or (sum(direction.tempo_range) / 2 if direction.tempo_range else DEFAULT_BPM)
    count = bars or direction.bars or _bars_in(direction.duration_seconds, bpm, meter) or DEFAULT_BARS
    # With a number it is a cue whatever its words mean: music comes of a prompt that says nothing, too.
    markers = [Marker(0, f"1m01 {direction.text}")]
    if count > 1:
        markers.append(Marker((count - 1) * meter.bar_ticks, "END"))
    timeline = Timeline(TempoMap.constant(bpm), MeterMap((MeterChange(0, meter),)), tuple(markers))
    return Session(timeline, seed=seed), count


def render(
    session: Session,
    composer: Composer,
    bars: int,
    progress: Callable[[int, int], None],
    controllers: Sequence[int] = EXPRESSIVE,
    articulations: ArticulationMap | None = None,
) -> tuple[MidiPart, ...]:
    """Write the first `bars` bars, telling `progress(done, of)`. Returns parts in score order. Blocks for it all.

    controllers: those that follow the dynamics and the phrase, and 64 for the pedal. articulations: what selects
    how notes are played; None for nothing.
    """
    pages = Pages()
    write_pages(session, composer, bars, pages, progress)
    return parts_on(session, pages, bars, controllers, articulations)


def write_pages(
    session: Session, composer: Composer, bars: int, pages: Pages, progress: Callable[[int, int], None]
) -> None:
    """Write on the pages what is missing of the first `bars` bars. What stands there stays, and is read."""
    for index in range(bars):
        plan = plan_bar(session, index)
        if plan is not None:
            request = request_for(session, plan, pages.missing(plan, session), pages.written)
            pages.keep(composer.compose(request))
        progress(index + 1, bars)


def parts_on(
    session: Session,
    pages: Pages,
    bars: int,
    controllers: Sequence[int] = EXPRESSIVE,
    articulations: ArticulationMap | None = None,
) -> tuple[MidiPart, ...]:
    """What stands in the first `bars` bars as the parts of a file, in score order."""
    plans = [plan for index in range(bars) if (plan := plan_bar(session, index)) is not None]
    end = session.timeline.meter_map.bar(bars).start
    return tuple(part for _, part in written_parts(session, pages, plans, end, controllers, articulations))


def _bars_in(seconds: float | None, bpm: float, meter: Meter) -> int | None:
    if seconds is None:
        return None
    return max(1, round(TempoMap.constant(bpm).fractional_tick_at(seconds) / meter.bar_ticks))


def file_kind(path: Path) -> str:
    """The ending that says what kind of file a cue is written as. Raises ConfigError for one of no kind we write."""
    kind = path.suffix.lower()
    if kind not in FILE_KINDS:
        wrong = f": {kind} is no kind of file we write" if kind else " has no ending"
        raise ConfigError(f"{path}{wrong}. End it in {' or '.join(FILE_KINDS)}.")
    return kind


def write(path: Path, session: Session, parts: Sequence[MidiPart], title: str, force: bool = True) -> None:
    """Write a rendered cue whole, as its ending says, with its tempo, metre and markers, and its key where it can be.

    force: whether another file that is there is replaced. Raises ConfigError for an unknown ending, ScoreError when it
    can't be written.
    """
    write_asked([(path, content(path, session, session.timeline, parts, title))], force)


def content(path: Path, session: Session, timeline: Timeline, parts: Sequence[MidiPart], title: str) -> bytes:
    """The file as its ending says, on that timeline; `path` is for that and for messages. Raises as `write` does."""
    first = plan_bar(session, 0)
    key = first.controls.key if first is not None else None
    keys = (KeyChange(0, key),) if key is not None else ()
    return FILE_KINDS[file_kind(path)](str(path), parts, timeline, title[:LONGEST_TITLE], keys)
