"""Who leads, of several that say where the music is: the most trusted one that is there. Pure: values in, values out.

The rules, kept for any order of events:

- one is there while it was heard within its own limit of silence;
- while the music stands, the most trusted one that is there leads, at once;
- a rolling music goes on with whoever leads until another one rolls too, and was heard to do so for STEADY_SECONDS: one
  that is trusted more than the leader then takes over, one that is trusted less only from a leader that fell silent;
- so who has lost a rolling music gets it back after STEADY_SECONDS at the earliest, and no switch stops it;
- one that has no place of its own, and can go on from anywhere, does so too when the leader has been silent for
  GONE_SECONDS, though it does not roll.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple

STEADY_SECONDS = 1.0
"""So long one must have rolled without a break before it takes over a rolling music. Our choice: longer than any of
our followers needs to lock, and than a contact that chatters."""
GONE_SECONDS = 5.0
"""After so long a silence nobody waits any more. Our choice: longer than a host that rolls is waited for by itself
(`DelayedEstimate.stopped_seconds`)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One that may lead."""

    name: str
    silent_seconds: float = inf
    """Not there after so long a silence; infinite for one that always is."""
    has_place: bool = True
    """False for one that can go on from wherever the music is."""


class Sight(NamedTuple):
    """What is known of one now."""

    heard_at: float
    """Second of the clock at which it was heard last; minus infinity before that."""
    rolling: bool
    """By its own word, that is not too old."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Who leads since when. A value: `look` gives the next."""

    sources: tuple[Source, ...]
    """Most trusted first, at least one."""
    leader: str
    """Name of one of them."""
    since: float
    """Second of the clock at which it took over."""
    steady_since: tuple[float, ...] = ()
    """By source: since when it has been there and rolled without a break; infinite while it is not or does not."""

    @classmethod
    def among(cls, sources: tuple[Source, ...], leader: str, at: float) -> "Trust":
        """The beginning: `leader` leads, and nobody has been steady yet."""
        return cls(sources, leader, at, (inf,) * len(sources))

    def look(self, sights: Mapping[str, Sight], rolling: bool, now: float) -> "Trust":
        """Who leads from second `now` on.

        sights: of every source, by name. rolling: whether the music does. Seconds never run back between two calls.
        """
        known = replace(self, steady_since=self._steady(sights, now))
        for place, source in enumerate(self.sources):
            if source.name == self.leader and self.is_there(source, sights, now):
                break
            if source.name != self.leader and known._may_lead(place, sights, rolling, now):
                return replace(known, leader=source.name, since=now)
        return known

    def given_to(self, leader: str, at: float) -> "Trust":
        """It leads, as somebody says who knows."""
        return replace(self, leader=leader, since=at)

    @staticmethod
    def is_there(source: Source, sights: Mapping[str, Sight], now: float) -> bool:
        """True while it was heard within its limit of silence."""
        return source.silent_seconds == inf or now - sights[source.name].heard_at <= source.silent_seconds

    def _steady(self, sights: Mapping[str, Sight], now: float) -> tuple[float, ...]:
        return tuple(
            min(since, now) if sights[source.name].rolling and self.is_there(source, sights, now) else inf
            for source, since in zip(self.sources, self.steady_since, strict=True)
        )

    def _may_lead(self, place: int, sights: Mapping[str, Sight], rolling: bool, now: float) -> bool:
        source = self.sources[place]
        if not self.is_there(source, sights, now):
            return False
        if not rolling:
            return True
        # What it was heard to do, and not what it may be doing since.
        if sights[source.name].heard_at - self.steady_since[place] >= STEADY_SECONDS:
            return True
        return not source.has_place and now - sights[self.leader].heard_at > GONE_SECONDS
