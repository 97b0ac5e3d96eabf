"""What the `reaper` table answers to REAPER's scripts. Every misuse is a complaint."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fakes.reaper_project import TICKS, UNSET_METRE, Item, Notes, Place, ReaperProject, Take, Track

NEW_MARKER_CALLS = (
    "GetNumRegionsOrMarkers", "GetRegionOrMarker", "GetRegionOrMarkerInfo_Value", "GetSetRegionOrMarkerInfo_String",
)  # fmt: skip
"""Of REAPER 7."""
TYPES: dict[str, Callable[[Any], bool]] = {
    "p": lambda value: isinstance(value, ReaperProject),
    "n": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "i": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "b": lambda value: isinstance(value, bool),
    "s": lambda value: isinstance(value, str | bytes),
    "t": lambda value: isinstance(value, Track) and value.alive,
    "m": lambda value: isinstance(value, Item) and value.alive,
    "k": lambda value: isinstance(value, Take) and value.item.alive,
    "r": lambda value: isinstance(value, Place),
    "e": lambda value: isinstance(value, Envelope),
    "f": callable,
}
CALLS: dict[str, tuple[str, Callable[..., Any]]] = {}


class ScriptError(Exception):
    """A script has misused REAPER."""


@dataclass(frozen=True)
class Envelope:
    """An automation lane: its value at any time."""

    name: str
    value_at: Callable[[float], float]


@dataclass
class Script:
    """One script that runs, in a Lua of its own."""

    name: str
    lua: Any
    deferred: list[Any] = field(default_factory=list)
    at_exit: list[Any] = field(default_factory=list)
    has_deferred: bool = False
    made_undo: bool = False

    @property
    def memory(self) -> float:
        """Kilobytes that its Lua holds, after a collection."""
        collect = self.lua.globals().collectgarbage
        collect("collect")
        return float(collect("count"))


def _call(types: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A function of the `reaper` table; `types`: one letter for each argument, those after | may be left out."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        CALLS[function.__name__.removeprefix("_")] = (types, function)
        return function

    return add


class ReaperCalls:
    """The functions, and what they know."""

    resource: Path
    project: ReaperProject
    new_markers: bool
    steps_for_nothing: bool

    def __init__(self) -> None:
        self.now = 1000.0
        self.complaints: list[str] = []
        self.console: list[str] = []
        self.ext_state: dict[tuple[str, str], str] = {}
        self.toggles: dict[int, int] = {}
        self._folders: dict[str, list[str]] = {}
        self._running: Script | None = None
        self._refresh_held = 0

    def _complain(self, text: str) -> str:
        self.complaints.append(text)
        return text

    # The application

    @_call("s")
    def _APIExists(self, name: str) -> bool:
        return name in CALLS and (self.new_markers or name not in NEW_MARKER_CALLS)

    @_call("")
    def _GetAppVersion(self) -> str:
        return "7.22/linux-x86_64" if self.new_markers else "6.12/linux64"

    @_call("")
    def _GetResourcePath(self) -> str:
        return str(self.resource)

    @_call("")
    def _time_precise(self) -> float:
        return self.now

    @_call("s")
    def _ShowConsoleMsg(self, text: str) -> None:
        self.console.append(text)

    @_call("f")
    def _defer(self, function: Any) -> bool:
        assert self._running is not None
        self._running.has_deferred = True
        self._running.deferred.append(function)
        return True

    @_call("f")
    def _atexit(self, function: Any) -> bool:
        assert self._running is not None
        self._running.at_exit.append(function)
        return True

    @_call("")
    def _get_action_context(self) -> tuple[Any, ...]:
        assert self._running is not None
        return (False, self._running.name, 0, 50_000, 0, 0, 0, "")

    @_call("iii")
    def _SetToggleCommandState(self, _section: int, command: int, on: int) -> bool:
        self.toggles[command] = on
        return True

    @_call("ii")
    def _RefreshToolbar2(self, _section: int, _command: int) -> None: ...

    @_call("ss")
    def _GetExtState(self, section: str, key: str) -> str:
        return self.ext_state.get((section, key), "")

    @_call("sssb")
    def _SetExtState(self, section: str, key: str, value: str, _persist: bool) -> None:
        self.ext_state[section, key] = value

    @_call("ssb")
    def _DeleteExtState(self, section: str, key: str, _persist: bool) -> None:
        self.ext_state.pop((section, key), None)

    @_call("iii")
    def _ColorToNative(self, red: int, green: int, blue: int) -> int:
        return red | green << 8 | blue << 16

    # Files

    @_call("si")
    def _RecursiveCreateDirectory(self, path: str, _ignored: int) -> int:
        with suppress(OSError):
            os.makedirs(path, exist_ok=True)
        return int(os.path.isdir(path))

    @_call("s")
    def _file_exists(self, path: str) -> bool:
        return os.path.isfile(path)

    @_call("si")
    def _EnumerateFiles(self, path: str, index: int) -> str | None:
        if index < 0:
            self._folders.pop(path, None)
            return None
        if path not in self._folders:
            # It keeps what it has seen, however the folder changes.
            self._folders[path] = sorted(os.listdir(path)) if os.path.isdir(path) else []
        names = self._folders[path]
        return names[index] if index < len(names) else None

    # The project

    @_call("i")
    def _EnumProjects(self, index: int) -> tuple[ReaperProject | None, str]:
        return (self.project, self.project.path) if index in (-1, 0) else (None, "")

    @_call("p")
    def _GetProjectStateChangeCount(self, project: ReaperProject) -> int:
        return project.changes

    @_call("p")
    def _TimeMap_curFrameRate(self, project: ReaperProject) -> tuple[float, bool]:
        return project.frame_rate, project.drops

    @_call("p")
    def _CountTempoTimeSigMarkers(self, project: ReaperProject) -> int:
        return len(project.tempo)

    @_call("pi")
    def _GetTempoTimeSigMarker(self, project: ReaperProject, index: int) -> tuple[Any, ...]:
        if not 0 <= index < len(project.tempo):
            return (False, 0.0, 0, 0.0, 0.0, 0, 0, False)
        point = project.tempo[index]
        beats, measure, _ = project.curve.measure_at(point.time)
        metre = point.metre or (UNSET_METRE, UNSET_METRE)
        return (True, point.time, measure, beats, point.bpm, *metre, point.gradual)

    @_call("pn")
    def _TimeMap_GetTimeSigAtTime(self, project: ReaperProject, time: float) -> tuple[int, int, float]:
        segment = project.curve.segment_at(time)
        return (*segment.metre, segment.bpm)

    @_call("pn")
    def _TimeMap2_timeToQN(self, project: ReaperProject, time: float) -> float:
        return project.curve.quarter_at(time)

    @_call("pn")
    def _TimeMap2_QNToTime(self, project: ReaperProject, quarter: float) -> float:
        return project.curve.time_at(quarter)

    @_call("pn")
    def _TimeMap2_timeToBeats(self, project: ReaperProject, time: float) -> tuple[float, int, int, float, int]:
        beats, measure, (numerator, denominator) = project.curve.measure_at(time)
        return beats, measure, numerator, project.curve.quarter_at(time) * denominator / 4, denominator

    @_call("i")
    def _GetSetRepeat(self, value: int) -> int:
        if value >= 0:
            self.project.repeat = bool(value)
        return int(self.project.repeat)

    @_call("pbbnnb")
    def _GetSet_LoopTimeRange2(self, project: ReaperProject, sets: bool, is_loop: bool, *_: Any) -> tuple[float, float]:
        if sets:
            raise ScriptError(self._complain("a script of ours never moves a person's selection"))
        return project.loop if is_loop else project.selection

    @_call("")
    def _GetCursorPosition(self) -> float:
        return self.project.cursor

    @_call("")
    def _GetPlayState(self) -> int:
        return int(self.project.playing)

    @_call("")
    def _GetPlayPosition(self) -> float:
        return self.project.position

    # Markers

    @_call("pi")
    def _EnumProjectMarkers3(self, project: ReaperProject, index: int) -> tuple[Any, ...]:
        if not 0 <= index < len(project.places):
            return (0, False, 0.0, 0.0, "", 0, 0)
        place = project.places[index]
        return (index + 1, place.end is not None, place.time, place.end or 0.0, place.name, place.number, 0)

    @_call("pn")
    def _GetLastMarkerAndCurRegion(self, project: ReaperProject, time: float) -> tuple[int, int]:
        markers = [index for index, place in enumerate(project.places) if place.end is None and place.time <= time]
        ends = [(index, place) for index, place in enumerate(project.places) if place.end is not None]
        regions = [index for index, place in ends if place.time <= time < (place.end or 0.0)]
        return (markers or [-1])[-1], (regions or [-1])[-1]

    @_call("p")
    def _GetNumRegionsOrMarkers(self, project: ReaperProject) -> int:
        return len(project.places)

    @_call("pis")
    def _GetRegionOrMarker(self, project: ReaperProject, index: int, _guid: str) -> Place | None:
        return project.places[index] if 0 <= index < len(project.places) else None

    @_call("prs")
    def _GetRegionOrMarkerInfo_Value(self, _project: ReaperProject, place: Place, key: str) -> float:
        match key:
            case "B_ISREGION":
                return float(place.end is not None)
            case "D_STARTPOS":
                return place.time
            case "D_ENDPOS":
                return place.time if place.end is None else place.end
        raise ScriptError(self._complain(f"GetRegionOrMarkerInfo_Value knows no {key}"))

    @_call("prssb")
    def _GetSetRegionOrMarkerInfo_String(self, _project: ReaperProject, place: Place, key: str, _value: str,
                                         sets: bool) -> tuple[bool, str | bytes]:  # fmt: skip
        if sets or key not in ("P_NAME", "GUID"):
            raise ScriptError(self._complain(f"GetSetRegionOrMarkerInfo_String({key}, {sets})"))
        return True, place.name if key == "P_NAME" else place.guid

    # Tracks and items

    @_call("p")
    def _CountTracks(self, project: ReaperProject) -> int:
        return len(project.tracks)

    @_call("pi")
    def _GetTrack(self, project: ReaperProject, index: int) -> Track | None:
        return project.tracks[index] if 0 <= index < len(project.tracks) else None

    @_call("ib")
    def _InsertTrackAtIndex(self, index: int, _defaults: bool) -> None:
        self._changing()
        self.project.tracks.insert(index, Track(""))

    @_call("tssb")
    def _GetSetMediaTrackInfo_String(self, track: Track, key: str, value: str, sets: bool) -> tuple[bool, str]:
        if key != "P_NAME":
            raise ScriptError(self._complain(f"GetSetMediaTrackInfo_String({key})"))
        if sets:
            self._changing()
            track.name = value
        return True, track.name

    @_call("t")
    def _CountTrackMediaItems(self, track: Track) -> int:
        return len(track.items)

    @_call("ti")
    def _GetTrackMediaItem(self, track: Track, index: int) -> Item | None:
        return track.items[index] if 0 <= index < len(track.items) else None

    @_call("tm")
    def _DeleteTrackMediaItem(self, track: Track, item: Item) -> bool:
        self._changing()
        track.items.remove(item)
        item.alive = False
        return True

    @_call("tnn|b")
    def _CreateNewMIDIItemInProj(self, track: Track, start: float, end: float, quarters: bool = False) -> Item:
        self._changing()
        curve = self.project.curve
        from_time, to_time = (curve.time_at(start), curve.time_at(end)) if quarters else (start, end)
        item = Item(Notes(from_time, to_time, curve.quarter_at(from_time)), track)
        track.items.append(item)
        track.items.sort(key=lambda one: one.held.start)
        return item

    @_call("m")
    def _GetMediaItem_Track(self, item: Item) -> Track:
        return item.track

    @_call("p")
    def _CountSelectedMediaItems(self, project: ReaperProject) -> int:
        return len([item for item in project.items if item.held.selected])

    @_call("pi")
    def _GetSelectedMediaItem(self, project: ReaperProject, index: int) -> Item | None:
        selected = [item for item in project.items if item.held.selected]
        return selected[index] if 0 <= index < len(selected) else None

    @_call("ms")
    def _GetMediaItemInfo_Value(self, item: Item, key: str) -> float:
        match key:
            case "D_POSITION":
                return item.held.start
            case "D_LENGTH":
                return item.held.end - item.held.start
        raise ScriptError(self._complain(f"GetMediaItemInfo_Value({key})"))

    @_call("msn")
    def _SetMediaItemInfo_Value(self, item: Item, key: str, value: float) -> bool:
        if key not in ("B_LOOPSRC", "I_CUSTOMCOLOR"):
            raise ScriptError(self._complain(f"SetMediaItemInfo_Value({key})"))
        self._changing()
        item.held = replace(item.held, values=(*item.held.values, (key, value)))
        return True

    @_call("mssb")
    def _GetSetMediaItemInfo_String(self, item: Item, key: str, value: str, sets: bool) -> tuple[bool, str]:
        if not key.startswith("P_EXT:"):
            raise ScriptError(self._complain(f"GetSetMediaItemInfo_String({key})"))
        ext = dict(item.held.ext)
        if sets:
            self._changing()
            item.held = replace(item.held, ext=tuple({**ext, key: value}.items()))
            return True, value
        return key in ext, ext.get(key, "")

    # Takes and MIDI

    @_call("m")
    def _GetActiveTake(self, item: Item) -> Take:
        return item.take

    @_call("k")
    def _TakeIsMIDI(self, _take: Take) -> bool:
        return True

    @_call("kssb")
    def _GetSetMediaItemTakeInfo_String(self, take: Take, key: str, value: str, sets: bool) -> tuple[bool, str]:
        if key != "P_NAME":
            raise ScriptError(self._complain(f"GetSetMediaItemTakeInfo_String({key})"))
        if sets:
            self._changing()
            take.item.held = replace(take.item.held, take_name=value)
        return True, take.item.held.take_name

    @_call("kn")
    def _MIDI_GetPPQPosFromProjQN(self, take: Take, quarter: float) -> float:
        return (quarter - take.item.held.origin) * TICKS

    @_call("kn")
    def _MIDI_GetProjQNFromPPQPos(self, take: Take, ppq: float) -> float:
        return take.item.held.origin + ppq / TICKS

    @_call("kbbnniii|b")
    def _MIDI_InsertNote(self, take: Take, _selected: bool, muted: bool, start: float, end: float, channel: int,
                         pitch: int, velocity: int, no_sort: bool = False) -> bool:  # fmt: skip
        self._changing()
        if not (0 <= channel <= 15 and 0 <= pitch <= 127 and 1 <= velocity <= 127 and start < end):
            raise ScriptError(self._complain(f"no such note: {start} {end} {channel} {pitch} {velocity}"))
        item = take.item
        note = (int(start), int(end), channel, pitch, velocity, muted)
        notes = (*item.held.notes, note)
        item.sorted = no_sort is False
        item.held = replace(item.held, notes=notes if no_sort else tuple(sorted(notes)))
        return True

    @_call("kbbniiii")
    def _MIDI_InsertCC(self, take: Take, _selected: bool, _muted: bool, ppq: float, message: int, channel: int,
                       controller: int, value: int) -> bool:  # fmt: skip
        self._changing()
        if message != 0xB0 or not (0 <= channel <= 15 and 0 <= controller <= 127 and 0 <= value <= 127):
            raise ScriptError(self._complain(f"no such controller: {message} {channel} {controller} {value}"))
        held = take.item.held
        take.item.held = replace(held, controllers=(*held.controllers, (int(ppq), channel, controller, value)))
        take.item.sorted = False
        return True

    @_call("k")
    def _MIDI_Sort(self, take: Take) -> None:
        held = take.item.held
        notes, controllers = tuple(sorted(held.notes)), tuple(sorted(held.controllers))
        take.item.held, take.item.sorted = replace(held, notes=notes, controllers=controllers), True

    @_call("k")
    def _MIDI_CountEvts(self, take: Take) -> tuple[int, int, int, int]:
        self._sorted(take)
        held = take.item.held
        return len(held.notes) + len(held.controllers), len(held.notes), len(held.controllers), 0

    @_call("ki")
    def _MIDI_GetNote(self, take: Take, index: int) -> tuple[Any, ...]:
        self._sorted(take)
        start, end, channel, pitch, velocity, muted = take.item.held.notes[index]
        return True, False, muted, float(start), float(end), channel, pitch, velocity

    @_call("ki")
    def _MIDI_GetCC(self, take: Take, index: int) -> tuple[Any, ...]:
        self._sorted(take)
        ppq, channel, controller, value = take.item.held.controllers[index]
        return True, False, False, float(ppq), 0xB0, channel, controller, value

    def _sorted(self, take: Take) -> None:
        if not take.item.sorted:
            raise ScriptError(self._complain("notes are read from a take that is not sorted"))

    # Envelopes

    @_call("p")
    def _GetSelectedEnvelope(self, project: ReaperProject) -> Envelope | None:
        envelope: Envelope | None = project.envelope
        return envelope

    @_call("e")
    def _GetEnvelopeName(self, envelope: Envelope) -> tuple[bool, str]:
        return True, envelope.name

    @_call("e")
    def _GetEnvelopeScalingMode(self, _envelope: Envelope) -> int:
        return 0

    @_call("in")
    def _ScaleFromEnvelopeMode(self, _mode: int, value: float) -> float:
        return value

    @_call("enni")
    def _Envelope_Evaluate(self, envelope: Envelope, time: float, _rate: float, _samples: int) -> tuple[Any, ...]:
        return 1, envelope.value_at(time), 0.0, 0.0, 0.0

    # Undo, and what is kept in the project

    @_call("pss")
    def _GetProjExtState(self, project: ReaperProject, section: str, key: str) -> tuple[int, str]:
        value = project.ext.get((section, key), "")
        return len(value), value

    @_call("psss")
    def _SetProjExtState(self, project: ReaperProject, section: str, key: str, value: str) -> int:
        self._changing()
        project.ext[section, key] = value
        return len(value)

    @_call("p")
    def _Undo_BeginBlock2(self, project: ReaperProject) -> None:
        project.block += 1
        # What was not yet in a step is in the one before this.
        project.steps[project.step] = (project.steps[project.step][0], project.state())

    @_call("psi")
    def _Undo_EndBlock2(self, project: ReaperProject, title: str, flags: int) -> None:
        if not project.block or not title or flags != -1:
            raise ScriptError(self._complain(f"an undo block ends: {project.block} open, {title!r}, {flags}"))
        project.block -= 1
        assert self._running is not None
        self._running.made_undo = True
        if self.steps_for_nothing or project.state() != project.steps[project.step][1]:
            project.add_step(title)

    @_call("p")
    def _Undo_CanUndo2(self, project: ReaperProject) -> str | None:
        return project.steps[project.step][0] or None

    @_call("p")
    def _Undo_DoUndo2(self, project: ReaperProject) -> int:
        if project.block:
            raise ScriptError(self._complain("undo inside an undo block"))
        project.undo()
        return 1

    @_call("i")
    def _PreventUIRefresh(self, more: int) -> None:
        self._refresh_held += more

    @_call("")
    def _UpdateArrange(self) -> None: ...

    def _changing(self) -> None:
        if not self.project.block:
            self._complain("the project is changed outside an undo block")
        self.project.changes += 1
