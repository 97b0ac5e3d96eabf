import asyncio
from collections.abc import Awaitable, Callable

import pytest

from hitpoint.errors import HostError
from hitpoint.page import questions as questions_module
from hitpoint.page.messages import Answer, Asked, BarNotes, NotesAsked, ToControl
from hitpoint.page.questions import MOST_BARS_AT_ONCE, Questions


def scene_of(scene: Callable[[Questions, list[ToControl]], Awaitable[None]]) -> None:
    async def play() -> None:
        questions, said = Questions(), list[ToControl]()
        questions.connected(said.append)
        await scene(questions, said)

    asyncio.run(play())


def test_answers_find_who_asked_in_whatever_order_they_come():
    async def scene(questions: Questions, said: list[ToControl]) -> None:
        first, second = (asyncio.create_task(questions.ask("/hitpoint/undo")) for _ in range(2))
        await asyncio.sleep(0)
        numbers = [asked.number for asked in said]
        for number in reversed(numbers):
            questions.answered(Answer(number, (number,)))
        assert [(await one).value for one in (first, second)] == [(number,) for number in numbers]
        questions.answered(Answer(99_999))

    scene_of(scene)


def test_controls_own_words_are_the_error():
    async def scene(questions: Questions, said: list[ToControl]) -> None:
        asking = asyncio.create_task(questions.ask("/hitpoint/undo"))
        await asyncio.sleep(0)
        questions.answered(Answer(said[0].number, error="there is nothing to undo."))
        with pytest.raises(HostError, match="nothing to undo"):
            await asking

    scene_of(scene)


def test_what_a_control_that_is_gone_was_asked_is_answered_at_once_and_so_is_what_comes_after():
    async def scene(questions: Questions, said: list[ToControl]) -> None:
        asking = asyncio.create_task(questions.ask("/hitpoint/undo"))
        await asyncio.sleep(0)
        questions.gone()
        for one in (asking, questions.ask("/hitpoint/undo")):
            with pytest.raises(HostError, match="started again"):
                await one
        assert len(said) == 1

    scene_of(scene)


def test_a_control_that_hangs_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(questions_module, "PATIENCE_SECONDS", 0.02)

    async def scene(questions: Questions, said: list[ToControl]) -> None:
        with pytest.raises(HostError, match="has not answered"):
            await questions.ask("/hitpoint/undo")
        questions.answered(Answer(said[0].number))

    scene_of(scene)


def test_bars_that_are_known_are_not_asked_for_again_until_they_change():
    async def scene(questions: Questions, said: list[ToControl]) -> None:
        async def notes(*bars: int, **revisions: int) -> list[int]:
            asking = asyncio.create_task(questions.notes(bars, {name[1:]: at for name, at in revisions.items()}))
            while not asking.done():
                await asyncio.sleep(0)
                for asked in said:
                    if isinstance(asked, NotesAsked):
                        wanted = tuple(BarNotes(bar, revisions[f"b{bar}"], ()) for bar in asked.bars)
                        questions.answered(Answer(asked.number, wanted))
            return [bar.bar for bar in await asking]

        assert await notes(1, 2, 3, b1=5, b2=6) == [1, 2]
        assert [asked.bars for asked in said if isinstance(asked, NotesAsked)] == [(1, 2)]
        said.clear()
        assert await notes(1, 2, b1=5, b2=7) == [1, 2]
        assert [asked.bars for asked in said if isinstance(asked, NotesAsked)] == [(2,)]

    scene_of(scene)


def test_many_bars_are_asked_for_in_pieces_so_that_a_fader_gets_in_between():
    async def scene(questions: Questions, said: list[ToControl]) -> None:
        revisions = {str(bar): 1 for bar in range(1, 3 * MOST_BARS_AT_ONCE)}
        asking = asyncio.create_task(questions.notes(range(1, 10_000), revisions))
        fader = asyncio.create_task(questions.ask("/hitpoint/control/intensity", [0.5]))
        answered = 0
        while not asking.done():
            await asyncio.sleep(0)
            for asked in said[answered:]:
                value = tuple(BarNotes(bar, 1, ()) for bar in asked.bars) if isinstance(asked, NotesAsked) else ()
                questions.answered(Answer(asked.number, value))
            answered = len(said)
        await fader
        assert [type(asked) for asked in said] == [NotesAsked, Asked, NotesAsked, NotesAsked]
        assert len(await asking) == len(revisions)

    scene_of(scene)
