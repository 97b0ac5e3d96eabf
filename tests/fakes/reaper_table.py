"""The `reaper` table of REAPER's scripts: what may be in it, and what those who fill it share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fakes.reaper_project import Item, Place, ReaperProject, Take, Track

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


def call(types: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A function of the `reaper` table; `types`: one letter for each argument, those after | may be left out."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        CALLS[function.__name__.removeprefix("_")] = (types, function)
        return function

    return add


class ReaperTable:
    """What every function may use. Every misuse is a complaint."""

    project: ReaperProject

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def _complain(self, text: str) -> str:
        self.complaints.append(text)
        return text

    def _changing(self) -> None:
        if not self.project.block:
            self._complain("the project is changed outside an undo block")
        self.project.changes += 1
