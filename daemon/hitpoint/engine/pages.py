"""The bars written so far, and whether they still hold."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar, Source, WrittenBar
from hitpoint.score.session import Session
from hitpoint.score.stem import Part

MOST_BARS = 16_384
"""Bars of single parts that are kept: more than an hour of eight parts. Music that nobody stops would fill the memory,
and the session's file."""
FORGOTTEN_AT_ONCE = 256


class Pages:
    """The bars of each part that were written, the newest answer of each. Process: control."""

    def __init__(self) -> None:
        self._bars: dict[tuple[str, int], ComposedBar] = {}
        self.revision = 0
        """Counts the changes, so that who keeps a copy knows when it is old."""
        self.forgotten = 0
        """Counts how often bars were let go of."""
        self._next_look = 0
        self._in_bar: dict[int, dict[str, ComposedBar]] = {}
        self._revisions: dict[int, int] = {}
        """Of each bar that has notes, in the order of their changes."""

    def all(self) -> tuple[ComposedBar, ...]:
        """Everything that stands."""
        return tuple(self._bars.values())

    def keep(self, bars: Iterable[ComposedBar]) -> None:
        """Put `bars` in place of what stood there."""
        for bar in bars:
            # Taken out first, so that the order is that of writing.
            self._bars.pop((bar.part, bar.bar), None)
            self._bars[bar.part, bar.bar] = bar
            self.revision += 1
            self._in_bar.setdefault(bar.bar, {})[bar.part] = bar
            self._revisions.pop(bar.bar, None)
            self._revisions[bar.bar] = self.revision

    def forget_oldest(self, spared: Callable[[ComposedBar], bool]) -> None:
        """Let go of what was written longest ago, beyond MOST_BARS; not of what is to be spared."""
        beyond = len(self._bars) - MOST_BARS
        if beyond <= 0 or self.revision < self._next_look:
            return
        # Where nearly all are spared a look finds little, and costs as much: not at every step.
        self._next_look = self.revision + FORGOTTEN_AT_ONCE
        for key in [key for key, bar in self._bars.items() if not spared(bar)][: beyond + FORGOTTEN_AT_ONCE]:
            del self._bars[key]
            self._forget(*key)

    def _forget(self, part: str, bar: int) -> None:
        self.forgotten += 1
        del self._in_bar[bar][part]
        if not self._in_bar[bar]:
            del self._in_bar[bar], self._revisions[bar]

    def in_bar(self, bar: int) -> tuple[ComposedBar, ...]:
        """Everything that stands in the bar of that index."""
        return tuple(self._in_bar.get(bar, {}).values())

    def revision_of(self, bar: int) -> int:
        """What `revision` was when the bar of that index was last changed; 0 where nothing stands."""
        return self._revisions.get(bar, 0)

    def changed_since(self, revision: int) -> dict[int, int]:
        """The revisions of the bars that were changed after that one, by index."""
        changed = {}
        # The newest first: mostly there are few.
        for bar in reversed(self._revisions):
            if self._revisions[bar] <= revision:
                break
            changed[bar] = self._revisions[bar]
        return changed

    def at(self, part: str, bar: int) -> ComposedBar | None:
        """What was last written there, right or stale."""
        return self._bars.get((part, bar))

    def notes(self, part: str, bar: int) -> tuple[Note, ...]:
        """The notes that stand there, right or stale."""
        written = self._bars.get((part, bar))
        return () if written is None else written.notes

    def valid(self, plan: BarPlan, part: Part, session: Session) -> ComposedBar | None:
        """What is written there, if it still answers `plan`; the notes of a locked part or a frozen bar always do."""
        written = self._bars.get((part.name, plan.bar.index))
        if written is None or (written.basis != plan.basis(part.name) and not session.stays(part, plan.bar)):
            return None
        return written

    def blank(self, plan: BarPlan, session: Session) -> tuple[str, ...]:
        """Names of the plan's parts that have no valid notes, in score order."""
        return tuple(part.name for part in plan.parts if self.valid(plan, part, session) is None)

    def missing(self, plan: BarPlan, session: Session) -> tuple[str, ...]:
        """Names of the plan's parts that the model should write, in score order: blank ones, and mere back-ups."""
        found = ((part.name, self.valid(plan, part, session)) for part in plan.parts)
        return tuple(name for name, bar in found if bar is None or bar.source is Source.BACK_UP)

    def settle(self, which: Callable[[ComposedBar], bool]) -> None:
        """Keep for good the back-ups for which that is true: the model is not asked for them any more."""
        self.keep([settled(bar) for bar in self._bars.values() if bar.source is Source.BACK_UP and which(bar)])

    def written(self, plan: BarPlan) -> WrittenBar:
        """The bar with all that stands in it: context for the bars after."""
        found = (self.at(part.name, plan.bar.index) for part in plan.parts)
        return WrittenBar(plan, tuple(bar for bar in found if bar is not None))

    def by_source(self) -> dict[Source, int]:
        """How many part-bars each source wrote."""
        counts = dict.fromkeys(Source, 0)
        for bar in self._bars.values():
            counts[bar.source] += 1
        return counts


def settled(bar: ComposedBar) -> ComposedBar:
    """The bar as it stays when the model is not waited for any more."""
    return replace(bar, source=Source.FALLBACK) if bar.source is Source.BACK_UP else bar
