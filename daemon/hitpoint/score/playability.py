"""Whether people could play what is written: a check of a finished score, which knows nothing of how it was made.

A violation is counted where it begins: a note out of the compass, a chord at its onset, a stretch without a breath at
each place where the breath would be spent.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations, groupby, permutations

from hitpoint.score.articulation import ArticulationMap
from hitpoint.score.midi_score import MidiPart, MidiScore
from hitpoint.score.note import Note
from hitpoint.score.player_limits import FEET_KEYS, MOST_IN_HANDS, PLAYERS, Hands, Player, Strings
from hitpoint.score.stem import DRUM_CHANNEL, Instrument, instrument_for_program

SLUR_SECONDS = 0.06
"""A note that goes on for less than this into the next is slurred into it, not held beside it. Our choice."""
BREATH_SECONDS = 0.15
"""The shortest rest that is a breath. Our choice."""
OCTAVE = 12

SecondsAt = Callable[[float], float]


class Kind(Enum):
    """What cannot be done."""

    RANGE = "range"
    """A note that the instrument does not have."""
    POLYPHONY = "polyphony"
    """More notes at once than players, strings, fingers or limbs."""
    SPAN = "span"
    """Keys or strings that two hands do not reach together."""
    STOPS = "stops"
    """Notes that no fingering on neighbouring strings holds."""
    BREATH = "breath"
    """No place to breathe."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that cannot be played."""

    part: str
    tick: int
    kind: Kind
    pitches: tuple[int, ...]
    """MIDI keys that it is about, rising."""


@dataclass(frozen=True, slots=True)
class Playability:
    """A score that was checked."""

    bars: int
    """Bars in which anything plays."""
    part_bars: int
    """The same, counted for each part that was checked."""
    violations: tuple[Violation, ...]
    """By part, then by tick."""
    unknown: tuple[str, ...] = ()
    """Parts that were not checked: nobody plays them."""

    def per_thousand_bars(self) -> dict[Kind, float]:
        """Violations of each kind in 1,000 bars."""
        counted = Counter(found.kind for found in self.violations)
        return {kind: 1000 * counted[kind] / self.bars if self.bars else 0.0 for kind in Kind}


def check_score(score: MidiScore, articulations: ArticulationMap | None = None) -> Playability:
    """What people could not play of a score. Part after part; each is one player or one section. articulations: whose
    keyswitches are no notes."""
    articulations = articulations or ArticulationMap()
    found: list[Violation] = []
    unknown, part_bars, bars = [], 0, set[int]()
    for number, part in enumerate(score.parts, 1):
        name = part.name or f"part {number}"
        switches = articulations.keys(_instrument(part))
        notes = [note for note in part.notes if note.pitch not in switches]
        played = {score.timeline.meter_map.bar_at(note.tick).index for note in notes}
        bars |= played
        instrument = instrument_of(part)
        if instrument is None or instrument not in PLAYERS:
            unknown.append(name)
            continue
        part_bars += len(played)
        found += violations_of(name, instrument, notes, score.timeline.tempo_map.seconds_at)
    return Playability(len(bars), part_bars, tuple(found), tuple(unknown))


def instrument_of(part: MidiPart) -> str | None:
    """The instrument's name; None for sound effects and the like. A part that names no program is a piano."""
    found = _instrument(part)
    return None if found is None else found.name


def _instrument(part: MidiPart) -> Instrument | None:
    return instrument_for_program(part.program or 0, part.channel == DRUM_CHANNEL)


def violations_of(part: str, instrument: str, notes: Sequence[Note], seconds_at: SecondsAt) -> list[Violation]:
    """What one part has that its player cannot do, in time order. instrument: a name of PLAYERS."""
    player = PLAYERS[instrument]
    found = [
        Violation(part, note.tick, Kind.RANGE, (note.pitch,))
        for note in notes
        if not player.low <= note.pitch <= player.high
    ]
    for tick, chord in _chords(notes, player, seconds_at):
        kind = _drums_kind(chord) if instrument == "drums" else _chord_kind(chord, player)
        if kind is not None:
            found.append(Violation(part, tick, kind, chord))
    if player.breath_seconds is not None:
        found += _breathless(part, notes, player.breath_seconds, seconds_at)
    return sorted(found, key=lambda violation: violation.tick)


def _chords(notes: Sequence[Note], player: Player, seconds_at: SecondsAt) -> Iterator[tuple[int, tuple[int, ...]]]:
    """What is struck and what is held at each onset at which there are several notes: tick and keys, rising."""
    held: list[Note] = []
    for tick, struck in groupby(sorted(notes), key=lambda note: note.tick):
        after = seconds_at(tick) + SLUR_SECONDS
        held = [] if player.rings else [note for note in held if note.end > tick and seconds_at(note.end) > after]
        held += struck
        chord = tuple(sorted({note.pitch for note in held}))
        if len(chord) > 1:
            yield tick, chord


def _chord_kind(chord: tuple[int, ...], player: Player) -> Kind | None:
    if len(chord) > player.voices:
        return Kind.POLYPHONY
    if player.hands is not None and not in_hands(chord, player.hands):
        return Kind.SPAN
    if player.strings is not None and not stoppable(chord, player.strings):
        return Kind.STOPS
    return None


def _drums_kind(chord: tuple[int, ...]) -> Kind | None:
    hands = [key for key in chord if key not in FEET_KEYS]
    return Kind.POLYPHONY if len(hands) > MOST_IN_HANDS else None


def in_hands(chord: Sequence[int], hands: Hands) -> bool:
    """Whether two hands, and feet where they have keys, hold these keys. chord: rising."""
    return any(
        _one_hand(chord[feet:left], hands) and _one_hand(chord[left:], hands)
        for feet in range(min(hands.feet, len(chord)) + 1)
        if all(key <= hands.feet_high for key in chord[:feet])
        for left in range(feet, len(chord) + 1)
    )


def _one_hand(keys: Sequence[int], hands: Hands) -> bool:
    return not keys or (len(keys) <= hands.fingers and keys[-1] - keys[0] <= hands.span)


def stoppable(chord: Sequence[int], strings: Strings, in_order: bool = False) -> bool:
    """Whether some fingering holds these keys, rising, each on a string of its own. in_order: lower keys on lower
    strings only."""
    ways = combinations if in_order else permutations
    return any(_held(chord, places, strings) for places in ways(range(len(strings.tuning)), len(chord)))


def _held(chord: Sequence[int], places: Sequence[int], strings: Strings) -> bool:
    if strings.bowed and max(places) - min(places) >= len(places):
        return False
    above = [key - strings.tuning[place] for key, place in zip(chord, places, strict=True)]
    stopped = [steps for steps in above if steps]
    if not stopped:
        return True
    reach = max(strings.stretch, strings.thumb_stretch) if min(stopped) >= OCTAVE else strings.stretch
    return min(above) >= 0 and max(stopped) - min(stopped) <= reach


def _breathless(part: str, notes: Sequence[Note], limit: float, seconds_at: SecondsAt) -> Iterator[Violation]:
    """Each note during which a breath would be spent: again after each `limit` seconds."""
    begun = until = float("-inf")
    for note in sorted(notes):
        start, end = seconds_at(note.tick), seconds_at(note.end)
        if start - until >= BREATH_SECONDS:
            begun = start
        until = max(until, end)
        while until - begun > limit:
            yield Violation(part, note.tick, Kind.BREATH, (note.pitch,))
            begun += limit
