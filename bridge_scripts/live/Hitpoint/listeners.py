"""Listens to the set. What Live tells sets a flag and no more: changes are not allowed while it tells."""

from contextlib import suppress

SONG = (
    "cue_points",
    "tempo",
    "signature_numerator",
    "signature_denominator",
    "loop",
    "loop_start",
    "loop_length",
    "is_playing",
    "tracks",
)
CUE = ("name", "time")


class Listeners:
    """What has changed since somebody looked. Follows one song, and its locators as they come and go."""

    def __init__(self):
        self._song = None
        self._cues = {}
        """By number where Live numbers its objects, else by place in the list."""
        self.is_changed = True
        """The snapshot is old."""
        self.is_started = True
        """The transport has started or stopped."""
        self.tracks_changed = True
        self._cues_changed = True

    def follow(self, song):
        """Listen to this song, and to its locators as they are now. Called from the timer, never by Live's telling."""
        if self._song is None or self._song != song:
            self.let_go()
            self._song = song
            for name in SONG:
                _listen(song, name, self._told(name))
            self.is_changed = self.is_started = self.tracks_changed = self._cues_changed = True
        if self._cues_changed:
            self._cues_changed = False
            self._follow_cues(list(song.cue_points))

    def let_go(self):
        """Listen to nothing any more."""
        if self._song is not None:
            for name in SONG:
                _let_go(self._song, name, self._told(name))
        for cue in self._cues.values():
            self._let_go_of(cue)
        self._song, self._cues = None, {}

    def _follow_cues(self, cues):
        numbered = all(hasattr(cue, "_live_ptr") for cue in cues)
        if not numbered:
            for cue in self._cues.values():
                self._let_go_of(cue)
            self._cues = {}
        now = {int(cue._live_ptr) if numbered else number: cue for number, cue in enumerate(cues)}
        # A number may be another locator's by now: what was deleted equals nothing.
        for key in [key for key, cue in self._cues.items() if key not in now or cue != now[key]]:
            self._let_go_of(self._cues.pop(key))
        for key, cue in now.items():
            if key not in self._cues:
                for name in CUE:
                    _listen(cue, name, self._on_change)
                self._cues[key] = cue

    def _let_go_of(self, cue):
        for name in CUE:
            _let_go(cue, name, self._on_change)

    def _told(self, name):
        own = {"cue_points": self._on_cues, "is_playing": self._on_playing, "tracks": self._on_tracks}
        return own.get(name, self._on_change)

    def _on_change(self):
        self.is_changed = True

    def _on_cues(self):
        self.is_changed = self._cues_changed = True

    def _on_playing(self):
        self.is_started = True

    def _on_tracks(self):
        self.tracks_changed = True


def _listen(thing, name, told):
    # Another version may not have it; then the set is told every few seconds all the same.
    add = getattr(thing, f"add_{name}_listener", None)
    if add is not None:
        with suppress(RuntimeError):
            add(told)


def _let_go(thing, name, told):
    # What is deleted raises at every touch.
    with suppress(RuntimeError, AttributeError):
        getattr(thing, f"remove_{name}_listener")(told)
