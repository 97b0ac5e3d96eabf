"""What the `reaper` table answers to REAPER's scripts. Every misuse is a complaint."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from fakes.reaper_item_calls import ReaperItemCalls
from fakes.reaper_project import UNSET_METRE, Place, ReaperProject
from fakes.reaper_table import CALLS, Envelope, Script, ScriptError, call

NEW_MARKER_CALLS = (
    "GetNumRegionsOrMarkers", "GetRegionOrMarker", "GetRegionOrMarkerInfo_Value", "GetSetRegionOrMarkerInfo_String",
)  # fmt: skip
"""Of REAPER 7."""


class ReaperCalls(ReaperItemCalls):
    """The functions, and what they know."""

    resource: Path
    new_markers: bool
    steps_for_nothing: bool

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.console: list[str] = []
        self.ext_state: dict[tuple[str, str], str] = {}
        self.toggles: dict[int, int] = {}
        self._folders: dict[str, list[str]] = {}
        self._running: Script | None = None
        self._refresh_held = 0

    # The application

    @call("s")
    def _APIExists(self, name: str) -> bool:
        return name in CALLS and (self.new_markers or name not in NEW_MARKER_CALLS)

    @call("")
    def _GetAppVersion(self) -> str:
        return "7.22/linux-x86_64" if self.new_markers else "6.12/linux64"

    @call("")
    def _GetResourcePath(self) -> str:
        return str(self.resource)

    @call("")
    def _time_precise(self) -> float:
        return self.now

    @call("s")
    def _ShowConsoleMsg(self, text: str) -> None:
        self.console.append(text)

    @call("f")
    def _defer(self, function: Any) -> bool:
        assert self._running is not None
        self._running.has_deferred = True
        self._running.deferred.append(function)
        return True

    @call("f")
    def _atexit(self, function: Any) -> bool:
        assert self._running is not None
        self._running.at_exit.append(function)
        return True

    @call("")
    def _get_action_context(self) -> tuple[Any, ...]:
        assert self._running is not None
        return (False, self._running.name, 0, 50_000, 0, 0, 0, "")

    @call("iii")
    def _SetToggleCommandState(self, _section: int, command: int, on: int) -> bool:
        self.toggles[command] = on
        return True

    @call("ii")
    def _RefreshToolbar2(self, _section: int, _command: int) -> None: ...

    @call("ss")
    def _GetExtState(self, section: str, key: str) -> str:
        return self.ext_state.get((section, key), "")

    @call("sssb")
    def _SetExtState(self, section: str, key: str, value: str, _persist: bool) -> None:
        self.ext_state[section, key] = value

    @call("ssb")
    def _DeleteExtState(self, section: str, key: str, _persist: bool) -> None:
        self.ext_state.pop((section, key), None)

    @call("iii")
    def _ColorToNative(self, red: int, green: int, blue: int) -> int:
        return red | green << 8 | blue << 16

    # Files

    @call("si")
    def _RecursiveCreateDirectory(self, path: str, _ignored: int) -> int:
        with suppress(OSError):
            os.makedirs(path, exist_ok=True)
        return int(os.path.isdir(path))

    @call("s")
    def _file_exists(self, path: str) -> bool:
        return os.path.isfile(path)

    @call("si")
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

    @call("i")
    def _EnumProjects(self, index: int) -> tuple[ReaperProject | None, str]:
        return (self.project, self.project.path) if index in (-1, 0) else (None, "")

    @call("p")
    def _GetProjectStateChangeCount(self, project: ReaperProject) -> int:
        return project.changes

    @call("p")
    def _TimeMap_curFrameRate(self, project: ReaperProject) -> tuple[float, bool]:
        return project.frame_rate, project.drops

    @call("p")
    def _CountTempoTimeSigMarkers(self, project: ReaperProject) -> int:
        return len(project.tempo)

    @call("pi")
    def _GetTempoTimeSigMarker(self, project: ReaperProject, index: int) -> tuple[Any, ...]:
        if not 0 <= index < len(project.tempo):
            return (False, 0.0, 0, 0.0, 0.0, 0, 0, False)
        point = project.tempo[index]
        beats, measure, _ = project.curve.measure_at(point.time)
        metre = point.metre or (UNSET_METRE, UNSET_METRE)
        return (True, point.time, measure, beats, point.bpm, *metre, point.gradual)

    @call("pn")
    def _TimeMap_GetTimeSigAtTime(self, project: ReaperProject, time: float) -> tuple[int, int, float]:
        segment = project.curve.segment_at(time)
        return (*segment.metre, segment.bpm)

    @call("pn")
    def _TimeMap2_timeToQN(self, project: ReaperProject, time: float) -> float:
        return project.curve.quarter_at(time)

    @call("pn")
    def _TimeMap2_QNToTime(self, project: ReaperProject, quarter: float) -> float:
        return project.curve.time_at(quarter)

    @call("pn")
    def _TimeMap2_timeToBeats(self, project: ReaperProject, time: float) -> tuple[float, int, int, float, int]:
        beats, measure, (numerator, denominator) = project.curve.measure_at(time)
        return beats, measure, numerator, project.curve.quarter_at(time) * denominator / 4, denominator

    @call("i")
    def _GetSetRepeat(self, value: int) -> int:
        if value >= 0:
            self.project.repeat = bool(value)
        return int(self.project.repeat)

    @call("pbbnnb")
    def _GetSet_LoopTimeRange2(self, project: ReaperProject, sets: bool, is_loop: bool, *_: Any) -> tuple[float, float]:
        if sets:
            raise ScriptError(self._complain("a script of ours never moves a person's selection"))
        return project.loop if is_loop else project.selection

    @call("")
    def _GetCursorPosition(self) -> float:
        return self.project.cursor

    @call("")
    def _GetPlayState(self) -> int:
        return int(self.project.playing)

    @call("")
    def _GetPlayPosition(self) -> float:
        return self.project.position

    # Markers

    @call("pi")
    def _EnumProjectMarkers3(self, project: ReaperProject, index: int) -> tuple[Any, ...]:
        if not 0 <= index < len(project.places):
            return (0, False, 0.0, 0.0, "", 0, 0)
        place = project.places[index]
        return (index + 1, place.end is not None, place.time, place.end or 0.0, place.name, place.number, 0)

    @call("pn")
    def _GetLastMarkerAndCurRegion(self, project: ReaperProject, time: float) -> tuple[int, int]:
        markers = [index for index, place in enumerate(project.places) if place.end is None and place.time <= time]
        ends = [(index, place) for index, place in enumerate(project.places) if place.end is not None]
        regions = [index for index, place in ends if place.time <= time < (place.end or 0.0)]
        return (markers or [-1])[-1], (regions or [-1])[-1]

    @call("p")
    def _GetNumRegionsOrMarkers(self, project: ReaperProject) -> int:
        return len(project.places)

    @call("pis")
    def _GetRegionOrMarker(self, project: ReaperProject, index: int, _guid: str) -> Place | None:
        return project.places[index] if 0 <= index < len(project.places) else None

    @call("prs")
    def _GetRegionOrMarkerInfo_Value(self, _project: ReaperProject, place: Place, key: str) -> float:
        match key:
            case "B_ISREGION":
                return float(place.end is not None)
            case "D_STARTPOS":
                return place.time
            case "D_ENDPOS":
                return place.time if place.end is None else place.end
        raise ScriptError(self._complain(f"GetRegionOrMarkerInfo_Value knows no {key}"))

    @call("prssb")
    def _GetSetRegionOrMarkerInfo_String(self, _project: ReaperProject, place: Place, key: str, _value: str,
                                         sets: bool) -> tuple[bool, str | bytes]:  # fmt: skip
        if sets or key not in ("P_NAME", "GUID"):
            raise ScriptError(self._complain(f"GetSetRegionOrMarkerInfo_String({key}, {sets})"))
        return True, place.name if key == "P_NAME" else place.guid

    # Envelopes

    @call("p")
    def _GetSelectedEnvelope(self, project: ReaperProject) -> Envelope | None:
        envelope: Envelope | None = project.envelope
        return envelope

    @call("e")
    def _GetEnvelopeName(self, envelope: Envelope) -> tuple[bool, str]:
        return True, envelope.name

    @call("e")
    def _GetEnvelopeScalingMode(self, _envelope: Envelope) -> int:
        return 0

    @call("in")
    def _ScaleFromEnvelopeMode(self, _mode: int, value: float) -> float:
        return value

    @call("enni")
    def _Envelope_Evaluate(self, envelope: Envelope, time: float, _rate: float, _samples: int) -> tuple[Any, ...]:
        return 1, envelope.value_at(time), 0.0, 0.0, 0.0

    # Undo, and what is kept in the project

    @call("pss")
    def _GetProjExtState(self, project: ReaperProject, section: str, key: str) -> tuple[int, str]:
        value = project.ext.get((section, key), "")
        return len(value), value

    @call("psss")
    def _SetProjExtState(self, project: ReaperProject, section: str, key: str, value: str) -> int:
        self._changing()
        project.ext[section, key] = value
        return len(value)

    @call("p")
    def _Undo_BeginBlock2(self, project: ReaperProject) -> None:
        project.block += 1
        # What was not yet in a step is in the one before this.
        project.steps[project.step] = (project.steps[project.step][0], project.state())

    @call("psi")
    def _Undo_EndBlock2(self, project: ReaperProject, title: str, flags: int) -> None:
        if not project.block or not title or flags != -1:
            raise ScriptError(self._complain(f"an undo block ends: {project.block} open, {title!r}, {flags}"))
        project.block -= 1
        assert self._running is not None
        self._running.made_undo = True
        if self.steps_for_nothing or project.state() != project.steps[project.step][1]:
            project.add_step(title)

    @call("p")
    def _Undo_CanUndo2(self, project: ReaperProject) -> str | None:
        return project.steps[project.step][0] or None

    @call("p")
    def _Undo_DoUndo2(self, project: ReaperProject) -> int:
        if project.block:
            raise ScriptError(self._complain("undo inside an undo block"))
        project.undo()
        return 1

    @call("i")
    def _PreventUIRefresh(self, more: int) -> None:
        self._refresh_held += more

    @call("")
    def _UpdateArrange(self) -> None: ...
