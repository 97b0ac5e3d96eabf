"""Reads a REAPER project apart from what writes it: by a grammar of lines, and REAPER's own clock of tempo points."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TICKS = 960


@dataclass
class Block:
    """From `<NAME` to `>`."""

    words: list[str]
    lines: list[list[str]] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)

    def line(self, name: str) -> list[str]:
        (found,) = self.all(name)
        return found

    def all(self, name: str) -> list[list[str]]:
        return [words[1:] for words in self.lines if words[0] == name]

    def block(self, name: str) -> "Block":
        (found,) = self.inside(name)
        return found

    def inside(self, name: str) -> list["Block"]:
        return [block for block in self.blocks if block.words[0] == name]


@dataclass
class ReadTrack:
    """A track with one MIDI item."""

    name: str
    item: str
    program: int | None
    channel: int
    notes: list[tuple[int, int, int, int]]
    """Tick, pitch, duration, velocity."""
    controllers: list[tuple[int, int, int]]


@dataclass
class ReadProject:
    """A whole project, places in ticks."""

    title: str
    tracks: list[ReadTrack]
    tempi: list[tuple[int, float, bool]]
    """Tick, quarter notes a minute, whether it changes gradually from there on."""
    meters: list[tuple[int, int, int, bool]]
    """Tick, numerator, denominator, whether the bar before may be cut short."""
    markers: list[tuple[int, str]]
    regions: list[tuple[int, int, str]]
    points: list[tuple[float, float, float, bool]]
    """Second, quarter, bpm, gradual."""

    def seconds_at(self, tick: int) -> float:
        """By halving: REAPER's clock only runs from seconds to quarters."""
        low, high = 0.0, 1e5
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if self.quarter_at(middle) * TICKS < tick else (low, middle)
        return low

    def quarter_at(self, second: float) -> float:
        return _quarter_at(self.points, second)


def read_rpp(path: Path) -> ReadProject:
    project = _parsed(path.read_bytes().decode("utf-8"))
    assert project.words[0] == "REAPER_PROJECT"
    points = _points(project)
    ticks = [round(_quarter_at(points, point[0]) * TICKS) for point in points]
    envelope = project.block("TEMPOENVEX").all("PT")
    tempi = [(tick, bpm, gradual) for tick, (_, _, bpm, gradual) in zip(ticks, points, strict=True)]
    meters = [
        (tick, int(point[3]) % 65536, int(point[3]) // 65536, bool(int(point[5]) & 4))
        for tick, point in zip(ticks, envelope, strict=True)
        if int(point[5]) & 1
    ]
    assert project.line("TEMPO") == [envelope[0][1], str(meters[0][1]), str(meters[0][2])]
    markers, regions = _markers(project, points)
    tracks = [_track(track, points) for track in project.inside("TRACK")]
    (title,) = [words[0].removeprefix("|") for words in project.block("NOTES").lines]
    return ReadProject(title, tracks, tempi, meters, markers, regions, points)


def _points(project: Block) -> list[tuple[float, float, float, bool]]:
    points: list[tuple[float, float, float, bool]] = []
    for words in project.block("TEMPOENVEX").all("PT"):
        second, bpm, gradual = float(words[0]), float(words[1]), words[2] == "0"
        if not points:
            points.append((second, 0.0, bpm, gradual))
            continue
        before, quarter, from_bpm, was_gradual = points[-1]
        mean = (from_bpm + bpm) / 2 if was_gradual else from_bpm
        points.append((second, quarter + (second - before) * mean / 60, bpm, gradual))
    return points


def _quarter_at(points: list[tuple[float, float, float, bool]], second: float) -> float:
    index = max(index for index, point in enumerate(points) if point[0] <= second or index == 0)
    start, quarter, bpm, gradual = points[index]
    since = second - start
    if gradual and index + 1 < len(points):
        next_start, _, next_bpm, _ = points[index + 1]
        return quarter + since * (bpm + (next_bpm - bpm) * since / (next_start - start) / 2) / 60
    return quarter + since * bpm / 60


def _markers(
    project: Block, points: list[tuple[float, float, float, bool]]
) -> tuple[list[tuple[int, str]], list[tuple[int, int, str]]]:
    markers, regions, open_regions = [], [], {}
    for number, second, name, flags in (words[:4] for words in project.all("MARKER")):
        tick = round(_quarter_at(points, float(second)) * TICKS)
        if not int(flags) & 1:
            markers.append((tick, name))
        elif number in open_regions:
            start, words = open_regions.pop(number)
            regions.append((start, tick, words))
        else:
            open_regions[number] = (tick, name)
    assert not open_regions
    return markers, regions


def _track(track: Block, points: list[tuple[float, float, float, bool]]) -> ReadTrack:
    item = track.block("ITEM")
    source = item.block("SOURCE")
    assert source.words == ["SOURCE", "MIDI"]
    assert source.line("HASDATA") == ["1", str(TICKS), "QN"]
    clock = round(_quarter_at(points, float(item.line("POSITION")[0])) * TICKS)
    length = round(_quarter_at(points, float(item.line("LENGTH")[0])) * TICKS)
    sounding: dict[int, tuple[int, int]] = {}
    program, channel = None, 0
    notes, controllers, kinds = [], [], []
    for words in source.all("E"):
        clock += int(words[0])
        assert int(words[0]) >= 0
        status, first, second = (int(word, 16) for word in words[1:])
        kinds.append((status & 0xF0, first))
        channel = status & 0x0F
        if kinds[-1][0] == 0x90:
            assert first not in sounding
            sounding[first] = clock, second
        elif kinds[-1][0] == 0x80:
            start, velocity = sounding.pop(first)
            notes.append((start, first, clock - start, velocity))
        elif kinds[-1][0] == 0xC0:
            program = first
        else:
            controllers.append((clock, first, second))
    assert kinds[-1] == (0xB0, 123)
    assert clock == length
    assert not sounding
    return ReadTrack(track.line("NAME")[0], item.line("NAME")[0], program, channel, sorted(notes), controllers[:-1])


def _parsed(text: str) -> Block:
    root: Block | None = None
    open_blocks: list[Block] = []
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped == ">":
            root = open_blocks.pop()
        elif stripped.startswith("<"):
            block = Block(list(_words(stripped[1:])))
            if open_blocks:
                open_blocks[-1].blocks.append(block)
            open_blocks.append(block)
        elif stripped.startswith("|"):
            open_blocks[-1].lines.append([line.lstrip()])
        elif stripped:
            open_blocks[-1].lines.append(list(_words(line.strip(" "))))
    assert not open_blocks
    assert root is not None
    return root


def _words(line: str) -> Iterator[str]:
    """A word ends at a blank; one that begins with a quote ends at the next of that kind."""
    place = 0
    while place < len(line):
        if line[place] == " ":
            place += 1
            continue
        if line[place] in "\"'`":
            end = line.index(line[place], place + 1)
            yield line[place + 1 : end]
        else:
            end = line.find(" ", place) % (len(line) + 1)
            yield line[place:end]
        place = end + 1
