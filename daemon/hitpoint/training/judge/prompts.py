"""Prompts that say mood, ensemble, key, metre and tempo in ever new ways, with what each of them asks for.

Drawn by a seed, each list gone through before anything comes again. What is asked is noted here and not read back from
the prompt: a prompt that is misunderstood counts as missed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from hitpoint.score.controls import TONICS, Key
from hitpoint.score.sections import players_of

MOODS = (
    "calm", "peaceful", "serene", "tender", "warm", "dreamy", "nostalgic", "romantic", "reflective", "pastoral",
    "hopeful", "uplifting", "happy", "joyful", "playful", "heroic", "triumphant", "majestic", "epic", "solemn", "sad",
    "mournful", "melancholy", "lonely", "tragic", "longing", "mysterious", "uneasy", "anxious", "tense", "suspenseful",
    "urgent", "frantic", "frightening", "eerie", "ominous", "menacing", "dark", "aggressive", "furious", "stormy",
    "dramatic", "passionate", "determined",
)  # fmt: skip
ENSEMBLES = (
    "piano", "strings", "string quartet", "orchestra", "brass", "winds", "chamber orchestra", "piano trio",
    "wind quintet", "brass quintet", "piano quintet", "string trio", "saxophone quartet", "jazz trio", "band",
    "low strings", "piano and cello", "flute and harp", "violin and piano", "oboe, strings", "choir and organ",
    "choir, strings", "french horn and strings", "clarinet, bassoon and piano", "trumpet, trombone, tuba",
    "harpsichord and violin", "guitar and flute", "synth pad, bass and drums", "strings, timpani",
    "english horn, harp, strings", "cello, synth pad", "organ, brass", "piano, bells, synth pad", "harp",
    "pizzicato strings and clarinet", "guitar, bass, drums", "flute, oboe, clarinet", "strings, brass, timpani",
)  # fmt: skip
SPELLED: tuple[dict[int, str], ...] = ({1: "Db", 3: "D#", 8: "G#", 10: "A#"}, {})
"""Two ways to spell black keys: some as neighbours' sharps and flats, all as usual."""
METERS = ("4/4", "3/4", "4/4", "6/8", "2/4", "4/4", "3/4", "5/4", "12/8", "4/4", "7/8", "3/4", "9/8", "2/2")
"""Common ones come more often."""
SLOWEST, FASTEST = 42, 200
KEYS = tuple(Key(tonic, mode) for tonic in range(12) for mode in ("major", "minor"))
ORDERS = (
    "{mood}, {ensemble}, {key}, {meter}, {bpm} bpm",
    "{mood} {ensemble} in {key}, {meter}, {bpm} bpm",
    "{bpm} bpm, {meter}, {key}, {ensemble}, {mood}",
    "{ensemble}, {mood}, {meter} in {key} at {bpm} bpm",
    "{key}, {bpm} bpm, {mood}, {ensemble}, {meter}",
)

STEADY = (
    "strings", "piano", "string quartet", "winds", "brass quintet", "piano quintet", "choir, strings", "harp, flute",
    "chamber orchestra", "piano and cello", "clarinet, bassoon and piano", "synth pad, synth lead, bass",
)  # fmt: skip
"""Ensembles of controls and mood pairs: of many families, and none so large that a sweep takes long. Our choice."""
STEADY_BPM = (72, 133)
"""The slowest, and one more than the fastest."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt, and what it asks for."""

    text: str
    bpm: int
    """Quarter notes a minute."""
    key: Key
    meter: str
    named: tuple[str, ...]
    """Instruments and sections as they are said."""

    @property
    def players(self) -> frozenset[str]:
        """All who sit in what is named, as the table of instruments calls them."""
        return frozenset(player for name in self.named for player in players_of(name))


def prompts(count: int, seed: int) -> list[Prompt]:
    """So many prompts; the same for the same seed, and the first of more are those of fewer."""
    random = np.random.default_rng(seed)
    moods, ensembles, meters = (_shuffled(words, random.spawn(1)[0]) for words in (MOODS, ENSEMBLES, METERS))
    tempi, keys = _shuffled(range(SLOWEST, FASTEST + 1), random.spawn(1)[0]), _shuffled(KEYS, random.spawn(1)[0])
    orders, spelled = _shuffled(ORDERS, random.spawn(1)[0]), _shuffled(SPELLED, random.spawn(1)[0])
    return [
        _prompt(next(moods), next(ensembles), next(meters), next(orders), next(keys), next(tempi), next(spelled))
        for _ in range(count)
    ]


def plain_prompts(count: int, seed: int, keyed: bool) -> list[str]:
    """Prompts without a mood, for what is asked by hand: an ensemble, a tempo and, where `keyed`, a key."""
    random = np.random.default_rng(seed)
    ensembles, keys = _shuffled(STEADY, random.spawn(1)[0]), _shuffled(KEYS, random.spawn(1)[0])
    tempi = random.integers(*STEADY_BPM, count).tolist()
    return [
        f"{ensemble}, {key}, {bpm} bpm" if keyed else f"{ensemble}, {bpm} bpm"
        for bpm, ensemble, key in zip(tempi, ensembles, keys, strict=False)
    ]


def _shuffled(values: Sequence[T], random: np.random.Generator) -> Iterator[T]:
    """Without end: all of them, in an order of its own each time."""
    while True:
        yield from (values[place] for place in random.permutation(len(values)))


def _prompt(mood: str, ensemble: str, meter: str, order: str, key: Key, bpm: int, spelled: dict[int, str]) -> Prompt:
    said = f"{spelled.get(key.tonic, TONICS[key.tonic])} {key.mode}"
    text = order.format(mood=mood, ensemble=ensemble, key=said, meter=meter, bpm=bpm)
    return Prompt(text, bpm, key, meter, tuple(ensemble.replace(" and ", ", ").split(", ")))
