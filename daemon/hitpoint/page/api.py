"""What a client's message comes to: the commands of the one table, and a few questions."""

from collections.abc import Callable
from time import monotonic, thread_time
from typing import Any

from hitpoint.hosts import commands
from hitpoint.page.board import Board
from hitpoint.page.client import Malformed
from hitpoint.page.doctor import Doctor
from hitpoint.page.messages import BarNotes
from hitpoint.page.questions import Questions

API = 1
"""Version of the messages: a client that knows only another is told to load itself again."""
MOST_ARGUMENTS = 32
MOST_BARS = 128
"""Bars whose notes one message may ask for."""
SECONDS_A_BAR = 50e-6
"""About what it takes to tell the notes of one."""


class Api:
    """Answers what clients ask. On the page's loop."""

    def __init__(
        self, board: Board, questions: Questions, doctor: Doctor, models: Callable[[], list[str]]
    ) -> None:  # fmt: skip
        """models: names of the model bundles that can be chosen."""
        self._board = board
        self._questions = questions
        self._doctor = doctor
        self._models = models

    async def answer(self, message: dict[str, Any]) -> tuple[dict[str, Any], float]:
        """The answer's members, and the seconds that it took here and in control. Raises HitpointError."""
        match message:
            case {"do": str(address), **rest}:
                return await self._do(address, rest.get("args", []))
            case {"ask": "notes", "first": int(first), "last": int(last)}:
                if not 1 <= first <= last < first + MOST_BARS:
                    raise Malformed(f"ask for bars first to last, from 1, at most {MOST_BARS} at once.")
                return {"bars": await self.notes(first, last)}, (last - first + 1) * SECONDS_A_BAR
            case {"ask": "doctor"}:
                return {"findings": await self._doctor.findings()}, 0.0
            case {"ask": "models"}:
                return {"models": self._models()}, 0.0
            case {"ask": "clock"}:
                return {"now": monotonic()}, 0.0
        raise Malformed(
            'send {"id", "do": address, "args": [...]} or {"id", "ask": "notes" | "doctor" | "models" | "clock"}.'
        )

    async def _do(self, address: str, arguments: object) -> tuple[dict[str, Any], float]:
        began = thread_time()
        plain = (int, float, str)
        if not isinstance(arguments, list) or len(arguments) > MOST_ARGUMENTS:
            raise Malformed(f"args must be a list of at most {MOST_ARGUMENTS}.")
        if not all(isinstance(argument, plain) for argument in arguments):
            raise Malformed("args must be numbers, texts, true or false.")
        # What is wrong is told here: control hears of nothing but what can be meant.
        commands.read(address, arguments)
        mine = thread_time() - began
        answer = await self._questions.ask(address, arguments)
        return {"value": list(answer.value or ())}, mine + answer.seconds

    async def notes(self, first: int, last: int) -> dict[str, Any]:
        """What bars `first` to `last`, from 1, have, by bar. Raises HostError when control is not there."""
        revisions = self._board.last.state.get("written", {})
        bars = range(first, last + 1)
        if len(bars) > len(revisions):
            bars_written = sorted(int(bar) for bar in revisions if first <= int(bar) <= last)
            return _as_json(await self._questions.notes(bars_written, revisions))
        return _as_json(await self._questions.notes(bars, revisions))


def _as_json(notes: list[BarNotes]) -> dict[str, Any]:
    return {
        str(bar.bar): {
            "revision": bar.revision,
            "parts": {
                part.part: {
                    "by": part.by,
                    "notes": [[note.tick, note.pitch, note.duration, note.velocity] for note in part.notes],
                }
                for part in bar.parts
            },
        }
        for bar in notes
    }
