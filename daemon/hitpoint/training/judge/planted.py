"""Whether the index finds what was copied from it: runs of its pieces in other keys and tempi, within other music."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hitpoint.errors import ConfigError
from hitpoint.originality.grams import GRAM
from hitpoint.originality.index import Index
from hitpoint.originality.lines import Line
from hitpoint.originality.verdict import BLOCK_NOTES, FLAG_NOTES, Match, Verdict, compare
from hitpoint.training.judge.copies import drawn, most_bits, moved, planted
from hitpoint.training.judge.reference import Reference, lines_of_entries
from hitpoint.training.judge.statistics import share

LENGTHS = range(FLAG_NOTES, 31)
"""Notes of a copy."""
SOURCES, HOSTS = 400, 100
"""Pieces copied from, one place for each length; and pieces of `valid` that are planted into. Our choice."""
HIGHEST = 9
"""Semitones by which a copy is moved at most, up or down."""
STRETCHES = (0.5, 0.75, 1.0, 1.37, 2.0)
"""Times as slow. Our choice: half and double tempo, a triplet feel, none, and one that no grid fits."""
HOST_NOTES = 120
"""Notes of other music around a copy, at most. Our choice: a tune's worth."""
NEARLY = 2
"""Notes of a copy that may be missing from the run it is found by."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one copy."""

    source: int
    length: int
    telling: bool
    """Whether it says enough to be told; nothing was planted otherwise."""
    found: bool = False
    """By one run of its length, nearly. As the index keeps what a piece repeats once, a run that leads from there into
    something else may be told as two."""
    joined: bool = False
    """The same by all its runs together."""
    told: bool = False
    """By a run of nine of its notes or more."""
    blockable: bool = False
    """Whether it says enough to be blocked."""
    blocked: bool = False


def planted_copies(reference: Reference, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Shares found by length, and of 13 notes and more; intervals by piece copied from. The same for the same corpus.

    progress: called with pieces copied from, and how many there are. Raises ConfigError where nothing can be planted.
    """
    random = np.random.default_rng(0)
    train = [reference.train[place] for place in random.permutation(len(reference.train))[:SOURCES]]
    valid = [reference.valid[place] for place in random.permutation(len(reference.valid))[:HOSTS]]
    hosts = [line for lines in lines_of_entries(valid) for line in lines if len(line.pitches) >= GRAM]
    if not hosts:
        raise ConfigError("no piece of the split 'valid' has a line to plant copies into. Check the corpus.")
    outcomes = list[_Outcome]()
    for source, lines in enumerate(lines_of_entries(train)):
        for length in LENGTHS:
            long = [line for line in lines if len(line.pitches) >= length]
            if long:
                line = long[random.integers(len(long))]
                host = hosts[random.integers(len(hosts))]
                outcomes.append(_outcome(reference.index, source, drawn(line, length, random), host, random))
        progress(source + 1, len(train))
    by_length = {str(length): _figures([one for one in outcomes if one.length == length]) for length in LENGTHS}
    from_13 = _figures([one for one in outcomes if one.length >= BLOCK_NOTES])
    return {"sources": len(train), "from_13": from_13, "by_length": by_length}


def _outcome(index: Index, source: int, copy: Line, host: Line, random: np.random.Generator) -> _Outcome:
    length, most, most_long = len(copy.pitches), *most_bits(index, copy)
    if max(most, most_long) < index.flag_bits:
        return _Outcome(source, length, telling=False)
    up, slower = int(random.integers(-HIGHEST, HIGHEST + 1)), float(random.choice(STRETCHES))
    around = drawn(host, min(HOST_NOTES, len(host.pitches)), random)
    at = int(random.integers(1, len(around.pitches)))
    matches = compare(index, [planted(around, moved(copy, up, slower), at)]).matches
    spans = {_span(match, at, length): match.verdict for match in reversed(matches) if not match.run.pitch_only}
    spans = {span: verdict for span, verdict in spans.items() if span[1] - span[0] >= FLAG_NOTES}
    longest = max((last - first for first, last in spans), default=0)
    least = max(FLAG_NOTES, length - NEARLY)
    return _Outcome(
        source,
        length,
        telling=True,
        found=longest >= least,
        joined=len({note for span in spans for note in range(*span)}) >= least,
        told=bool(spans),
        blockable=most_long >= index.block_bits,
        blocked=Verdict.BLOCK in spans.values(),
    )


def _span(match: Match, first: int, notes: int) -> tuple[int, int]:
    """Which notes of a copy a run has: from and to."""
    return max(0, match.run.first - first), min(notes, match.run.first + match.run.notes - first)


def _figures(outcomes: Sequence[_Outcome]) -> dict[str, Any]:
    told = [one for one in outcomes if one.telling]
    figures: dict[str, Any] = {"drawn": len(outcomes), "exempt": len(outcomes) - len(told), "planted": len(told)}
    if told:
        figures["found"] = _by_source(told, lambda one: one.found)
        figures["joined"] = _by_source(told, lambda one: one.joined)
        figures["told"] = _by_source(told, lambda one: one.told)
    if blockable := [one for one in told if one.blockable]:
        figures["blocked"] = _by_source(blockable, lambda one: one.blocked)
    return figures


def _by_source(outcomes: Sequence[_Outcome], right: Callable[[_Outcome], bool]) -> dict[str, Any]:
    sources = sorted({one.source for one in outcomes})
    counts = np.zeros((len(sources), 2))
    for one in outcomes:
        counts[sources.index(one.source)] += right(one), 1
    return share(counts[:, 0], counts[:, 1])
