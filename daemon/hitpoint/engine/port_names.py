"""What a DAW finds Hitpoint's ports by. Light, as the supervisor loads it too."""

from hitpoint.score.stem import INSTRUMENTS

STEMS = tuple(dict.fromkeys(instrument.stem for instrument in INSTRUMENTS))
"""Every stem there is, in score order."""

CLOCK = "clock"
"""Stands in the place of a stem for the port that MIDI clock is sent at."""


def port_name(client_name: str, stem: str) -> str:
    """The name under which a DAW finds a stem's port, or the clock's: "Hitpoint strings"."""
    return f"{client_name} {stem}"
