"""What each part does is told from its notes and its neighbours'."""

import numpy as np

from hitpoint.score.stem import INSTRUMENTS, instrument_named
from hitpoint.score.style import ROLES
from hitpoint.training.roles import roles_of

Line = list[tuple[int, int, int]]
"""Position, pitch, duration."""

TUNE: Line = [(0, 72, 24), (24, 76, 12), (36, 74, 12), (48, 79, 48)]
BASS: Line = [(0, 48, 48), (48, 43, 48)]
INNER: Line = [(0, 64, 24), (24, 65, 24), (48, 62, 24), (72, 60, 24)]
DRONE: Line = [(0, 36, 96)]
FIGURE: Line = [(12 * i, 60 + (0, 3, 7, 3)[i % 4], 12) for i in range(8)]


def roles(*bars: list[tuple[str, Line]]) -> list[list[str]]:
    """The roles in each bar. Every bar has the same parts, in order."""
    instruments = [INSTRUMENTS.index(instrument_named(name)) for name, _ in bars[0]]
    cells, notes, ends = [], [], [0]
    for bar, lines in enumerate(bars):
        for part, (_, line) in enumerate(lines):
            cells.append((bar, part))
            notes += line
            ends.append(len(notes))
    found = roles_of(
        np.array(cells), np.array(ends), np.array(notes), np.array(instruments), np.full(len(bars), 96)
    ).tolist()  # fmt: skip
    named = ["" if role < 0 else ROLES[role] for role in found]
    width = len(bars[0])
    return [named[first : first + width] for first in range(0, len(named), width)]


def test_the_line_on_top_is_the_melody_and_the_lowest_the_bass() -> None:
    assert roles([("violin", TUNE), ("viola", INNER), ("cello", BASS)]) == [["melody", "inner", "bass"]]


def test_one_long_sound_is_a_pad_also_where_it_is_lowest() -> None:
    assert roles([("violin", TUNE), ("contrabass", DRONE)]) == [["melody", "pad"]]


def test_what_repeats_in_its_bar_or_in_the_next_is_a_figure_wherever_it_lies() -> None:
    assert roles([("violin", TUNE), ("viola", FIGURE), ("cello", BASS)])[0][1] == "figure"
    odd = [(0, 60, 12), (12, 62, 12), (36, 67, 12), (72, 65, 24)]
    higher = [(position, pitch + 2, duration) for position, pitch, duration in odd]
    line = [[("violin", tune), ("viola", own)] for tune, own in ((TUNE, odd), (INNER, higher), (TUNE, BASS))]
    assert [bar[1] for bar in roles(*line)] == ["figure", "figure", "bass"]


def test_drums_and_timpani_are_percussion() -> None:
    assert roles([("drums", FIGURE), ("timpani", BASS), ("violin", TUNE)]) == [["percussion", "percussion", "melody"]]


def test_one_that_is_alone_is_a_melody_unless_it_plays_chords() -> None:
    assert roles([("flute", TUNE)]) == [["melody"]]
    assert roles([("piano", [(0, 48, 96), (0, 60, 96), (0, 64, 96), (48, 62, 48)])]) == [[""]]
