"""The sections that people name, and who sits in them."""

SECTIONS: dict[str, tuple[str, ...]] = {
    "strings": ("violin", "violin", "viola", "cello", "contrabass"),
    "low strings": ("viola", "cello", "contrabass"),
    "high strings": ("violin", "violin", "viola"),
    "brass": ("french horn", "french horn", "trumpet", "trombone", "tuba"),
    "low brass": ("french horn", "trombone", "tuba"),
    "winds": ("flute", "oboe", "clarinet", "bassoon"),
    "percussion": ("timpani", "drums"),
    "orchestra": (
        "flute", "oboe", "bassoon", "french horn", "trumpet", "trombone", "timpani",
        "violin", "violin", "viola", "cello", "contrabass",
    ),
    "chamber orchestra": ("flute", "oboe", "french horn", "violin", "violin", "viola", "cello", "contrabass"),
    "string quartet": ("violin", "violin", "viola", "cello"),
    "band": ("piano", "guitar", "bass", "drums"),
    "synth": ("synth pad", "synth lead"),
}  # fmt: skip
"""What a section's name stands for. Our choice: the usual voices of each, without doublings; an orchestra of twelve
parts is what a model of this size can fill in time."""


def players_of(name: str) -> tuple[str, ...]:
    """The instruments that a section's or an instrument's name stands for; two of one are two desks."""
    return SECTIONS.get(name, (name,))
