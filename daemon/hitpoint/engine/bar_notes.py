"""The notes of bars, for who shows them."""

from collections.abc import Iterable

from hitpoint.engine.pages import Pages
from hitpoint.page.messages import BarNotes, PartNotes
from hitpoint.score.request import ComposedBar


def notes_of(pages: Pages, bars: Iterable[int]) -> tuple[BarNotes, ...]:
    """What stands in those of the bars, counted from 1, in which something is written; in the order asked."""
    return tuple(
        BarNotes(bar, pages.revision_of(bar - 1), tuple(map(_part, pages.in_bar(bar - 1))))
        for bar in bars
        if pages.revision_of(bar - 1)
    )


def _part(bar: ComposedBar) -> PartNotes:
    return PartNotes(bar.part, bar.source.value, bar.notes)
