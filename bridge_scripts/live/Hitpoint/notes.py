"""The notes of one clip in Live: written, read back, and known again."""

import hashlib

FIRST_QUARTER = -8192.0
QUARTERS = 65536.0
"""All of a clip, and what lies before its start."""
TICKS = 960
"""To a quarter note, as Hitpoint has them: what moves less has not moved."""


def write_notes(clip, rows, specification):
    """Put notes into a clip. rows: quarter from the clip's start, quarters, pitch, velocity, and more."""
    if rows:
        clip.add_new_notes(
            tuple(
                specification(
                    pitch=int(row[2]), start_time=float(row[0]), duration=float(row[1]), velocity=float(row[3])
                )
                for row in rows
            )
        )


def read_notes(clip):
    """What can be heard of a clip: quarter from its start, quarters, pitch, velocity, channel."""
    start, end = float(clip.start_marker), float(clip.end_marker)
    return [
        [float(note.start_time) - start, float(note.duration), int(note.pitch), _velocity(note), 0]
        for note in _notes(clip)
        if not note.mute and start <= note.start_time < end
    ]


def digest_of(clip):
    """A word that is another one once a person has changed a note."""
    notes = sorted(
        (_tick(note.start_time), int(note.pitch), _tick(note.duration), _velocity(note), bool(note.mute))
        for note in _notes(clip)
    )
    return hashlib.sha1(repr(notes).encode("ascii")).hexdigest()[:16]


def _notes(clip):
    return clip.get_notes_extended(0, 128, FIRST_QUARTER, QUARTERS)


def _tick(quarter):
    return round(quarter * TICKS)


def _velocity(note):
    return min(127, max(1, round(note.velocity)))
