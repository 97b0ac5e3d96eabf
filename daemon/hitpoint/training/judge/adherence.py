"""Whether a cue is what its prompt said: tempo, key, metre and instruments, all read from its file."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hitpoint.score.key_finder import find_keys
from hitpoint.score.midi_score import MidiScore
from hitpoint.score.sections import players_of
from hitpoint.score.stem import DRUM_CHANNEL, instrument_for_program
from hitpoint.training.judge.asked import BARS, MEASURED, Asked, Tell, Write
from hitpoint.training.judge.key import TEMPERLEY, find_key, kinship
from hitpoint.training.judge.measures import chroma_of
from hitpoint.training.judge.played import PART, Played, played_score
from hitpoint.training.judge.prompts import Prompt
from hitpoint.training.judge.statistics import share

TEMPO_BORDERS = (40, 60, 70, 90, 110, 140, 160, 210)
"""Borders of text2midi's tempo bins, grave to prestissimo; with tolerance a neighbouring bin counts too. Source:
Melechovsky et al. 2023 (arXiv:2311.08355), whose measure text2midi took over."""
SAME_BPM = 0.01
"""Quarters a minute by which a file's tempo, in whole microseconds, may miss the one that was asked for."""
MOST_MISSES = 60
"""Misses that are told one by one."""


@dataclass(frozen=True)
class Cue:
    """One cue that was written for a prompt."""

    prompt: Prompt
    seed: int
    score: MidiScore
    played: Played


def written(prompts: Sequence[Prompt], seeds: int, write: Write, tell: Tell) -> list[list[Cue]]:
    """The cues of each prompt. tell: called after each."""
    rows = []
    for prompt in prompts:
        row = []
        for seed in range(seeds):
            score = write(Asked(prompt.text, seed))
            row.append(Cue(prompt, seed, score, played_score(score, BARS)))
            tell()
        rows.append(row)
    return rows


def adherence(cues: Sequence[Sequence[Cue]]) -> dict[str, Any]:
    """Shares of cues that are as asked. cues: a row a prompt, intervals are by row."""
    checks = {name: np.array([[check(cue) for cue in row] for row in cues]) for name, check in _CHECKS.items()}
    figures: dict[str, Any] = {"prompts": len(cues), "cues": sum(map(len, cues))}
    figures |= {name: share(right) for name, right in checks.items()}
    figures["instruments_bars"] = share(*_bars_of_instruments(cues))
    flat = [cue for row in cues for cue in row]
    figures["key_found"] = dict(Counter(kinship(cue.prompt.key, find_key(chroma_of(cue.played))) for cue in flat))
    figures["misses"] = [miss for cue in flat for miss in _misses(cue)][:MOST_MISSES]
    return figures


def tempo_bin(bpm: float) -> int:
    """Which of the nine bins the nearest whole number falls in, as theirs; a border belongs to the slower one."""
    return int(np.searchsorted(TEMPO_BORDERS, round(bpm)))


def sounding(cue: Cue) -> frozenset[str]:
    """Names of the instruments whose tracks have notes, by channel and program."""
    found = (instrument_for_program(part.program or 0, part.channel == DRUM_CHANNEL) for part in cue.score.parts)
    return frozenset(one.name for one in found if one is not None)


def _bpm(cue: Cue) -> float:
    return cue.score.timeline.tempo_map.bpm_at(0)


def _near_bin(cue: Cue) -> bool:
    return abs(tempo_bin(_bpm(cue)) - tempo_bin(cue.prompt.bpm)) <= 1


def _meter(cue: Cue) -> str:
    return "+".join(str(change.meter) for change in cue.score.timeline.meter_map.changes)


def _labels_find_it(cue: Cue) -> bool:
    key = int(find_keys(chroma_of(cue.played)[None])[0][0])
    return key == 2 * cue.prompt.key.tonic + int(cue.prompt.key.minor)


def _key(cue: Cue) -> bool:
    return find_key(chroma_of(cue.played)) == cue.prompt.key


def _key_before_the_end(cue: Cue) -> bool:
    return find_key(chroma_of(cue.played.before(MEASURED))) == cue.prompt.key


def _instruments(cue: Cue) -> bool:
    """Whoever is named sounds, of a section someone, and nobody else: calm music need not be a tutti."""
    heard = sounding(cue)
    return heard <= cue.prompt.players and all(heard & set(players_of(name)) for name in cue.prompt.named)


_CHECKS: dict[str, Callable[[Cue], bool]] = {
    "tempo_exact": lambda cue: abs(_bpm(cue) - cue.prompt.bpm) < SAME_BPM,
    "tempo_bin": lambda cue: tempo_bin(_bpm(cue)) == tempo_bin(cue.prompt.bpm),
    "tempo_bin_tolerance": _near_bin,
    "key": _key,
    "key_without_last_bar": _key_before_the_end,
    "key_temperley": lambda cue: find_key(chroma_of(cue.played), TEMPERLEY) == cue.prompt.key,
    "key_as_labels_find_it": _labels_find_it,
    "meter": lambda cue: _meter(cue) == cue.prompt.meter,
    "instruments": _instruments,
    "all_players": lambda cue: sounding(cue) == cue.prompt.players,
    "no_others": lambda cue: sounding(cue) <= cue.prompt.players,
}


def _bars_of_instruments(cues: Sequence[Sequence[Cue]]) -> tuple[Any, Any]:
    """In how many of the bars the instruments that were asked for strike, and in how many they could."""
    rows = []
    for row in cues:
        bars = sum(len(_struck(cue)) for cue in row)
        rows.append((bars, sum(BARS * len(cue.prompt.players) for cue in row)))
    struck, of = np.array(rows, float).reshape(-1, 2).T
    return struck, of


def _struck(cue: Cue) -> set[tuple[int, str]]:
    names = [one.name if one is not None else "" for one in cue.played.instruments]
    return {(int(note[0]), names[note[PART]]) for note in cue.played.notes if names[note[PART]] in cue.prompt.players}


def _misses(cue: Cue) -> list[dict[str, Any]]:
    found: list[tuple[str, object, object]] = []
    if not _CHECKS["tempo_exact"](cue):
        found.append(("tempo", cue.prompt.bpm, round(_bpm(cue), 2)))
    if not _key(cue):
        found.append(("key", str(cue.prompt.key), str(find_key(chroma_of(cue.played)))))
    if _meter(cue) != cue.prompt.meter:
        found.append(("meter", cue.prompt.meter, _meter(cue)))
    if not _instruments(cue):
        found.append(("instruments", list(cue.prompt.named), sorted(sounding(cue))))
    return [
        {"prompt": cue.prompt.text, "seed": cue.seed, "what": what, "asked": asked, "found": answer}
        for what, asked, answer in found
    ]
