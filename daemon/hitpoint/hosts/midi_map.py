"""Tempo, metre and markers of a MIDI file, for hosts that cannot tell them while they run."""

from pathlib import Path

from hitpoint.errors import HostError, ScoreError
from hitpoint.score.midi_file import read_midi_file
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate


def read_midi_map(path: Path, frame_rate: FrameRate) -> Timeline:
    """The timeline of any MIDI file of type 0 or 1; its notes are left aside. Raises HostError naming the file."""
    try:
        return read_midi_file(path, frame_rate).timeline
    except ScoreError as error:
        raise HostError(str(error)) from error
