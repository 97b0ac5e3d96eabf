"""What two takes share: notes, part by part, and what their bars were asked to be."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hitpoint.engine.take import TakeMusic
from hitpoint.planner.plan import plan_bar
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.stem import DRUM_CHANNEL


@dataclass(frozen=True, slots=True)
class PartCompared:
    """One part in two takes."""

    part: str
    notes: tuple[int, int]
    """In the first take and in the second; 0 where a take has no such part."""
    same: int
    """Notes that are the same in tick, pitch, length and velocity."""
    same_keys: int
    """Those that strike the same key at the same tick."""

    @property
    def share(self) -> float:
        """Of the notes that are the same, 0 to 1: of those of the take that has more. 1 where both rest."""
        return self.same / max(self.notes) if any(self.notes) else 1.0


@dataclass(frozen=True, slots=True)
class Compared:
    """Two takes side by side."""

    parts: tuple[PartCompared, ...]
    controls: tuple[tuple[str, float | None, float | None], ...]
    """Name, mean over the bars of the first take, and of the second; None where none of them says anything."""
    tempo_bpm: tuple[float, float]
    """At the start."""
    mean_pitch: tuple[float | None, float | None]
    """MIDI key, over all notes but those of drums; None without any."""

    @property
    def share(self) -> float:
        """Of all notes, that are the same, 0 to 1."""
        most = max(sum(part.notes[side] for part in self.parts) for side in (0, 1)) if self.parts else 0
        return sum(part.same for part in self.parts) / most if most else 1.0


def compare_takes(first: TakeMusic, second: TakeMusic) -> Compared:
    """What they share. Pure."""
    ones, others = ({part.name: part for part in music.score.parts} for music in (first, second))
    means = [_mean_controls(music) for music in (first, second)]
    return Compared(
        tuple(_compared(name, ones.get(name), others.get(name)) for name in dict.fromkeys([*ones, *others])),
        tuple((name, means[0][name], means[1][name]) for name in CONTROL_RANGES),
        (first.score.timeline.tempo_map.bpm_at(0), second.score.timeline.tempo_map.bpm_at(0)),
        (_mean_pitch(first), _mean_pitch(second)),
    )


def _compared(name: str, one: MidiPart | None, other: MidiPart | None) -> PartCompared:
    notes, others = (() if part is None else part.notes for part in (one, other))
    same = (Counter(notes) & Counter(others)).total()
    keys = [Counter((note.tick, note.pitch) for note in some) for some in (notes, others)]
    return PartCompared(name, (len(notes), len(others)), same, (keys[0] & keys[1]).total())


def _mean_controls(music: TakeMusic) -> dict[str, float | None]:
    plans = [plan for bar in range(music.bars) if (plan := plan_bar(music.session, bar)) is not None]
    return {name: _mean(getattr(plan.controls, name) for plan in plans) for name in CONTROL_RANGES}


def _mean(values: Iterable[float | None]) -> float | None:
    said = [value for value in values if value is not None]
    return sum(said) / len(said) if said else None


def _mean_pitch(music: TakeMusic) -> float | None:
    return _mean(float(note.pitch) for part in music.score.parts if part.channel != DRUM_CHANNEL for note in part.notes)
