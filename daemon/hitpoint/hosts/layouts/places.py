"""Where a stage's controls stand: faders on the left, the other sections below each other on the right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from hitpoint.hosts.layouts.stage import Section, StageControl

WIDTH, HEIGHT = 1024, 768
"""Of the whole surface: a tablet on its side. Programs scale it to theirs."""
TITLE_HEIGHT = 22
_GAP = 6
_FADERS_WIDTH = 400
_LET_GO_HEIGHT = 60
_IN_A_ROW = 4
"""Buttons beside each other, unless rows would be lower than _LOWEST_ROW."""
_LOWEST_ROW = 40
"""About what a finger needs."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle, from the top left, in units of WIDTH × HEIGHT."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Title:
    """A section's name."""

    text: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Something and its place."""

    what: StageControl | Title
    frame: Frame


def placed(sections: Sequence[Section]) -> Iterator[Placed]:
    """Everything, without two that overlap. The first two sections are the faders and what lets go of them."""
    faders, let_go, *others = sections
    width = _FADERS_WIDTH // len(faders.controls)
    fader_height = HEIGHT - 2 * TITLE_HEIGHT - _LET_GO_HEIGHT - _GAP
    let_go_top = TITLE_HEIGHT + fader_height + _GAP
    for number, (fader, button) in enumerate(zip(faders.controls, let_go.controls, strict=True)):
        left = number * width + _GAP
        yield Placed(Title(fader.label), Frame(left, 0, width - _GAP, TITLE_HEIGHT))
        yield Placed(fader, Frame(left, TITLE_HEIGHT, width - _GAP, fader_height))
        yield Placed(button, Frame(left, let_go_top + TITLE_HEIGHT, width - _GAP, _LET_GO_HEIGHT))
    yield Placed(Title(let_go.title), Frame(_GAP, let_go_top, _FADERS_WIDTH - _GAP, TITLE_HEIGHT))
    yield from _stacked(others, _FADERS_WIDTH + 2 * _GAP)


def _stacked(sections: Sequence[Section], left: int) -> Iterator[Placed]:
    free = HEIGHT - sum(TITLE_HEIGHT for section in sections if section.title)
    in_a_row = _IN_A_ROW
    while free // (rows := sum(ceil(len(one.controls) / in_a_row) for one in sections)) < _LOWEST_ROW:
        if rows == len(sections):
            break
        in_a_row += 1
    row, top = free // rows, 0
    for section in sections:
        if section.title:
            yield Placed(Title(section.title), Frame(left, top, WIDTH - left - _GAP, TITLE_HEIGHT))
            top += TITLE_HEIGHT
        columns = min(in_a_row, len(section.controls))
        width = (WIDTH - left) // columns
        for number, control in enumerate(section.controls):
            down, across = divmod(number, columns)
            place = Frame(left + across * width, top + down * row, width - _GAP, row - _GAP)
            yield Placed(control, place)
        top += ceil(len(section.controls) / columns) * row
