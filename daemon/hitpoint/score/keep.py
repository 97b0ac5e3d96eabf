"""What of a passage stays when it is written anew."""

from enum import Enum


class Keep(Enum):
    """The one thing that is held."""

    RHYTHM = "rhythm"
    """Onsets, durations and velocities stay; pitches are new."""
    CONTOUR = "contour"
    """Onsets stay, and whether the top line rises, falls or stays with each of them."""
    HARMONY = "harmony"
    """Only pitch classes that sound in the same beat, in any part or in what stood there."""
    REGISTER = "register"
    """No lower and no higher than what stood there, by a third."""
