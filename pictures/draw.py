"""Draws a MIDI file of Hitpoint's as a piano roll over seconds: parts by colour, markers as lines, the tempo below.

usage: python pictures/draw.py hitpoint-demo.mid pictures/demo.svg
"""

import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from hitpoint.score.midi_file import read_midi_file
from hitpoint.score.midi_score import MidiPart, MidiScore
from hitpoint.score.stem import instrument_for_program

WIDTH, ROLL_TOP, ROLL_HEIGHT, TEMPO_HEIGHT, LEFT, RIGHT = 1200, 96, 380, 46, 16, 16
TEMPO_TOP = ROLL_TOP + ROLL_HEIGHT + 26
HEIGHT = TEMPO_TOP + TEMPO_HEIGHT + 34
COLOURS = {
    "strings": "#4c78a8", "brass": "#e4a11b", "winds": "#54a24b", "percussion": "#8c564b", "plucked": "#b279a2",
    "keys": "#72787f", "choir": "#e377c2", "bass": "#2f4b7c", "synth": "#17a2b8", "drums": "#555555",
}  # fmt: skip
INK, PALE, ACCENT = "#24292f", "#d8dee4", "#d1242f"


class Drawing:
    """Where seconds and pitches are on the page."""

    def __init__(self, score: MidiScore) -> None:
        self.score = score
        self.tempo_map = score.timeline.tempo_map
        self.seconds = self.tempo_map.seconds_at(score.end)
        pitches = [note.pitch for part in score.parts for note in part.notes]
        self.low, self.high = min(pitches) - 2, max(pitches) + 2

    def x(self, tick: int) -> float:
        """Across the page by time, not by bars: what a picture editor sees."""
        return LEFT + (WIDTH - LEFT - RIGHT) * self.tempo_map.seconds_at(tick) / self.seconds

    def y(self, pitch: float) -> float:
        """Down the page."""
        return ROLL_TOP + ROLL_HEIGHT * (self.high - pitch) / (self.high - self.low)

    def svg(self) -> str:
        """The whole picture."""
        parts = (self.bars(), self.notes(), self.markers(), self.tempo(), self.legend())
        shapes = "\n".join(shape for part in parts for shape in part)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'font-family="system-ui, sans-serif" font-size="13">\n'
            f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#ffffff"/>\n{shapes}\n</svg>\n'
        )

    def bars(self) -> Iterator[str]:
        """Bar lines."""
        for bar in self.score.timeline.meter_map.bars_between(0, self.score.end):
            yield line(self.x(bar.start), ROLL_TOP, self.x(bar.start), TEMPO_TOP + TEMPO_HEIGHT, PALE)

    def notes(self) -> Iterator[str]:
        """Louder is darker."""
        height = 0.9 * ROLL_HEIGHT / (self.high - self.low)
        for part in self.score.parts:
            for note in part.notes:
                x = self.x(note.tick)
                width = max(1.5, self.x(note.end) - x - 0.5)
                yield (
                    f'<rect x="{x:.1f}" y="{self.y(note.pitch + 0.5):.1f}" width="{width:.1f}" height="{height:.1f}" '
                    f'rx="1" fill="{COLOURS[stem(part)]}" fill-opacity="{0.25 + 0.75 * note.velocity / 127:.2f}"/>'
                )

    def markers(self) -> Iterator[str]:
        """A line from each name down to the tempo; names on two rows, so that near ones do not cover each other."""
        for number, marker in enumerate(self.score.timeline.markers):
            x, row = self.x(marker.tick), 22 + 28 * (number % 2)
            end = x > WIDTH - 200
            yield line(x, row + 6, x, TEMPO_TOP + TEMPO_HEIGHT, ACCENT, 1.5)
            yield text(x - 5 if end else x + 5, row + 4, marker.name, ACCENT, "end" if end else "start", bold=True)

    def tempo(self) -> Iterator[str]:
        """Beats a minute, metres, seconds."""
        ticks = range(0, self.score.end, max(1, self.score.end // 400))
        tempi = [self.tempo_map.bpm_at(tick) for tick in ticks]
        low, high = min(tempi) - 4, max(tempi) + 4
        points = " ".join(
            f"{self.x(tick):.1f},{TEMPO_TOP + TEMPO_HEIGHT * (high - bpm) / (high - low):.1f}"
            for tick, bpm in zip(ticks, tempi, strict=True)
        )
        yield f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.5"/>'
        for number, change in enumerate(self.score.timeline.meter_map.changes):
            words = f"{change.meter}" + ("" if number else f"   {min(tempi):.0f} to {max(tempi):.0f} bpm")
            yield text(self.x(change.tick) + 4, TEMPO_TOP - 6, words, INK)
        for second in range(0, int(self.seconds) + 1, 5):
            x = self.x(self.tempo_map.tick_at(second))
            yield text(x, HEIGHT - 12, f"{second} s", "#57606a")

    def legend(self) -> Iterator[str]:
        """Stems and their colours."""
        x = float(LEFT + 4)
        for name in dict.fromkeys(stem(part) for part in self.score.parts):
            yield f'<rect x="{x}" y="{ROLL_TOP - 22}" width="11" height="11" rx="2" fill="{COLOURS[name]}"/>'
            yield text(x + 16, ROLL_TOP - 12, name, INK)
            x += 34 + 7.2 * len(name)


def stem(part: MidiPart) -> str:
    """The stem that a part's program belongs to."""
    instrument = instrument_for_program(part.program or 0, drums=part.channel == 9)
    return instrument.stem if instrument else "synth"


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1.0) -> str:
    """A straight line."""
    place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {place} stroke="{colour}" stroke-width="{width}"/>'


def text(x: float, y: float, words: str, colour: str, anchor: str = "start", bold: bool = False) -> str:
    """One line of words."""
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


if __name__ == "__main__":
    _, midi, picture = sys.argv
    Path(picture).write_text(Drawing(read_midi_file(Path(midi))).svg(), encoding="utf-8")
