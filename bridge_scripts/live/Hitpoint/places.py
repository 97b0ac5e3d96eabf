"""Where clips of a set lie, and how they are made and deleted there: in the arrangement, or in session slots.

Which of them this Live can do is found out by looking at it, not by its number.
"""

from .notes import digest_of, read_notes, write_notes

NEAR = 0.5 / 960
"""Quarter notes: half a tick of Hitpoint's."""


class Arrangement:
    """Clips on the timeline of the tracks. Needs Live 11."""

    def __init__(self, song, specification):
        self._song = song
        self._specification = specification

    @staticmethod
    def is_there(track):
        """True when this Live can make clips there."""
        return hasattr(track, "create_midi_clip") or hasattr(track, "duplicate_clip_to_arrangement")

    def clips(self, track, start, end):
        """Those that overlap a span, as (clip, first quarter, end)."""
        found = []
        for clip in track.arrangement_clips:
            first, last = float(clip.start_time), _end_of(clip)
            if first < end - NEAR and last > start + NEAR:
                found.append((clip, first, last))
        return found

    def make(self, track, start, end, name, rows):
        """A new clip with these notes, where none is."""
        if hasattr(track, "create_midi_clip"):
            clip = track.create_midi_clip(start, end - start)
            try:
                clip.name = name
                write_notes(clip, rows, self._specification)
            except Exception:
                track.delete_clip(clip)
                raise
            return clip
        return self._made_in_a_slot(track, start, end, name, rows)

    def delete(self, track, clip):
        """Delete a clip."""
        track.delete_clip(clip)

    def _made_in_a_slot(self, track, start, end, name, rows):
        slots = Slots(self._song, self._specification)
        temporary = slots.make(track, start, end, name, rows)
        try:
            clip = track.duplicate_clip_to_arrangement(temporary, start)
        finally:
            slots.delete(track, temporary)
            slots.tidy()
        if clip is None:
            clip = self.clips(track, start, end)[0][0]
        clip.name = name
        return clip


class Slots:
    """Clips in session slots, for a Live that has no others to offer."""

    def __init__(self, song, specification):
        self._song = song
        self._specification = specification
        self._made_scene = False

    def clips(self, track, start, end):
        """All of a track, as if they lay where they are asked for: slots have no place in time."""
        return [(slot.clip, start, end) for slot in track.clip_slots if slot.has_clip]

    def make(self, track, start, end, name, rows):
        """A new clip with these notes, in the first empty slot; with a new scene where there is none."""
        slot = _empty_slot(track)
        if slot is None:
            self._song.create_scene(-1)
            self._made_scene = True
            slot = _empty_slot(track)
        slot.create_clip(end - start)
        try:
            slot.clip.name = name
            write_notes(slot.clip, rows, self._specification)
        except Exception:
            slot.delete_clip()
            self.tidy()
            raise
        return slot.clip

    def delete(self, track, clip):
        """Delete a clip."""
        for slot in track.clip_slots:
            if slot.has_clip and slot.clip == clip:
                slot.delete_clip()
                return

    def tidy(self):
        """Take away the scene that was made, when it was for a moment only."""
        if self._made_scene:
            self._made_scene = False
            self._song.delete_scene(len(self._song.scenes) - 1)


class Kept:
    """A clip as it was, so that it can be made again when the rest of a job fails."""

    def __init__(self, clip, start, end):
        self.start, self.end, self.name = start, end, str(clip.name)
        self.rows = read_notes(clip)


def record_of(clip, job, said, track, start, end):
    """What is remembered of a clip that was written."""
    return {
        "job": job["job"],
        "take": job["take"],
        "track": str(track.name),
        "part": said["part"],
        "name": str(clip.name),
        "quarter": start,
        "end": end,
        "digest": digest_of(clip),
    }


def _empty_slot(track):
    for slot in track.clip_slots:
        if not slot.has_clip:
            return slot
    return None


def _end_of(clip):
    end = getattr(clip, "end_time", None)
    return float(clip.start_time) + float(clip.length) if end is None else float(end)
