"""The set as Hitpoint is told of it. Reads Live's objects, and never writes to them."""

BRIDGE_VERSION = "0.2.0"
"""The Hitpoint that this script comes with; a test keeps it so."""
PROTOCOL = 1


class MarkerNames:
    """Gives every locator an id that it keeps while it is dragged and renamed."""

    def __init__(self):
        self._known = []
        """Id, name and time of every locator at the last look; only where Live does not number them."""
        self._made = 0

    def ids(self, cues):
        """One id for each of these (object, time, name), in their order."""
        if all(hasattr(cue, "_live_ptr") for cue, _, _ in cues):
            return [f"locator-{int(cue._live_ptr):x}" for cue, _, _ in cues]
        ids = [None] * len(cues)
        # Nothing else is to go by: the same name and place first, then the same name, then the same place.
        for by in ((1, 2), (1,), (2,)):
            free = {}
            for known in self._known:
                free.setdefault(tuple(known[part] for part in by), []).append(known[0])
            for number, (_, time, name) in enumerate(cues):
                same = free.get(tuple((None, name, time)[part] for part in by))
                if ids[number] is None and same:
                    ids[number] = same.pop(0)
            taken = set(ids)
            self._known = [known for known in self._known if known[0] not in taken]
        for number, known in enumerate(ids):
            if known is None:
                self._made += 1
                ids[number] = f"locator-{self._made}"
        self._known = [(ids[number], name, time) for number, (_, time, name) in enumerate(cues)]
        return ids


def snapshot_of(song, live_version, names):
    """The set, without its serial. Times are in quarter notes, as Live has them."""
    cues = sorted(((cue, float(cue.time), str(cue.name)) for cue in song.cue_points), key=lambda cue: cue[1])
    ids = names.ids(cues)
    start, length = float(song.loop_start), float(song.loop_length)
    return {
        "protocol": PROTOCOL,
        "kind": "snapshot",
        "host": "live",
        "host_version": live_version,
        "bridge_version": BRIDGE_VERSION,
        "project": str(getattr(song, "name", "") or ""),
        # Live lets no script read tempo automation or changes of the metre: what holds at the playhead is all there is.
        "tempo": [{"quarter": 0, "bpm": float(song.tempo), "ramp": "step"}],
        "meter": [
            {
                "quarter": 0,
                "numerator": int(song.signature_numerator),
                "denominator": int(song.signature_denominator),
            }
        ],
        "markers": [{"id": ids[number], "quarter": time, "name": name} for number, (_, time, name) in enumerate(cues)],
        "regions": [],
        "loop": {"quarter": start, "end": start + length} if song.loop and length > 0 else None,
    }


def position_of(song, at):
    """Where the playhead is. at: seconds of a clock that never runs back."""
    return {
        "protocol": PROTOCOL,
        "kind": "position",
        "rolling": bool(song.is_playing),
        "quarter": float(song.current_song_time),
        "bpm": float(song.tempo),
        "at": at,
    }
