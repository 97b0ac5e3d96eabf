"""A remembered take as clips for a host's arrangement, at the cue that it was written for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

from hitpoint.engine.pending_takes import job_name
from hitpoint.errors import HostError
from hitpoint.hosts.clip_job import Clip, ClipJob
from hitpoint.page.messages import TakeContent
from hitpoint.planner.ensemble import ensemble_of
from hitpoint.planner.outline import outline_of
from hitpoint.score.midi_score import playable
from hitpoint.score.session import Session
from hitpoint.score.spotting import spot
from hitpoint.timeline.timeline import Timeline

_TAKE_BYTES = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a take went."""

    job: ClipJob
    bar: int
    """Counted from 1."""
    note: str
    """What the person should know; empty for nothing."""


def placed(session: Session, tick: float, take: TakeContent, parts: frozenset[str], name: str) -> Placed:
    """The job that writes a take where the timeline has its cue, or else from the bar on that the host is in.

    parts: names of parts or stems; empty for all. name: tells this job from every other. Raises HostError when nothing
    of it is to be written.
    """
    start, is_cue = _start(session, tick, take.cue)
    clips = tuple(_clips(take, start, parts))
    if not clips:
        raise HostError(f"take {take.id} has no notes in {', '.join(sorted(parts)) or 'any part'}.")
    mark = blake2b(repr(clips).encode(), digest_size=_TAKE_BYTES).hexdigest()
    job = ClipJob(job_name(mark, name), mark, f"Hitpoint: keep take {take.id}", clips)
    bar = session.timeline.meter_map.bar_at(start).index + 1
    notes = [] if is_cue or not take.cue else [f"The project has no cue {take.cue}: it went where the host stands."]
    return Placed(job, bar, " ".join((*notes, *_off(session.timeline, take, start))))


def _start(session: Session, tick: float, cue: str) -> tuple[int, bool]:
    """The tick at which the take begins, and whether that is its cue's."""
    for known in outline_of(session).spotting.cues:
        if cue and known.name == cue:
            return known.start, True
    return session.timeline.meter_map.bar_at(max(0, int(tick))).start, False


def _clips(take: TakeContent, start: int, parts: frozenset[str]) -> Iterator[Clip]:
    score = take.score
    end = max(score.timeline.meter_map.bar(take.bars).start, *(note.end for part in score.parts for note in part.notes))
    stems = {part.name: part.stem for part in ensemble_of(take.session)}
    words = f"{take.cue} {take.id}".strip()
    for part in score.parts:
        if not part.notes or (parts and not parts & {part.name, stems.get(part.name, part.name)}):
            continue
        notes = tuple(replace(note, tick=start + note.tick) for note in playable(part.notes))
        moves = tuple((start + move.tick, move.controller, move.value) for move in part.moves)
        yield Clip(part.name, words, part.name, start, start + end, notes, moves, part.channel)


def _off(host: Timeline, take: TakeContent, start: int) -> Iterator[str]:
    """What to say where the project's tempo is not the take's, so that its hits come at other times."""
    there, here = take.score.timeline.tempo_map, host.tempo_map
    own = spot(take.session.timeline, take.session.direction)
    ticks = [hit.tick for cue in own.cues for hit in cue.hit_points]
    off = max(
        (
            abs(here.seconds_at(start + tick) - here.seconds_at(start) - there.seconds_at(tick) + there.seconds_at(0))
            for tick in ticks
        ),
        default=0.0,
    )
    if host.frame_rate.frames_in(off) > 1:
        yield f"The project's tempo is another than the take's: its hits come up to {off:.2f} s off there."
