"""A MIDI control and what it drives, as a session keeps it: in people's words. What these mean, `hosts` knows."""

from typing import NamedTuple


class BoundControl(NamedTuple):
    """One binding."""

    source: str
    """The control: "cc 1 channel 3 of nanoKONTROL"."""
    target: str
    """What it drives: "/hitpoint/control/intensity"."""
    how: str = ""
    """In what way, where it is not the usual one: "pickup 0.2..0.8"."""
