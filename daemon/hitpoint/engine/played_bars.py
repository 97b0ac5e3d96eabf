"""Who wrote what was really heard."""

from collections.abc import Collection
from dataclasses import dataclass

from hitpoint.score.request import Source


@dataclass(frozen=True, slots=True)
class PlayedBars:
    """Bars that have begun since the daemon started; one played twice counts twice."""

    bars: int = 0
    late: int = 0
    """Of them, those in which the notes of at least one part were not the model's: it was not ready, or failed."""
    by_model: int = 0
    """Bars of single parts that the model wrote."""
    by_fallback: int = 0
    """Bars of single parts that the fallback wrote."""

    def after(self, sources: Collection[Source]) -> "PlayedBars":
        """The counts when one more bar has begun. sources: who wrote it, a part at a time."""
        model = sum(source is Source.MODEL for source in sources)
        others = len(sources) - model
        return PlayedBars(
            self.bars + 1, self.late + bool(others), self.by_model + model, self.by_fallback + others
        )  # fmt: skip
