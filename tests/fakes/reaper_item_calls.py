"""What the `reaper` table answers about tracks, items, takes and the notes in them."""

from dataclasses import replace
from typing import Any

from fakes.reaper_project import TICKS, Item, Notes, ReaperProject, Take, Track
from fakes.reaper_table import ReaperTable, ScriptError, call


class ReaperItemCalls(ReaperTable):
    """These functions."""

    @call("p")
    def _CountTracks(self, project: ReaperProject) -> int:
        return len(project.tracks)

    @call("pi")
    def _GetTrack(self, project: ReaperProject, index: int) -> Track | None:
        return project.tracks[index] if 0 <= index < len(project.tracks) else None

    @call("ib")
    def _InsertTrackAtIndex(self, index: int, _defaults: bool) -> None:
        self._changing()
        self.project.tracks.insert(index, Track(""))

    @call("tssb")
    def _GetSetMediaTrackInfo_String(self, track: Track, key: str, value: str, sets: bool) -> tuple[bool, str]:
        if key != "P_NAME":
            raise ScriptError(self._complain(f"GetSetMediaTrackInfo_String({key})"))
        if sets:
            self._changing()
            track.name = value
        return True, track.name

    @call("t")
    def _CountTrackMediaItems(self, track: Track) -> int:
        return len(track.items)

    @call("ti")
    def _GetTrackMediaItem(self, track: Track, index: int) -> Item | None:
        return track.items[index] if 0 <= index < len(track.items) else None

    @call("tm")
    def _DeleteTrackMediaItem(self, track: Track, item: Item) -> bool:
        self._changing()
        track.items.remove(item)
        item.alive = False
        return True

    @call("tnn|b")
    def _CreateNewMIDIItemInProj(self, track: Track, start: float, end: float, quarters: bool = False) -> Item:
        self._changing()
        curve = self.project.curve
        from_time, to_time = (curve.time_at(start), curve.time_at(end)) if quarters else (start, end)
        item = Item(Notes(from_time, to_time, curve.quarter_at(from_time)), track)
        track.items.append(item)
        track.items.sort(key=lambda one: one.held.start)
        return item

    @call("m")
    def _GetMediaItem_Track(self, item: Item) -> Track:
        return item.track

    @call("p")
    def _CountSelectedMediaItems(self, project: ReaperProject) -> int:
        return len([item for item in project.items if item.held.selected])

    @call("pi")
    def _GetSelectedMediaItem(self, project: ReaperProject, index: int) -> Item | None:
        selected = [item for item in project.items if item.held.selected]
        return selected[index] if 0 <= index < len(selected) else None

    @call("ms")
    def _GetMediaItemInfo_Value(self, item: Item, key: str) -> float:
        match key:
            case "D_POSITION":
                return item.held.start
            case "D_LENGTH":
                return item.held.end - item.held.start
        raise ScriptError(self._complain(f"GetMediaItemInfo_Value({key})"))

    @call("msn")
    def _SetMediaItemInfo_Value(self, item: Item, key: str, value: float) -> bool:
        if key not in ("B_LOOPSRC", "I_CUSTOMCOLOR"):
            raise ScriptError(self._complain(f"SetMediaItemInfo_Value({key})"))
        self._changing()
        item.held = replace(item.held, values=(*item.held.values, (key, value)))
        return True

    @call("mssb")
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

    @call("m")
    def _GetActiveTake(self, item: Item) -> Take:
        return item.take

    @call("k")
    def _TakeIsMIDI(self, _take: Take) -> bool:
        return True

    @call("kssb")
    def _GetSetMediaItemTakeInfo_String(self, take: Take, key: str, value: str, sets: bool) -> tuple[bool, str]:
        if key != "P_NAME":
            raise ScriptError(self._complain(f"GetSetMediaItemTakeInfo_String({key})"))
        if sets:
            self._changing()
            take.item.held = replace(take.item.held, take_name=value)
        return True, take.item.held.take_name

    @call("kn")
    def _MIDI_GetPPQPosFromProjQN(self, take: Take, quarter: float) -> float:
        return (quarter - take.item.held.origin) * TICKS

    @call("kn")
    def _MIDI_GetProjQNFromPPQPos(self, take: Take, ppq: float) -> float:
        return take.item.held.origin + ppq / TICKS

    @call("kbbnniii|b")
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

    @call("kbbniiii")
    def _MIDI_InsertCC(self, take: Take, _selected: bool, _muted: bool, ppq: float, message: int, channel: int,
                       controller: int, value: int) -> bool:  # fmt: skip
        self._changing()
        if message != 0xB0 or not (0 <= channel <= 15 and 0 <= controller <= 127 and 0 <= value <= 127):
            raise ScriptError(self._complain(f"no such controller: {message} {channel} {controller} {value}"))
        held = take.item.held
        take.item.held = replace(held, controllers=(*held.controllers, (int(ppq), channel, controller, value)))
        take.item.sorted = False
        return True

    @call("k")
    def _MIDI_Sort(self, take: Take) -> None:
        held = take.item.held
        notes, controllers = tuple(sorted(held.notes)), tuple(sorted(held.controllers))
        take.item.held, take.item.sorted = replace(held, notes=notes, controllers=controllers), True

    @call("k")
    def _MIDI_CountEvts(self, take: Take) -> tuple[int, int, int, int]:
        self._sorted(take)
        held = take.item.held
        return len(held.notes) + len(held.controllers), len(held.notes), len(held.controllers), 0

    @call("ki")
    def _MIDI_GetNote(self, take: Take, index: int) -> tuple[Any, ...]:
        self._sorted(take)
        start, end, channel, pitch, velocity, muted = take.item.held.notes[index]
        return True, False, muted, float(start), float(end), channel, pitch, velocity

    @call("ki")
    def _MIDI_GetCC(self, take: Take, index: int) -> tuple[Any, ...]:
        self._sorted(take)
        ppq, channel, controller, value = take.item.held.controllers[index]
        return True, False, False, float(ppq), 0xB0, channel, controller, value

    def _sorted(self, take: Take) -> None:
        if not take.item.sorted:
            raise ScriptError(self._complain("notes are read from a take that is not sorted"))
