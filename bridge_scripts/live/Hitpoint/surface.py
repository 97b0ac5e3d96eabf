"""The control surface that Live talks to. Everything is done on Live's main thread, by a timer, in small bites.

Whatever goes wrong in here is written to Live's log, once, and never reaches Live.
"""

from time import monotonic

from .clips import answer_to
from .intensity import Intensity, ask_for
from .listeners import Listeners
from .snapshot import MarkerNames, position_of, snapshot_of
from .wire import Wire

try:
    import Live
except ImportError:
    Live = None

TIMER_MS = 10
SNAPSHOT_SECONDS = 0.05
"""Between two snapshots, while things change."""
AGAIN_SECONDS = 5.0
"""Between two snapshots, while nothing does."""
ROLLING_SECONDS = 0.1
STOPPED_SECONDS = 0.5
MOST_JOBS = 1000
MOST_TOLD = 100
"""Sentences that are remembered, so that none fills the log."""


class Hitpoint:
    """One per set: Live makes it when the set opens, or the script is chosen, and calls `disconnect` at the end."""

    def __init__(self, c_instance):
        self._live = c_instance
        self._told = []
        self._wire = Wire(self._show)
        self._listeners = Listeners()
        self._names = MarkerNames()
        self._intensity = Intensity()
        self._jobs = []
        self._serial = 0
        self._snapshot_at = self._position_at = self._whole_at = None
        self._timer = None
        self._is_over = False
        self._guarded(self._start)

    def disconnect(self):
        """Live lets the script go."""
        self._is_over = True
        for end in (self._stop_timer, self._listeners.let_go, self._intensity.let_go, self._wire.close):
            self._guarded(end)

    def update_display(self):
        """Live's tick, about every 100 ms; all there is where Live has no timer."""
        self._run()

    def build_midi_map(self, _handle):
        """No MIDI comes through here."""

    def receive_midi(self, _message):
        """No MIDI comes through here."""

    def refresh_state(self):
        """Nothing is shown anywhere."""

    def connect_script_instances(self, _instances):
        """Other scripts are none of ours."""

    def can_lock_to_devices(self):
        """No."""
        return False

    def suggest_input_port(self):
        """None is needed."""
        return ""

    def suggest_output_port(self):
        """None is needed."""
        return ""

    def _start(self):
        timer = getattr(getattr(Live, "Base", None), "Timer", None)
        if timer is not None:
            self._timer = timer(callback=self._run, interval=TIMER_MS, repeat=True)
            self._timer.start()

    def _stop_timer(self):
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _run(self):
        """One bite of everything. A part that fails does not keep the others from their work."""
        if self._is_over:
            return
        now = self._guarded(monotonic)
        if now is None or not self._guarded(self._wire.open, now):
            return
        for part in (self._hear, self._follow, self._tell_position, self._tell_snapshot, self._tell_intensity):
            self._guarded(part, now)
        self._guarded(self._do_a_job)
        self._guarded(self._wire.flush, now)

    def _hear(self, now):
        for message in self._wire.look(now):
            if message.get("kind") == "job" and len(self._jobs) < MOST_JOBS:
                self._jobs.append(message)
        if self._wire.is_news:
            self._wire.is_news = False
            self._listeners.is_changed = self._listeners.is_started = True

    def _follow(self, now):
        song = self._live.song()
        self._listeners.follow(song)
        # What Live does not tell of, such as a new name, is looked for now and then.
        if self._listeners.tracks_changed or _is_due(self._whole_at, now, AGAIN_SECONDS):
            self._listeners.tracks_changed = False
            self._whole_at = now
            self._intensity.look_for(song)

    def _tell_position(self, now):
        song = self._live.song()
        every = ROLLING_SECONDS if song.is_playing else STOPPED_SECONDS
        if self._listeners.is_started or _is_due(self._position_at, now, every):
            self._listeners.is_started = False
            self._position_at = now
            self._wire.tell(position_of(song, now))

    def _tell_snapshot(self, now):
        is_soon = self._listeners.is_changed and _is_due(self._snapshot_at, now, SNAPSHOT_SECONDS)
        if not is_soon and not _is_due(self._snapshot_at, now, AGAIN_SECONDS):
            return
        # One that is not out yet would never get out, were it replaced again and again.
        if not self._wire.is_through("snapshot"):
            return
        self._listeners.is_changed = False
        self._snapshot_at = now
        self._serial += 1
        said = snapshot_of(self._live.song(), _version(), self._names)
        said["serial"] = self._serial
        self._wire.say(said, "snapshot")

    def _tell_intensity(self, _now):
        if self._wire.is_through("intensity"):
            share = self._intensity.moved()
            if share is not None:
                self._wire.say(ask_for(share, self._wire.name()), "intensity")

    def _do_a_job(self):
        if self._jobs:
            specification = getattr(getattr(Live, "Clip", None), "MidiNoteSpecification", None)
            self._wire.say(answer_to(self._live.song(), specification, self._jobs.pop(0)))

    def _guarded(self, part, *arguments):
        """What `part` gives; None when it fails."""
        try:
            return part(*arguments)
        except Exception as error:
            self._log(f"Hitpoint: {type(error).__name__}: {error}")
            return None

    def _show(self, sentence):
        """Show a sentence to the person, once, in Live's status bar and log."""
        if sentence not in self._told:
            self._log(sentence)
            self._guarded(self._live.show_message, sentence)

    def _log(self, sentence):
        if sentence in self._told:
            return
        self._told = [*self._told, sentence][-MOST_TOLD:]
        try:
            self._live.log_message(sentence)
        except Exception:
            # There is nobody left to tell.
            return


def _is_due(last, now, every):
    return last is None or now - last >= every


def _version():
    try:
        application = Live.Application.get_application()
        numbers = (
            application.get_major_version(),
            application.get_minor_version(),
            application.get_bugfix_version(),
        )
    except Exception:
        return ""
    return ".".join(str(number) for number in numbers)
