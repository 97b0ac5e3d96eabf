"""A sheet's cue as the tempo finders see it, and the map that is solved for it: for `tempomap` and for rendering."""

from hitpoint.hosts.sheet import SheetCue
from hitpoint.spotting.hit import DEFAULT_WINDOW, Hit, HitList
from hitpoint.spotting.ramped_map import with_ramps
from hitpoint.spotting.solved_map import SolvedMap
from hitpoint.spotting.tempo_map_solver import DEFAULT_CAP, Tell, solve_tempo_map
from hitpoint.timeline.units import FrameRate


def hit_list(cue: SheetCue, rate: FrameRate) -> HitList:
    """The cue's hits, in frames from its start. Raises ScoreError where it has none."""
    hits = tuple(
        Hit(hit.frame - cue.start, hit.name, hit.weight, hit.window or DEFAULT_WINDOW, hit.locked) for hit in cue.hits
    )
    return HitList(hits, rate, None if cue.end is None else cue.end - cue.start)


def solved_map(
    cue: SheetCue,
    rate: FrameRate,
    cap: float = DEFAULT_CAP,
    ramps: bool = False,
    tell: Tell = lambda *_: None,
) -> SolvedMap:
    """The tempo and metre map that puts its hits on beats, from what its prompt asks for.

    cap: the largest change of tempo from a bar to the next, as a part of it. ramps: have the tempo go evenly from bar
    line to bar line, where that keeps within the cap; `SolvedMap.ramps` says whether it does.
    tell: hears how it goes on.
    Raises ScoreError where there are no hits or too many, or tempo or cap are impossible; ConfigError for a prompt that
    can't be read.
    """
    hits = hit_list(cue, rate)
    solved = solve_tempo_map(hits, cue.bpm, cue.meter, cap, tell)
    return (with_ramps(hits, solved, cue.bpm, cap) if ramps else None) or solved
