"""Ableton Live as its remote scripts see it, on a virtual main thread, with its rules enforced. HOSTS.md 2.5.

No write while a listener is told; listeners added twice or taken away twice raise; deleted objects raise at every touch
and equal None; locators come in the order they were made; members are missing as in older versions.
"""

from collections.abc import Callable, Iterable
from threading import get_ident
from types import ModuleType, SimpleNamespace
from typing import Any

TICK_MS = 100
"""Between two calls of update_display."""
MISSING = {
    (11, 0): {"create_midi_clip", "begin_undo_step", "end_undo_step"},
    (11, 3): {"create_midi_clip"},
    (12, 0): {"create_midi_clip"},
    (12, 2): set(),
}
"""Members that a version does not have."""
Told = Callable[[], None]


class LiveObject:
    """What Live hands out. `LISTENED` are the properties that can be listened to, `SET` those that can be written."""

    LISTENED: tuple[str, ...] = ()
    SET: tuple[str, ...] = ()
    _made = 0

    def __init__(self, app: "LiveApp", **values: Any) -> None:
        LiveObject._made += 1
        own = {"_app": app, "_values": values, "_told": {}, "_deleted": False, "_live_ptr": 4096 + LiveObject._made}
        self.__dict__.update(own)

    def __getattribute__(self, name: str) -> Any:
        if name[0] != "_" or name == "_live_ptr":
            self._check(name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        """Properties and the methods for their listeners."""
        values = self.__dict__["_values"]
        if name in values:
            return values[name]
        for start, method in (("add_", self._add), ("remove_", self._remove)):
            if name.startswith(start) and name.endswith("_listener"):
                what = name[len(start) : -len("_listener")]
                if what in self.LISTENED:
                    return lambda told: method(what, told)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        self._check(name)
        self._app.check_write()
        if name not in self.SET:
            raise AttributeError("can't set attribute")
        self._change(name, value)

    def __eq__(self, other: object) -> bool:
        return self is other or (other is None and self._deleted)

    def __hash__(self) -> int:
        return id(self)

    def _check(self, name: str) -> None:
        own = self.__dict__
        own["_app"].check_thread()
        if own["_deleted"]:
            raise RuntimeError(f"Python argument types in {type(self).__name__}.{name} did not match: it is deleted")
        if name in own["_app"].missing:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _change(self, name: str, value: Any) -> None:
        self._values[name] = value
        self._notify(name)

    def _notify(self, name: str) -> None:
        self._app.tell(list(self._told.get(name, ())))

    def _add(self, what: str, told: Told) -> None:
        if told in self._told.setdefault(what, []):
            raise RuntimeError("Observer already connected")
        self._told[what].append(told)

    def _remove(self, what: str, told: Told) -> None:
        if told not in self._told.get(what, []):
            raise RuntimeError("Observer not connected")
        self._told[what].remove(told)

    def _delete(self) -> None:
        self.__dict__["_deleted"] = True


class CuePoint(LiveObject):
    LISTENED = ("name", "time")
    SET = ("name", "time")


class Parameter(LiveObject):
    LISTENED = ("value",)
    SET = ("value",)


class Device(LiveObject):
    SET = ("name",)


class Note:
    """A note as read back, and as MidiNoteSpecification."""

    def __init__(
        self, pitch: int, start_time: float, duration: float, velocity: float = 100, mute: bool = False
    ) -> None:
        if not (0 <= pitch <= 127 and duration > 0 and 0 <= velocity <= 127):
            raise ValueError("Invalid note specification")
        self.pitch, self.start_time, self.duration = pitch, start_time, duration
        self.velocity, self.mute = velocity, mute

    def order(self) -> tuple[int, float]:
        return self.pitch, self.start_time


class Clip(LiveObject):
    SET = ("name",)

    def add_new_notes(self, notes: Iterable[Note]) -> None:
        self._app.check_write()
        for note in notes:
            self._shorten(note)
            self._values["notes"].append(Note(note.pitch, note.start_time, note.duration, note.velocity, note.mute))

    def get_notes_extended(self, pitch: int, pitches: int, start: float, quarters: float) -> tuple[Note, ...]:
        found = (
            note
            for note in self._values["notes"]
            if pitch <= note.pitch < pitch + pitches and start <= note.start_time < start + quarters
        )
        return tuple(sorted(found, key=Note.order))

    def _shorten(self, new: Note) -> None:
        """One pitch sounds once: a note that begins within another of its pitch ends that one."""
        notes = self._values["notes"]
        for note in list(notes):
            if note.pitch == new.pitch and note.start_time < new.start_time < note.start_time + note.duration:
                note.duration = new.start_time - note.start_time
            elif note.pitch == new.pitch and note.start_time == new.start_time:
                notes.remove(note)


class ClipSlot(LiveObject):
    @property
    def has_clip(self) -> bool:
        return self._values["clip"] is not None

    def create_clip(self, length: float) -> None:
        self._app.check_write()
        if self.has_clip or length <= 0:
            raise RuntimeError("Clip slot is not empty")
        self._values["track"]._refuse_frozen()
        self._values["clip"] = _clip(self._app, 0.0, length)

    def delete_clip(self) -> None:
        self._app.check_write()
        self._values["clip"]._delete()
        self._values["clip"] = None


class Track(LiveObject):
    LISTENED = ("name", "arrangement_clips")
    SET = ("name",)

    def create_midi_clip(self, start: float, length: float) -> Clip:
        self._app.check_write()
        self._refuse_frozen()
        return self._place(_clip(self._app, start, length))

    def duplicate_clip_to_arrangement(self, clip: Clip, start: float) -> Clip:
        self._app.check_write()
        self._refuse_frozen()
        copy = _clip(self._app, start, clip.length, str(clip.name))
        copy._values["notes"] = [
            Note(note.pitch, note.start_time, note.duration, note.velocity, note.mute) for note in clip._values["notes"]
        ]
        return self._place(copy)

    def delete_clip(self, clip: Clip) -> None:
        self._app.check_write()
        self._refuse_frozen()
        self._values["arrangement_clips"] = [one for one in self._values["arrangement_clips"] if one is not clip]
        clip._delete()

    def _refuse_frozen(self) -> None:
        if self._values["is_frozen"]:
            raise RuntimeError("Track is frozen")

    def _place(self, clip: Clip) -> Clip:
        # Live cuts what lies under a new clip; a bridge that lets it come to that has lost somebody's music.
        start, end = clip.start_time + 1e-9, clip.end_time - 1e-9
        for values in (other._values for other in self._values["arrangement_clips"]):
            if values["start_time"] < end and start < values["end_time"]:
                self._app.overwritten.append(values["name"])
        self._values["arrangement_clips"] = [*self._values["arrangement_clips"], clip]
        self._notify("arrangement_clips")
        return clip


class Song(LiveObject):
    SET = (
        "tempo",
        "signature_numerator",
        "signature_denominator",
        "is_playing",
        "current_song_time",
        "loop",
        "loop_start",
        "loop_length",
    )
    LISTENED = (*SET, "cue_points", "tracks", "scenes")

    def __init__(self, app: "LiveApp", tracks: int = 1) -> None:
        values = {
            "tempo": 120.0,
            "signature_numerator": 4,
            "signature_denominator": 4,
            "is_playing": False,
            "current_song_time": 0.0,
            "loop": False,
            "loop_start": 0.0,
            "loop_length": 4.0,
            "name": "",
            "cue_points": [],
            "tracks": [],
            "scenes": [LiveObject(app)],
        }
        super().__init__(app, **values, data={}, undo=[], depth=0)
        for _ in range(tracks):
            self._new_track("MIDI")

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "current_song_time":
            self._check(name)
            self._app.check_write()
            self._app.at_next_tick.append(lambda: self._change(name, value))
        else:
            super().__setattr__(name, value)

    def begin_undo_step(self) -> None:
        self._values["depth"] += 1

    def end_undo_step(self) -> None:
        self._values["depth"] -= 1
        assert self._values["depth"] >= 0, "an undo step ended that had not begun"
        self._values["undo"].append("step")

    def get_data(self, key: str, default: Any) -> Any:
        return self._values["data"].get(key, default)

    def set_data(self, key: str, value: Any) -> None:
        self._app.check_write()
        self._values["data"][key] = value

    def create_midi_track(self, index: int) -> Track:
        self._app.check_write()
        assert index == -1
        return self._new_track("MIDI")

    def delete_track(self, index: int) -> None:
        self._app.check_write()
        track = self._values["tracks"][index]
        track.mixer_device.volume._delete()
        track._delete()
        self._change("tracks", [one for one in self._values["tracks"] if one is not track])

    def create_scene(self, index: int) -> None:
        self._app.check_write()
        assert index == -1
        self._change("scenes", [*self._values["scenes"], LiveObject(self._app)])
        for track in self._values["tracks"]:
            track._values["clip_slots"].append(ClipSlot(self._app, clip=None, track=track))

    def delete_scene(self, index: int) -> None:
        self._app.check_write()
        self._change("scenes", [scene for number, scene in enumerate(self._values["scenes"]) if number != index])
        for track in self._values["tracks"]:
            track._values["clip_slots"].pop(index)

    # What a person does; nothing of Live's.

    def _new_cue(self, time: float, name: str) -> CuePoint:
        cue = CuePoint(self._app, time=time, name=name)
        self._change("cue_points", [*self._values["cue_points"], cue])
        return cue

    def _delete_cue(self, cue: CuePoint) -> None:
        cue._delete()
        self._change("cue_points", [one for one in self._values["cue_points"] if one is not cue])

    def _new_track(self, name: str, **changed: Any) -> Track:
        volume = Parameter(self._app, name="Track Volume", value=0.85, min=0.0, max=1.0)
        values = {"name": name, "has_midi_input": True, "is_frozen": False, "arrangement_clips": [], "devices": []}
        track = Track(self._app, **{**values, "mixer_device": SimpleNamespace(volume=volume), **changed})
        track._values["clip_slots"] = [ClipSlot(self._app, clip=None, track=track) for _ in self._values["scenes"]]
        self._change("tracks", [*self._values["tracks"], track])
        return track


class Timer:
    """Live.Base.Timer: an exception in its callback stops it."""

    def __init__(self, app: "LiveApp", callback: Told, interval: int, repeat: bool) -> None:
        self._app, self._callback, self._interval, self._repeat = app, callback, interval, repeat
        self.running = False
        self._due_ms = 0

    def start(self) -> None:
        self.running = True
        self._due_ms = self._app.now_ms + self._interval
        if self not in self._app.timers:
            self._app.timers.append(self)

    def stop(self) -> None:
        self.running = False
        self._app.timers = [timer for timer in self._app.timers if timer is not self]

    def run(self) -> None:
        if not self.running or self._app.now_ms < self._due_ms:
            return
        self._due_ms = self._app.now_ms + self._interval
        try:
            self._callback()
        except Exception as error:
            self._app.raised.append(error)
            self.stop()
        if not self._repeat:
            self.stop()


class LiveApp:
    """Live with one set open. `advance` lets its time go by; `stall` keeps its main thread busy."""

    def __init__(
        self, version: tuple[int, int] = (12, 2), missing: Iterable[str] = (), tracks: int = 1, step_ms: int = 10
    ) -> None:
        """step_ms: what time goes by in; timers are no finer. A hundred must be a whole number of them."""
        self.version = version
        self.missing = MISSING[version] | set(missing)
        self.now_ms = 0
        self.step_ms = step_ms
        self.timers: list[Timer] = []
        self.log: list[str] = []
        self.shown: list[str] = []
        self.raised: list[Exception] = []
        """What came out of a script into Live. Must stay empty."""
        self.overwritten: list[str] = []
        """Names of clips that a new one was put upon. Must stay empty."""
        self.at_next_tick: list[Told] = []
        self.surfaces: list[Any] = []
        self.each_step: list[Callable[[float], None]] = []
        """Called every step with the time, whether Live stalls or not: the rest of the machine."""
        self._notifying = 0
        self._stalled_until_ms = 0
        self._thread = get_ident()
        self.song = Song(self, tracks)

    def monotonic(self) -> float:
        return self.now_ms / 1000

    def module(self) -> ModuleType:
        """What `import Live` gives a script."""
        live = ModuleType("Live")
        major, minor = self.version
        application = SimpleNamespace(
            get_major_version=lambda: major, get_minor_version=lambda: minor, get_bugfix_version=lambda: 1
        )
        members = {
            "Base": SimpleNamespace(Timer=lambda callback, interval, repeat: Timer(self, callback, interval, repeat)),
            "Clip": SimpleNamespace(MidiNoteSpecification=Note),
            "Application": SimpleNamespace(get_application=lambda: application),
        }
        live.__dict__.update({name: member for name, member in members.items() if name not in self.missing})
        return live

    def instance(self) -> Any:
        """What a script is made with."""
        return SimpleNamespace(
            song=lambda: self.song, log_message=self.log.append, show_message=self.shown.append, handle=lambda: 0
        )

    def choose(self, script: Any) -> Any:
        """Choose a script as a control surface."""
        surface = script.create_instance(self.instance())
        self.surfaces.append(surface)
        return surface

    def drop(self, surface: Any) -> None:
        """Choose None in its place."""
        self.surfaces.remove(surface)
        surface.disconnect()

    def open_set(self, song: Song) -> None:
        """Open another set, with the script still there."""
        self.song = song

    def stall(self, seconds: float) -> None:
        """Keep the main thread busy from now on for so long."""
        self._stalled_until_ms = self.now_ms + round(seconds * 1000)

    def advance(self, seconds: float) -> None:
        for _ in range(round(seconds * 1000 / self.step_ms)):
            self.now_ms += self.step_ms
            for step in self.each_step:
                step(self.now_ms / 1000)
            if self.now_ms >= self._stalled_until_ms:
                self._main_thread()

    def tell(self, listeners: Iterable[Told]) -> None:
        """Tell listeners, while nothing may be written."""
        self._notifying += 1
        try:
            for told in listeners:
                try:
                    told()
                except Exception as error:
                    self.raised.append(error)
        finally:
            self._notifying -= 1

    def check_write(self) -> None:
        if self._notifying:
            raise RuntimeError("Changes cannot be triggered by notifications. You will need to defer your response.")

    def check_thread(self) -> None:
        assert get_ident() == self._thread, "Live's objects are touched on another thread than its main one"

    def _main_thread(self) -> None:
        if self.song._values["is_playing"]:
            passed = self.song._values["tempo"] / 60 * self.step_ms / 1000
            self.song._values["current_song_time"] += passed
        for timer in list(self.timers):
            timer.run()
        if self.now_ms % TICK_MS == 0:
            waiting, self.at_next_tick = self.at_next_tick, []
            for change in waiting:
                change()
            for surface in list(self.surfaces):
                try:
                    surface.update_display()
                except Exception as error:
                    self.raised.append(error)


def _clip(app: LiveApp, start: float, length: float, name: str = "") -> Clip:
    end = {"length": length, "end_time": start + length, "start_marker": 0.0, "end_marker": length}
    return Clip(app, name=name, start_time=start, notes=[], **end)
