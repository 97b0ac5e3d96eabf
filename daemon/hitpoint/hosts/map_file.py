"""A timeline from a file, for when the host can't tell it: MIDI file, spotting sheet or Ardour session, by content."""

from pathlib import Path

from hitpoint.errors import HostError
from hitpoint.hosts.ardour import read_ardour_session
from hitpoint.hosts.midi_map import read_midi_map
from hitpoint.hosts.sheet import timeline_of
from hitpoint.hosts.sheet_reader import read_sheet
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

_HEAD_BYTES = 512


def read_map(path: Path, frame_rate: FrameRate) -> Timeline:
    """What `path` says of tempo, metre and markers; `frame_rate` is the picture's where the file says nothing.

    Raises HostError naming the file when it can't be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise HostError(f"{path} cannot be read: {error.strerror or error}. Give a MIDI file or a sheet.") from error
    if not head:
        raise HostError(f"{path} is empty. Export the tempo map and markers from the host again.")
    if head.startswith(b"MThd") or path.suffix.lower() in (".mid", ".midi", ".smf"):
        return read_midi_map(path, frame_rate)
    if b"<Session" in head or path.suffix.lower() == ".ardour":
        return read_ardour_session(path, frame_rate)
    return timeline_of(read_sheet(path))
