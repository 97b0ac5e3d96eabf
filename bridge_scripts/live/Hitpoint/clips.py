"""Does clip jobs: writes Hitpoint's takes into the set, all of a job or none, and never over what a person has made."""

from . import memory
from .notes import digest_of, read_notes
from .places import NEAR, Arrangement, Kept, Slots, record_of

MOST_TRACKS = 20
"""Tracks of one name and take that are tried before a job is refused."""


class Refused(Exception):
    """Why a job cannot be done, in words for the person."""


def answer_to(song, specification, job):
    """Do a job, unless it was done in this set already. The answer for Hitpoint; it never raises.

    specification: Live.Clip.MidiNoteSpecification, or None where this Live has none.
    """
    name, edited, error = str(job.get("job")), [], ""
    try:
        if not memory.is_done(song, name):
            if specification is None:
                raise Refused("this Live cannot write notes. Hitpoint needs Live 11 or newer.")
            edited = _Job(song, specification, job).do()
    except Refused as refused:
        error = str(refused)
    except (KeyError, TypeError, IndexError, ValueError) as wrong:
        error = f"the job could not be read ({type(wrong).__name__}: {wrong})."
    except Exception as wrong:
        error = f"Live would not write the clips: {wrong}"
    return {
        "protocol": 1,
        "kind": "answer",
        "job": name,
        "error": error[:500],
        "edited": [] if error else edited,
    }


class _Job:
    def __init__(self, song, specification, job):
        self._song = song
        self._specification = specification
        self._job = job
        self._records = memory.clips_of(song)
        self._by_name = {}
        """Records by the names of track and clip. What was undone is among them, and may come back."""
        for record in self._records:
            self._by_name.setdefault((record.get("track"), record.get("name")), []).append(record)
        self._edited = []
        self._back = []
        """What takes back what was done so far, called from the last to the first."""

    def do(self):
        """Write all clips in one undo step. Objects of shape `edited clip`."""
        _call(self._song, "begin_undo_step")
        try:
            for said in self._job["clips"]:
                self._write(said)
            memory.remember_clips(self._song, self._records)
            memory.remember_done(self._song, self._job["job"])
        except Exception:
            self._take_back()
            raise
        finally:
            _call(self._song, "end_undo_step")
        return self._edited

    def _take_back(self):
        for back in reversed(self._back):
            try:
                back()
            except Exception:
                # What is gone need not be taken back; the reason of the failure is told, and not this.
                continue

    def _write(self, said):
        start, end = float(said["quarter"]), float(said["end"])
        if not 0 <= start < end:
            raise Refused(f"a clip from quarter {start:g} to {end:g} cannot be written.")
        wanted, take = str(said["track"]), self._job["take"]
        names = [wanted, f"{wanted} (take {take})"]
        names += [f"{wanted} (take {take}) {number}" for number in range(2, MOST_TRACKS)]
        for name in names:
            track = self._track(name)
            place = self._place(track)
            ours = self._free(track, place, said, start, end)
            if ours is not None:
                self._replace(track, place, ours)
                self._make(track, place, said, start, end)
                return
        raise Refused(
            f"the track {wanted!r} and {MOST_TRACKS - 1} others of its name have clips there. Move some away."
        )

    def _place(self, track):
        kind = Arrangement if Arrangement.is_there(track) else Slots
        return kind(self._song, self._specification)

    def _track(self, name):
        """The MIDI track of this name, made where there is none."""
        for track in self._song.tracks:
            if track.has_midi_input and str(track.name) == name:
                if getattr(track, "is_frozen", False):
                    raise Refused(f"the track {name!r} is frozen. Unfreeze it in Live (Edit menu), and try again.")
                return track
        self._song.create_midi_track(-1)
        track = list(self._song.tracks)[-1]
        self._back.append(lambda: self._song.delete_track(list(self._song.tracks).index(track)))
        track.name = name
        return track

    def _free(self, track, place, said, start, end):
        """Clips of ours in the way that may be replaced; None when others are in the way, that must stay."""
        ours, blocked = [], False
        in_slots, track_name = isinstance(place, Slots), str(track.name)
        for clip, first, last in place.clips(track, start, end):
            known = self._by_name.get((track_name, str(clip.name)), [])
            if in_slots:
                # In a slot nothing is in the way: only the same music is replaced.
                known = [one for one in known if _is_span(one, start, end) and one["part"] == said["part"]]
            digest = digest_of(clip) if known else ""
            whole = [one for one in known if _is_span(one, first, last) and one["digest"] == digest]
            if whole and _is_inside(first, last, start, end) and _may_go(whole, said, self._job):
                ours.append((clip, first, last))
                continue
            blocked = blocked or not in_slots
            if known and not whole:
                self._tell_edited(track, clip, known[-1], first, last)
        return None if blocked else ours

    def _tell_edited(self, track, clip, record, first, last):
        edited = {
            "take": record["take"],
            "track": str(track.name),
            "part": record["part"],
            "quarter": first,
            "end": last,
            "notes": read_notes(clip),
        }
        if edited not in self._edited:
            self._edited.append(edited)

    def _replace(self, track, place, ours):
        for clip, first, last in ours:
            kept = Kept(clip, first, last)
            place.delete(track, clip)
            self._back.append(lambda kept=kept: place.make(track, kept.start, kept.end, kept.name, kept.rows))

    def _make(self, track, place, said, start, end):
        name = f"{said['name']} [{self._job['take']}]"
        clip = place.make(track, start, end, name, said["notes"])
        self._back.append(lambda: place.delete(track, clip))
        record = record_of(clip, self._job, said, track, start, end)
        self._records.append(record)
        self._by_name.setdefault((record["track"], record["name"]), []).append(record)


def _is_span(record, start, end):
    return abs(record["quarter"] - start) < NEAR and abs(record["end"] - end) < NEAR


def _is_inside(first, last, start, end):
    return start - NEAR <= first and last <= end + NEAR


def _may_go(records, said, job):
    """True for a clip of the same part that this job has not written itself."""
    return all(record["part"] == said["part"] and record["job"] != job["job"] for record in records)


def _call(song, name):
    """Call a method that not every Live has."""
    method = getattr(song, name, None)
    if method is not None:
        method()
