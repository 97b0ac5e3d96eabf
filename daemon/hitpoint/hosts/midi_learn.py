"""Which control a person means who moves one, and what kind of control it is. Pure: times come with the messages.

A control is watched for a moment before it is taken, so that its fine half is seen and an endless one tells itself by
repeating its steps; a key or a program is clear at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hitpoint.hosts.midi_bindings import Source
from hitpoint.hosts.midi_modes import Mode
from hitpoint.hosts.midi_readings import DATA, DATA_FINE, FINE, TOPS, Reading, SourceKind

WATCH_SECONDS = 0.4
"""From a control's first message to the decision: what a person turns on while waiting for a light."""
GIVE_UP_SECONDS = 30.0
"""Who has moved nothing by then has gone elsewhere."""
NOISE = 3 / 127
"""Part of its travel by which a worn control trembles by itself."""
PAIR_SECONDS = 0.05
"""A fine half comes this soon after its coarse one; two controls that happen to have such numbers do not."""
MOST_SEEN = 400
"""Readings that are looked at: of a flood the last."""
_SMALL_STEPS = 6
"""An endless control sends more than this only when it is thrown."""
_ORDER = (
    SourceKind.NOTE,
    SourceKind.PROGRAM,
    SourceKind.NRPN14,
    SourceKind.NRPN,
    SourceKind.CC14,
    SourceKind.CC,
    SourceKind.BEND,
    SourceKind.KEY_PRESSURE,
    SourceKind.PRESSURE,
)
"""What is taken first when a movement can be read in several ways: what uses most of its messages."""
_AT_ONCE = (SourceKind.NOTE, SourceKind.PROGRAM)
_ENDLESS = (SourceKind.CC, SourceKind.NRPN)
"""What can be an endless control, or a button."""
_HALVES: dict[SourceKind, Callable[[int], tuple[int, int]]] = {
    SourceKind.CC14: lambda number: (number, number + FINE),
    SourceKind.NRPN14: lambda _: (DATA, DATA_FINE),
}
"""The controllers that carry the coarse and the fine half of something wide."""


@dataclass(frozen=True, slots=True)
class _Seen:
    at: float
    port: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Learned:
    """The control that was meant."""

    source: Source
    guess: Mode | None
    """The relative mode that it seems to have; None when it seems to tell where it stands."""


@dataclass(frozen=True, slots=True)
class Learning:
    """What was heard since learning began. `heard` gives the next."""

    since: float
    """Second of the clock at which it began."""
    seen: tuple[_Seen, ...] = ()

    def heard(self, port: str, readings: Sequence[Reading], at: float) -> "Learning":
        """After a message."""
        # A control that trembles all the time fills the watch; what is older decides nothing.
        recent = (seen for seen in self.seen[-MOST_SEEN:] if at - seen.at <= 4 * WATCH_SECONDS)
        return replace(self, seen=(*recent, *(_Seen(at, port, reading) for reading in readings)))

    def over(self, now: float) -> bool:
        """True when it has lasted too long."""
        return now - self.since > GIVE_UP_SECONDS

    def learned(self, now: float) -> Learned | None:
        """The control that is meant, or None while that is not clear."""
        groups: dict[Source, list[_Seen]] = {}
        for seen in self.seen:
            reading = seen.reading
            source = Source(reading.kind, reading.number, reading.channel, seen.port)
            groups.setdefault(source, []).append(seen)
        suitable = [
            source
            for source, group in groups.items()
            if _suits(source.kind, group) and (source.kind not in _HALVES or _paired(source, groups))
        ]
        if not suitable:
            return None
        best = min(suitable, key=lambda source: (_ORDER.index(source.kind), groups[source][0].at))
        if best.kind not in _AT_ONCE and now - groups[best][0].at < WATCH_SECONDS:
            return None
        values = [seen.reading.value for seen in groups[best]]
        return Learned(best, relative_mode(values) if best.kind in _ENDLESS else None)


def _suits(kind: SourceKind, group: Sequence[_Seen]) -> bool:
    """True for what was moved or struck on purpose, and can be what it seems."""
    values = [seen.reading.value for seen in group]
    if kind in _AT_ONCE:
        return any(values)
    if kind not in _ENDLESS:
        return _moved(kind, values)
    # A button says 127 once; an endless control repeats its step; all others move.
    return 127 in values or relative_mode(values) is not None or _moved(kind, values)


def _paired(source: Source, groups: Mapping[Source, Sequence[_Seen]]) -> bool:
    """True when the halves of a wide control came as pairs do."""
    coarse, fine = _HALVES[source.kind](source.number)
    came = groups.get(replace(source, kind=SourceKind.CC, number=coarse), ())
    return any(
        0.0 <= second.at - first.at <= PAIR_SECONDS
        for second in groups.get(replace(source, kind=SourceKind.CC, number=fine), ())
        for first in came
    )


def _moved(kind: SourceKind, values: Sequence[int]) -> bool:
    return max(values) - min(values) > NOISE * TOPS[kind]


def relative_mode(values: Sequence[int]) -> Mode | None:
    """What an endless control's numbers mean, where they seem to be an endless control's: it repeats its steps, which
    a control that tells where it stands never does. One direction alone may leave two meanings: the commoner is taken.
    """
    repeats = sum(before == after for before, after in pairwise(values))
    if len(values) < 3 or 2 * repeats < len(values) - 1:
        return None
    if all(0 < abs(value - 64) <= _SMALL_STEPS for value in values):
        return Mode.OFFSET
    if all(0 < value % 64 <= _SMALL_STEPS for value in values):
        return Mode.SIGNED if max(values) > 64 else Mode.TWOS
    if all(0 < min(value, 128 - value) <= _SMALL_STEPS for value in values):
        return Mode.TWOS
    return None
