"""What a bundle writes when it is asked, in figures: the rows of the card that only whole cues can fill."""

from collections.abc import Callable, Collection
from typing import Any

from hitpoint.training.dataset import Dataset
from hitpoint.training.judge import controls, moods
from hitpoint.training.judge.adherence import adherence, written
from hitpoint.training.judge.asked import BARS, MEASURED, Asked, Write
from hitpoint.training.judge.bars import bars_of_cues, bars_of_people
from hitpoint.training.judge.originality import originality
from hitpoint.training.judge.played import played_score
from hitpoint.training.judge.prompts import prompts
from hitpoint.training.judge.reference import Reference
from hitpoint.training.judge.returns import BARS as RETURN_BARS
from hitpoint.training.judge.returns import returns_of_cues, returns_of_people

KINDS = ("adherence", "controls", "moods", "bars", "returns", "originality")
USUAL = KINDS[:-1]
"""Those that need no index."""
PROMPTS_SEED = 5
"""Of the prompts; any other gives others."""
CONTROL_SHARE, MOOD_SHARE, RETURN_SHARE = 8, 8, 4
"""One prompt of each sweep, one seed of each pair of moods, and one longer cue, for so many prompts. Our choice: equal
times."""

Progress = Callable[[int, int, str], None]


def judge(
    write: Write,
    kinds: Collection[str],
    count: int,
    seeds: int,
    progress: Progress,
    people: Dataset | None = None,
    reference: Reference | None = None,
) -> dict[str, Any]:
    """Figures by kind, each of `kinds` in KINDS.

    count: prompts for adherence, bars and originality, each with so many seeds; the others' sizes follow it. people:
    prepared data, whose bars and returns are counted beside. reference: what originality, which is measured only with
    it, compares with. progress: cues done, cues in all, and what they are for; of what is measured without a cue,
    pieces.
    """
    swept, paired = max(2, count // CONTROL_SHARE), max(2, count // MOOD_SHARE)
    long = max(2, count // RETURN_SHARE)
    plain = {"adherence", "bars"} & set(kinds)
    total = (count * seeds if plain else 0) + (controls.cues_of(swept) if "controls" in kinds else 0)
    total += moods.cues_of(paired) if "moods" in kinds else 0
    total += long * seeds if "returns" in kinds else 0
    original = reference if "originality" in kinds else None
    total += count * seeds if original is not None else 0
    telling = _Telling(progress, total)
    figures: dict[str, Any] = {"bars_of_a_cue": BARS} if set(USUAL) & set(kinds) else {}
    if plain:
        cues = written(prompts(count, PROMPTS_SEED), seeds, write, telling.of("prompts"))
        if "adherence" in kinds:
            figures["adherence"] = adherence(cues)
        if "bars" in kinds:
            figures["bars"] = {"cues": bars_of_cues([[cue.played.before(MEASURED) for cue in row] for row in cues])}
    if "controls" in kinds:
        figures["controls"] = controls.controls(swept, write, telling.of("controls"))
    if "moods" in kinds:
        figures["moods"] = moods.moods(paired, write, telling.of("moods"))
    if "returns" in kinds:
        figures["returns"] = {"bars_of_a_cue": RETURN_BARS, "cues": _returns(long, seeds, write, telling.of("returns"))}
        if people is not None:
            figures["returns"]["people"] = returns_of_people(people)
    if "bars" in kinds and people is not None:
        figures["bars"]["people"] = bars_of_people(people)
    if original is not None:
        tell = telling.of("originality")
        figures["originality"] = originality(count, seeds, write, tell, original, progress)
    return figures


def _returns(count: int, seeds: int, write: Write, tell: Callable[[], None]) -> dict[str, Any]:
    rows = []
    for place, prompt in enumerate(prompts(count, PROMPTS_SEED)):
        row = []
        # Each has seeds of its own: a form depends on nothing else.
        for seed in range(seeds * place, seeds * (place + 1)):
            row.append(played_score(write(Asked(prompt.text, seed, bars=RETURN_BARS)), RETURN_BARS))
            tell()
        rows.append(row)
    return returns_of_cues(rows)


class _Telling:
    """Counts cues over all kinds."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def of(self, what: str) -> Callable[[], None]:
        def tell() -> None:
            self._done += 1
            self._progress(self._done, self._total, what)

        return tell
