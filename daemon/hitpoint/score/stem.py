"""The instruments Hitpoint writes for, and how they group into stems (one port, one bus in the DAW).

Ranges are sounding pitches that a professional section plays safely: our choice, a little inside of what textbooks of
orchestration give. Program numbers are General MIDI's (System Level 1, counted from 0). One table is the truth:
the parser's words, the model's vocabulary, the masks and the ports are all made from it.
"""

from dataclasses import dataclass

DRUM_CHANNEL = 9
"""The channel, counted from 0, on which General MIDI keeps its drums."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument, or a section playing one line."""

    name: str
    """As the field says it: "violin", "french horn"."""
    program: int
    """General MIDI program, 0 to 127; for drums the kit."""
    stem: str
    """The group it is rendered with, and so the port: "strings", "brass"."""
    low: int
    """Lowest sounding MIDI key."""
    high: int
    """Highest sounding MIDI key."""
    polyphony: int = 1
    """Most notes at once."""
    span: int = 0
    """Largest interval, in semitones, of what one hand (or one section's divisi) holds at once."""
    programs: tuple[int, ...] = ()
    """Other General MIDI programs that read as this instrument."""

    @property
    def drums(self) -> bool:
        """True when pitches are percussion keys."""
        return self.stem == "drums"

    def __hash__(self) -> int:
        # Asked for at every note: the other fields follow from the name.
        return hash(self.name)


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("piccolo", 72, "winds", 74, 108),
    Instrument("flute", 73, "winds", 60, 96, programs=(74, 75, 76, 77, 78, 79)),
    Instrument("oboe", 68, "winds", 58, 91),
    Instrument("english horn", 69, "winds", 52, 81),
    Instrument("clarinet", 71, "winds", 50, 91),
    Instrument("saxophone", 65, "winds", 49, 87, programs=(64, 66, 67)),
    Instrument("bassoon", 70, "winds", 34, 74),
    Instrument("french horn", 60, "brass", 35, 77, 2, 12),
    Instrument("trumpet", 56, "brass", 54, 84, 2, 12, programs=(59,)),
    Instrument("trombone", 57, "brass", 40, 72, 2, 12),
    Instrument("tuba", 58, "brass", 28, 58),
    Instrument("brass section", 61, "brass", 36, 84, 4, 24, programs=(62, 63)),
    Instrument("timpani", 47, "percussion", 38, 60),
    Instrument("bells", 9, "percussion", 53, 108, 4, 24, programs=(8, 10, 11, 12, 13, 14, 15, 112, 114)),
    Instrument("harp", 46, "plucked", 24, 103, 8, 14),
    Instrument("guitar", 24, "plucked", 40, 83, 6, 28, programs=(25, 26, 27, 28, 29, 30, 31, 104, 105, 106, 107)),
    Instrument("piano", 0, "keys", 21, 108, 10, 14, programs=(1, 2, 3, 4, 5)),
    Instrument("harpsichord", 6, "keys", 29, 89, 10, 14, programs=(7,)),
    Instrument("organ", 19, "keys", 24, 96, 10, 14, programs=(16, 17, 18, 20, 21, 22, 23)),
    Instrument("choir", 52, "choir", 40, 81, 2, 12, programs=(53, 54, 85, 91)),
    Instrument("violin", 40, "strings", 55, 96, 2, 12, programs=(110,)),
    Instrument("viola", 41, "strings", 48, 84, 2, 12),
    Instrument("cello", 42, "strings", 36, 76, 2, 12),
    Instrument("contrabass", 43, "strings", 28, 60),
    Instrument("string ensemble", 48, "strings", 36, 96, 6, 36, programs=(44, 49, 50, 51, 55)),
    Instrument("pizzicato strings", 45, "strings", 36, 88, 4, 24),
    Instrument("bass", 33, "bass", 28, 60, programs=(32, 34, 35, 36, 37, 38, 39)),
    Instrument("synth lead", 81, "synth", 36, 96, 2, 12, programs=(80, 82, 83, 84, 86, 87)),
    Instrument(
        "synth pad", 89, "synth", 36, 96, 6, 36, programs=(88, 90, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103)
    ),
    Instrument("drums", 0, "drums", 27, 87, 6, 127),
)
"""In score order within the page; the index is the instrument's number in the model's vocabulary."""

_BY_NAME = {instrument.name: instrument for instrument in INSTRUMENTS}
_BY_PROGRAM = {
    program: instrument
    for instrument in INSTRUMENTS
    if not instrument.drums
    for program in (instrument.program, *instrument.programs)
}


def instrument_named(name: str) -> Instrument:
    """The instrument called `name`. Raises KeyError."""
    return _BY_NAME[name]


def instrument_for_program(program: int, drums: bool = False) -> Instrument | None:
    """What a General MIDI program (0 to 127) reads as; None for sound effects and the like."""
    return _BY_NAME["drums"] if drums else _BY_PROGRAM.get(program)


@dataclass(frozen=True, slots=True)
class Part:
    """One player's or section's line in a cue, with a name of its own."""

    name: str
    """Unique in the session: "violin 1", "french horn"."""
    instrument: Instrument
    desk: int = 0
    """0 for the first part of its instrument, 1 for the second, up to 3."""

    @property
    def stem(self) -> str:
        """The stem it is rendered with."""
        return self.instrument.stem
