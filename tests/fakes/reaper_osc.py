"""A REAPER with an OSC control surface, in virtual time, as its source has it (HOSTS.md 1.2 to 1.4 and 1.10).

Its window looks about 30 times a second: it takes in what came and, 15 times a second, tells where it is. Another
thread carries the datagrams, 10 ms between two of them. Nothing is told twice unless everything is: at the start, when
a project is loaded, and by action 41743. Markers and regions come in banks.
"""

import struct
from collections import deque
from collections.abc import Callable, Iterator
from random import Random

from fakes.reaper_marks import Mark, Project
from fakes.reaper_pattern import read_patterns
from fakes.reaper_surface import LONGEST_MESSAGE, Addresses, Match, decode, encode, pack, unpack

LOOK = 1 / 30
STEP = 0.001
REFRESH = 41743
MARKERS, REGIONS = "DEVICE_MARKER_COUNT", "DEVICE_REGION_COUNT"


class FakeReaperOsc:
    """`send(datagram, at)` gets what leaves it, but for what is lost. Drive it by `advance`, `receive` and the rest."""

    def __init__(
        self, patterns: str, send: Callable[[bytes, float], None], seed: int = 0, max_packet: int = 1024,
        send_sleep: float = 0.010, rate: int = 15,
    ) -> None:  # fmt: skip
        self._file = read_patterns(patterns)
        self._addresses = Addresses(self._file)
        self._send, self._random = send, Random(seed)
        self._max_packet, self._send_sleep, self._every = max_packet, send_sleep, 1000 // rate
        self.lost = 0.0
        """Share of the datagrams that never arrive, either way."""
        self.overtaken = 0.0
        """Share of those that arrive after the next one."""
        self._held: bytes | None = None
        self.now = 0.0
        self.running = False
        self.project = Project()
        self.playing = self.paused = self.recording = False
        self.position = 0.0
        self.dropped: list[bytes] = []
        """What came and was passed over."""

    # What a person does.

    def start(self) -> None:
        """REAPER is started: all is told once, whoever listens."""
        self.running = True
        self.playing = self.paused = self.recording = False
        self.counts = {MARKERS: 0, REGIONS: 0, **self._file.counts}
        self.banks = {MARKERS: 0, REGIONS: 0}
        self._cache: dict[str, object] = {}
        self._arrived: deque[bytes] = deque()
        self._read: deque[bytes] = deque()
        self._queue: list[bytes] = []
        self._leaving: deque[bytes] = deque()
        self._handled: tuple[str, str] | None = None
        self._look_at, self._thread_at, self._idle = self.now + self._random.uniform(0, LOOK), self.now, 0
        self._bpm = self.project.bpm_at(self.project.cursor)
        self._reset()

    def quit(self) -> None:
        """What was not sent is never sent."""
        self.running = False

    def load(self, project: Project) -> None:
        """Another project: it stops, and tells all."""
        self.project = project
        self.playing = self.paused = self.recording = False
        self._reset()

    def play(self) -> None:
        if not self.paused:
            self.position = self.project.cursor
        self.playing, self.paused = True, False
        self._say_states()

    def stop(self) -> None:
        self.playing = self.paused = self.recording = False
        self._say_states()

    def pause(self) -> None:
        self.playing, self.paused = not self.playing, self.playing
        self._say_states()

    def record(self) -> None:
        self.recording = not self.recording
        if self.recording and not self.playing:
            self.play()
        self._say_states()

    def seek(self, seconds: float) -> None:
        """The edit cursor is put there; playback goes along."""
        self.project.cursor = self.position = seconds

    def set_repeat(self, on: bool) -> None:
        self.project.repeat = on
        self._say("REPEAT", float(on))

    def set_tempo(self, bpm: float) -> None:
        """At the playhead."""
        begins = [second for second, _ in self.project.tempi if second <= self.place]
        self.project.tempi = [(second, bpm if second == begins[-1] else held) for second, held in self.project.tempi]
        self._say_tempo()

    def edit(self, *marks: Mark) -> None:
        """The project has these markers and regions now."""
        self.project.marks = list(marks)
        self._say_banks()

    @property
    def place(self) -> float:
        """Where it tells that it is: the edit cursor unless it plays, also while it is paused."""
        return self.position if self.playing else self.project.cursor

    # What comes and goes.

    def receive(self, data: bytes) -> None:
        """A datagram to its port."""
        if self.running and self._random.random() >= self.lost:
            self._arrived.append(data)

    def advance(self, seconds: float) -> None:
        """Time passes, a millisecond at a time."""
        for _ in range(round(seconds / STEP)):
            self.now += STEP
            if self.playing and self.running:
                self._roll()
            if not self.running:
                continue
            if self.now >= self._look_at:
                # A window has other things to do.
                self._look_at += LOOK * self._random.uniform(0.95, 1.15)
                self._look()
            if self.now >= self._thread_at:
                self._carry()

    def _roll(self) -> None:
        self.position += STEP
        start, end = self.project.loop
        if self.project.repeat and self.position - STEP < end <= self.position and end > start:
            self.position = start + self.position - end
        if self.project.bpm_at(self.position) != self._bpm:
            self._say_tempo()

    def _carry(self) -> None:
        if self._arrived:
            self._read.append(self._arrived.popleft())
            self._idle = 0
        if not self._leaving and self._queue:
            self._leaving.extend(pack(self._queue, self._max_packet))
            self._queue.clear()
        if self._leaving:
            self._idle = 0
            self._leave(self._leaving.popleft())
            self._thread_at = self.now + self._send_sleep
            return
        self._idle = min(self._idle + 1, 8192)
        self._thread_at = self.now + 0.006 + self._idle / 512 / 1000

    def _leave(self, data: bytes) -> None:
        if self._random.random() < self.lost:
            return
        if self._held is None and self._random.random() < self.overtaken:
            self._held = data
            return
        self._send(data, self.now)
        if self._held is not None:
            held, self._held = self._held, None
            self._send(held, self.now)

    def _look(self) -> None:
        while self._read:
            for message in unpack(self._read.popleft()):
                if len(message) > LONGEST_MESSAGE:
                    self.dropped.append(message)
                    self._read.clear()
                    break
                self._process(message)
        if round(1000 * (self.now - self._told_at)) >= self._every:
            self._told_at = self.now
            self._tell_place()

    def _tell_place(self) -> None:
        if self.place != self._last_place:
            self._last_place = self.place
            self._say("TIME", self.place, text=f"{int(self.place // 60)}:{self.place % 60:06.3f}")
            quarter = self.place * self._bpm / 60
            self._say("BEAT", text=f"{int(quarter // 4) + 1}.{int(quarter % 4) + 1}.{int(quarter % 1 * 100):02d}")
            self._say("SAMPLES", self.place * 48000, text=f"{round(self.place * 48000)}")
        self._say("LOOP_START_TIME", self.project.loop[0])
        self._say("LOOP_END_TIME", self.project.loop[1])
        for key, regions in (("LAST_MARKER", False), ("LAST_REGION", True)):
            passed = [one for one in self.project.of(regions) if one.time <= self.place]
            last = passed[-1] if passed else Mark(0, "", 0.0)
            self._say(f"{key}_NAME", text=last.name)
            self._say(f"{key}_NUMBER", text=str(last.number) if last.number > 0 else "")
            self._say(f"{key}_TIME", last.time)
            self._say(f"{key}_LENGTH", (last.end or last.time) - last.time)

    # What it tells.

    def _reset(self) -> None:
        self._cache.clear()
        self._told_at, self._last_place = 0.0, 0.0
        self._say("METRONOME", 0.0)
        self._say("REPEAT", float(self.project.repeat))
        self._say_states()
        self._say_tempo()
        self._say("PLAY_RATE", 1.0, 0.25, "1")
        self._say_banks()

    def _say_states(self) -> None:
        self._say("RECORD", float(self.playing and self.recording))
        self._say("STOP", float(not self.playing))
        self._say("PAUSE", float(self.paused))
        self._say("PLAY", float(self.playing))

    def _say_tempo(self) -> None:
        self._bpm = self.project.bpm_at(self.place)
        self._say("TEMPO", self._bpm, min(1.0, max(0.0, (self._bpm - 40) / 256)), f"{self._bpm:g}")

    def _say_banks(self) -> None:
        for count, kind in ((MARKERS, "MARKER"), (REGIONS, "REGION")):
            first = self.banks[count] * self.counts[count]
            marks = self.project.of(kind == "REGION")[first : first + self.counts[count]]
            for slot, mark in enumerate(marks, 1):
                self._say(f"{kind}_NAME", text=mark.name, slot=slot)
                self._say(f"{kind}_NUMBER", text=str(mark.number), slot=slot)
                self._say(f"{kind}_TIME", mark.time, slot=slot)
                if mark.end is not None:
                    self._say(f"{kind}_LENGTH", max(0.0, mark.end - mark.time), slot=slot)
            for slot in range(len(marks) + 1, self.counts[count] + 1):
                self._say(f"{kind}_NAME", text="", slot=slot)
                self._say(f"{kind}_NUMBER", text="", slot=slot)

    def _say(
        self, key: str, raw: float | None = None, normalised: float | None = None, text: str | None = None,
        slot: int | None = None,
    ) -> None:  # fmt: skip
        values = {"n": normalised, "f": raw, "b": raw, "t": raw, "s": text}
        for flag, pattern in self._file.patterns.get(key, ()):
            value = values.get(flag)
            if value is None or pattern.count("@") != (slot is not None):
                continue
            address = pattern.replace("@", str(slot))
            if isinstance(value, float):
                value = struct.unpack(">f", struct.pack(">f", value))[0]
            if self._cache.get(address) == value or (self._handled == (flag, address) and flag not in "tb"):
                continue
            self._cache[address] = value
            self._queue.append(encode(address, value))

    # What it is told.

    def _process(self, data: bytes) -> None:
        message = decode(data)
        match = None if message is None else self._addresses.match(message[0])
        if message is None or match is None:
            self.dropped.append(data)
            return
        address, arguments = message
        self._cache.pop(address, None)
        self._handled = (match.flag, address)
        for slots in match.slots:
            for value in _value(match.flag, arguments):
                self._act(match, slots, value)
        self._handled = None

    def _act(self, match: Match, slots: tuple[str, ...], value: float | str) -> None:
        key = match.key
        number = int(slots[0]) if slots and not slots[0].startswith("_") else 0
        states = {"PLAY": self.play, "STOP": self.stop, "PAUSE": self.pause, "RECORD": self.record}
        if key in states:
            states[key]()
        elif key == "ACTION":
            self._run(number or _whole(value))
        elif key == "REPEAT":
            self.set_repeat(not self.project.repeat)
        elif isinstance(value, str):
            self._rename(key, number, value)
        elif key == "TIME":
            self.seek(value)
        elif key == "TEMPO":
            self.set_tempo(40 + 256 * min(1.0, max(0.0, value)) if match.flag == "n" else value)
        elif key in ("LOOP_START_TIME", "LOOP_END_TIME"):
            start, end = self.project.loop
            self.project.loop = (value, end) if key == "LOOP_START_TIME" else (start, value)
        elif key in (MARKERS, REGIONS):
            self.counts[key] = int(value)
            self._say_banks()
        elif key == "DEVICE_MARKER_BANK_SELECT":
            self.banks[MARKERS] = max(0, int(value) - 1)
            self._say_banks()
        elif key == "GOTO_MARKER" and 0 < number <= len(self.project.of(False)):
            self.seek(self.project.of(False)[number - 1].time)
        elif key == "MARKER_TIME" and 0 < number <= len(self.project.of(False)):
            self.project.of(False)[number - 1].time = value
            self._say_banks()
        elif key == "MARKERID_TIME":
            self._by_number(number).time = value
            self._say_banks()

    def _rename(self, key: str, number: int, name: str) -> None:
        if key == "MARKERID_NAME":
            self._by_number(number).name = name
        elif key == "MARKER_NAME" and 0 < number <= len(self.project.of(False)):
            self.project.of(False)[number - 1].name = name
        self._say_banks()

    def _by_number(self, number: int) -> Mark:
        """Made, at the beginning, when there is none."""
        found = [one for one in self.project.of(False) if one.number == number]
        if not found:
            found = [Mark(number, "", 0.0)]
            self.project.marks += found
        return found[0]

    def _run(self, action: int) -> None:
        actions = {1007: self.play, 1008: self.pause, 1016: self.stop, 1013: self.record, REFRESH: self._reset}
        if action in actions:
            actions[action]()


def _value(flag: str, arguments: tuple[object, ...]) -> Iterator[float | str]:
    """What a pattern makes of the first argument; nothing where it makes nothing of it."""
    first = arguments[0] if arguments else None
    if flag == "t":
        if first is None or first == 1:
            yield 1.0
    elif flag == "s" and isinstance(first, str):
        yield first
    elif flag in "nfbi" and isinstance(first, int | float):
        yield float(first)


def _whole(value: float | str) -> int:
    """A number, or the text of one; 0 for the names of actions."""
    return int(value) if not isinstance(value, str) or value.isdecimal() else 0
