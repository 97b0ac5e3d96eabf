"""What a MIDI file holds, as values: named parts with their notes, and the timeline they stand on."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hitpoint.score.articulation import SwitchAt
from hitpoint.score.controls import Key
from hitpoint.score.expression import ControllerMove
from hitpoint.score.note import Note
from hitpoint.score.stem import Part
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True)
class MidiPart:
    """One track of a file, or one channel of a track that holds several."""

    name: str
    """The track's name, any script, perhaps empty."""
    channel: int
    """0 to 15; 9 is drums."""
    program: int | None
    """General MIDI program, 0 to 127; None when the file does not say."""
    notes: tuple[Note, ...] = ()
    """In order of tick, then pitch."""
    moves: tuple[ControllerMove, ...] = ()
    """What its controllers do, in order of tick. Written, not read: nothing here asks how a file was expressed."""
    switches: tuple[SwitchAt, ...] = ()
    """What selects how its notes are played, in order of tick. Written, not read; only MIDI files have them."""

    @classmethod
    def of(
        cls, part: Part, channel: int, notes: Iterable[Note], moves: Iterable[ControllerMove] = (),
        program: int | None = None,
    ) -> "MidiPart":  # fmt: skip
        """A part of the score on a channel, with its instrument's program or that one; drums have no moves."""
        moves = () if part.instrument.drums else tuple(moves)
        return cls(
            part.name, channel, part.instrument.program if program is None else program, tuple(sorted(notes)), moves
        )


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The key signature from a tick on."""

    tick: int
    key: Key


@dataclass(frozen=True)
class MidiScore:
    """A whole file."""

    timeline: Timeline = field(default_factory=Timeline)
    parts: tuple[MidiPart, ...] = ()
    """Those with notes, in the order of the tracks."""
    title: str = ""
    keys: tuple[KeyChange, ...] = ()
    """Key signatures: only major and minor can be told from a file."""
    tempo_stated: bool = field(default=True, compare=False)
    """False for a file that says no tempo, so that the standard's was assumed."""

    @property
    def end(self) -> int:
        """The tick after everything: notes, markers and regions."""
        ends = [note.end for part in self.parts for note in part.notes]
        ends += [marker.tick for marker in self.timeline.markers] + [region.end for region in self.timeline.regions]
        return max(ends, default=0)


FRAME_RATE_TEXT = "hitpoint frame rate "
"""Begins a text event with the name of the picture's rate, which a SMPTE offset alone cannot tell in full."""
SMPTE_RATES = {"23.976": 24.0, "24": 24.0, "25": 25.0, "29.97df": 29.97, "29.97": 30.0, "30": 30.0}
"""By name of our rates, the four that a SMPTE offset has; 29.97 there means drop-frame. Source: Standard MIDI Files
1.0, meta event 84."""
MAJOR_SIGNATURES = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
MINOR_SIGNATURES = ("Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m", "G#m", "D#m", "A#m")
"""Key signatures by their number of sharps, from −7. Source: Standard MIDI Files 1.0, meta event 59."""

_NO_SHARPS = 7
_RELATIVE_MINOR = 9
"""Semitones from a major tonic up to that of the minor with its signature."""
_PITCH_CLASSES = (11, 6, 1, 8, 3, 10, 5, 0, 7, 2, 9, 4, 11, 6, 1)
"""Of MAJOR_SIGNATURES."""


def signature_of(key: Key) -> str:
    """The key signature that writes the scale of `key` with fewest accidentals; D dorian is that of A minor."""
    # A mode is its parallel major with other notes sharp or flat; the relative major has the very same scale.
    relative = next(tonic for tonic in range(12) if Key(tonic, "major").scale == key.scale)
    index = min(
        (index for index, pitch_class in enumerate(_PITCH_CLASSES) if pitch_class == relative),
        key=lambda index: abs(index - _NO_SHARPS),
    )
    return (MINOR_SIGNATURES if key.minor else MAJOR_SIGNATURES)[index]


def key_of(signature: str) -> Key:
    """The key of a signature's name. Inverse of `signature_of` for major and minor."""
    if signature.endswith("m"):
        return Key((_PITCH_CLASSES[MINOR_SIGNATURES.index(signature)] + _RELATIVE_MINOR) % 12, "minor")
    return Key(_PITCH_CLASSES[MAJOR_SIGNATURES.index(signature)], "major")


def markers_of(timeline: Timeline) -> tuple[Marker, ...]:
    """Every marker of a file: the timeline's own, and for a region one at its start and an END at its end.

    A file has no regions; the two markers mean the same to whoever reads them.
    """
    ends = (Marker(region.end, f"END {region.name}".rstrip()) for region in timeline.regions)
    starts = (Marker(region.start, region.name) for region in timeline.regions)
    given = (replace(marker, id="") for marker in timeline.markers)
    return tuple(sorted(dict.fromkeys((*ends, *starts, *given)), key=lambda marker: marker.tick))


def playable(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes as one channel can play them: a key struck while it still sounds ends there first."""
    kept: list[Note] = []
    latest: dict[int, int] = {}
    for note in sorted(notes):
        if note.pitch in latest:
            before = kept[latest[note.pitch]]
            kept[latest[note.pitch]] = replace(before, duration=min(before.duration, note.tick - before.tick))
        latest[note.pitch] = len(kept)
        kept.append(note)
    return tuple(note for note in kept if note.duration > 0)
