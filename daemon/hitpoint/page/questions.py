"""What the page asks control, and the answers, matched by number. On the page's loop."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

from hitpoint.errors import HostError
from hitpoint.page.messages import (
    Answer,
    Asked,
    BarNotes,
    NotesAsked,
    TakeContent,
    TakeHeard,
    TakeHushed,
    TakeKept,
    ToControl,
)

PATIENCE_SECONDS = 10.0
"""Who has not answered by then will not."""
MOST_KEPT_BARS = 4096
"""Bars whose notes are kept, so that many clients ask control once."""
MOST_BARS_AT_ONCE = 64
"""Bars that control is asked for in one question: what it tells in some 2 ms, so that no fader waits for a roll."""
_AWAY = "Hitpoint is being started again. Try again in a moment."


class Questions:
    """All that one control is asked. `connected` when there is one, `gone` when it is none any more."""

    def __init__(self) -> None:
        self._say: Callable[[ToControl], None] | None = None
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._bars: dict[int, BarNotes] = {}

    def connected(self, say: Callable[[ToControl], None]) -> None:
        """There is a control, which is told things so. What another one was asked is not answered any more."""
        self.gone()
        self._say = say
        # Another control may count its revisions anew.
        self._bars.clear()

    def gone(self) -> None:
        """There is none."""
        self._say = None
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(HostError(_AWAY))
        self._waiting.clear()

    def answered(self, answer: Answer) -> None:
        """Take in an answer; one that nobody waits for is passed over."""
        future = self._waiting.pop(answer.number, None)
        if future is not None and not future.done():
            future.set_result(answer)

    async def ask(self, address: str, arguments: Sequence[Any] = ()) -> Answer:
        """What came of it. Raises HostError with control's words, or when control is not there."""
        return await self._asked(lambda number: Asked(number, address, tuple(arguments)))

    async def hear(self, take: TakeContent, second: float) -> None:
        """Have a take played at the ports from that second of it. Raises HostError."""
        await self._asked(lambda number: TakeHeard(number, take, second))

    async def hush(self) -> None:
        """Have none played there any more. Raises HostError."""
        await self._asked(TakeHushed)

    async def keep(self, take: TakeContent, parts: Iterable[str]) -> tuple[int, str]:
        """Have a take written into the host's arrangement: the bar, from 1, and what the person should know.

        parts: names of parts or stems; none for all. Raises HostError.
        """
        answer = await self._asked(lambda number: TakeKept(number, take, frozenset(parts)))
        bar, note = answer.value
        return int(bar), str(note)

    async def values(self, addresses: Iterable[str]) -> tuple[dict[str, tuple[Any, ...]], float]:
        """What some addresses tell, and how many seconds it took control. Raises HostError when it is not there."""
        addresses = tuple(addresses)
        answers = await asyncio.gather(*(self.ask(f"{address}/get") for address in addresses))
        values = {address: tuple(answer.value) for address, answer in zip(addresses, answers, strict=True)}
        return values, sum(answer.seconds for answer in answers)

    async def notes(self, bars: Iterable[int], revisions: dict[str, int]) -> list[BarNotes]:
        """The notes of those of the bars that have some, in order. revisions: as the state's `written` has them.

        Raises HostError when control is not there.
        """
        wanted = [bar for bar in bars if str(bar) in revisions]
        old = [bar for bar in wanted if bar not in self._bars or self._bars[bar].revision < revisions[str(bar)]]
        for first in range(0, len(old), MOST_BARS_AT_ONCE):
            some = tuple(old[first : first + MOST_BARS_AT_ONCE])
            answer = await self._asked(lambda number, some=some: NotesAsked(number, some))  # type: ignore[misc]
            self._bars.update((notes.bar, notes) for notes in answer.value)
        found = [self._bars[bar] for bar in wanted if bar in self._bars]
        while len(self._bars) > MOST_KEPT_BARS:
            del self._bars[next(iter(self._bars))]
        return found

    async def _asked(self, question: Callable[[int], ToControl]) -> Answer:
        if self._say is None:
            raise HostError(_AWAY)
        number = next(self._numbers)
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._say(question(number))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer: Answer = await future
        except TimeoutError:
            raise HostError(
                f"Hitpoint has not answered within {PATIENCE_SECONDS:g} s. See `hitpoint status`."
            ) from None
        finally:
            self._waiting.pop(number, None)
        if answer.error is not None:
            raise HostError(answer.error)
        return answer
