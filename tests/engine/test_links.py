"""Play and compose as control sees them, with the other end of the pipe in the test's hand."""

import asyncio
from collections.abc import Awaitable, Callable
from multiprocessing import Pipe as pipe_of
from pathlib import Path

import pytest

from fakes.patience import soon
from hitpoint.engine.compose import Composed, ComposeFailed, ComposerReady, UseModel
from hitpoint.engine.compose_link import ComposeLink
from hitpoint.engine.crew_pipes import Pipe
from hitpoint.engine.play_link import PlayLink
from hitpoint.errors import ModelError, PortError
from hitpoint.scheduler.performance import Finished, Mute, Panic, Played, Ready, Refused, Routing, Shutdown, Trouble
from hitpoint.score.controls import Controls
from hitpoint.score.request import BarPlan, BarRequest
from hitpoint.timeline.host_event import Followed
from hitpoint.timeline.meter import MeterMap

READY = Ready(("Hitpoint strings",), "null", True)
MINE = Path("models/mine")
REQUEST = BarRequest(BarPlan(MeterMap().bar(0), "cue", Controls(), 120, ()), ())


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scene())  # type: ignore[arg-type]


class Play:
    """A play link, what came of it, and play's end of the pipe."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.met: list[Ready] = []
        self.troubles: list[str] = []
        self.link = PlayLink(self.heard.append, self.met.append, self.troubles.append)
        self.end = self.connected()

    def connected(self) -> Pipe:
        self.end, theirs = pipe_of()
        self.link.connect(theirs)
        return self.end

    def told(self) -> list[object]:
        messages = []
        while self.end.poll(0.05):
            messages.append(self.end.recv())
        return messages


def test_play_is_told_nothing_and_believed_little_before_it_is_ready():
    async def scene() -> None:
        play = Play()
        play.link.tell(Panic())
        play.end.send(Followed(1.0, 1.0))
        play.end.send(Played(1, 0, 10, ()))
        play.end.send(Trouble("late"))
        play.end.send(READY)
        play.end.send(Followed(2.0, 2.0))
        await soon(lambda: len(play.heard) == 3)
        assert await play.link.ready() == READY
        assert play.heard == [Played(1, 0, 10, ()), Trouble("late"), Followed(2.0, 2.0)]
        assert play.told() == []
        play.link.tell(Panic())
        assert play.told() == [Panic()]
        play.end.close()

    run(scene)


def test_whoever_comes_anew_is_told_who_plays_even_when_nothing_has_changed():
    async def scene() -> None:
        play = Play()
        everybody: frozenset[str] = frozenset()
        for _ in range(2):
            play.end.send(READY)
            await soon(lambda: play.met)
            for _ in range(2):
                play.link.tell_who_plays(Routing(()), everybody)
            assert play.told() == [Routing(()), Mute(everybody)]
            play.met.clear()
            play.end.close()
            await soon(lambda: play.troubles)
            play.troubles.clear()
            play.connected()
        play.end.close()

    run(scene)


@pytest.mark.parametrize("word", [Refused("no such driver"), None])
def test_a_play_that_cannot_begin_is_an_error_in_its_own_words_or_ours(word):
    async def scene() -> None:
        play = Play()
        if word is not None:
            play.end.send(word)
        play.end.close()
        with pytest.raises(PortError, match="no such driver" if word else "ended at once"):
            await play.link.ready()

    run(scene)


def test_stopping_waits_for_the_last_words():
    async def scene() -> None:
        play = Play()
        play.end.send(READY)
        await soon(lambda: play.met)
        stopping = asyncio.create_task(play.link.stop())
        await soon(play.end.poll)
        assert play.told() == [Shutdown()]
        assert not stopping.done()
        for message in (Played(1, 0, 10, ()), Finished()):
            play.end.send(message)
        await stopping
        assert play.heard == [Played(1, 0, 10, ())]
        play.end.close()
        await soon(lambda: play.link._link is None)
        assert play.troubles == []

    run(scene)


class Compose:
    """A compose link, what came of it, and compose's end of the pipe."""

    def __init__(self, chosen: Path | None = None) -> None:
        """chosen: a model that was asked for before there is a process."""
        self.answers: list[object] = []
        self.troubles: list[str] = []
        self.ready: list[str] = []
        self.link = ComposeLink(self.answers.append, self.troubles.append, self.ready.append)
        if chosen is not None:
            self.link.use(chosen)
        self.end = self.connected()

    def connected(self) -> Pipe:
        self.end, theirs = pipe_of()
        self.link.connect(theirs)
        return self.end


def test_what_was_asked_of_a_compose_that_died_is_told_as_lost_and_the_next_is_asked_when_it_comes():
    async def scene() -> None:
        compose = Compose()
        compose.end.send(ComposerReady("small-2"))
        await compose.link.ready()
        compose.link.ask(REQUEST)
        assert compose.end.recv() == REQUEST
        compose.end.close()
        await soon(lambda: compose.answers)
        assert compose.answers == [ComposeFailed(None, "the compose process ended")]
        assert len(compose.troubles) == 1
        compose.link.ask(REQUEST)
        compose.connected()
        assert compose.end.recv() == REQUEST
        compose.end.send(Composed(0, (), 0.1))
        await soon(lambda: len(compose.answers) == 2)
        compose.end.close()

    run(scene)


def test_a_new_pipe_that_comes_before_the_old_one_is_known_to_be_dead_loses_nothing_silently():
    async def scene() -> None:
        compose = Compose()
        old = compose.end
        old.send(ComposerReady("small-2"))
        await compose.link.ready()
        compose.link.ask(REQUEST)
        compose.connected()
        assert compose.answers == [ComposeFailed(None, "the compose process ended")]
        old.send(Composed(0, (), 0.1))
        old.close()
        await asyncio.sleep(0.05)
        assert len(compose.answers) == 1
        compose.end.close()

    run(scene)


def test_another_model_is_asked_for_and_asked_for_again_of_the_next_process():
    async def scene() -> None:
        compose = Compose()
        compose.end.send(ComposerReady("small-2"))
        await compose.link.ready()
        compose.link.use(MINE)
        assert compose.end.recv() == UseModel(MINE)
        assert compose.link.model is None
        compose.end.send(ComposerReady("mine"))
        await soon(lambda: compose.link.model == MINE)
        compose.end.close()
        await soon(lambda: compose.troubles)
        compose.connected()
        assert compose.end.recv() == UseModel(MINE)
        compose.end.send(ComposerReady("small-2"))
        compose.end.send(ComposerReady("mine"))
        await soon(lambda: len(compose.ready) == 3)
        # The one that a new process begins with answers nothing.
        assert compose.ready == ["small-2", "mine", "mine"]
        compose.end.close()

    run(scene)


def test_a_model_that_cannot_be_used_leaves_the_one_before():
    async def scene() -> None:
        compose = Compose()
        compose.end.send(ComposerReady("small-2"))
        await compose.link.ready()
        compose.link.use(MINE)
        compose.end.send(ComposeFailed(None, "mine is broken."))
        await soon(lambda: compose.troubles)
        assert compose.troubles == ["mine is broken. small-2 goes on."]
        assert (compose.link.model, compose.answers, compose.ready) == (None, [], ["small-2", "small-2"])
        compose.connected()
        assert not compose.end.poll(0.05)
        compose.end.close()

    run(scene)


def test_who_chose_before_there_was_a_process_waits_for_the_chosen_model():
    async def scene() -> None:
        compose = Compose(chosen=MINE)
        compose.end.send(ComposerReady("small-2"))
        assert compose.end.recv() == UseModel(MINE)
        compose.end.send(ComposerReady("mine"))
        assert await compose.link.ready() == ComposerReady("mine")
        assert (compose.link.model, compose.ready) == (MINE, ["mine"])
        compose.end.close()

    run(scene)


def test_where_the_chosen_model_cannot_be_used_any_more_the_processes_own_answers():
    async def scene() -> None:
        compose = Compose(chosen=MINE)
        compose.end.send(ComposerReady("small-2"))
        compose.end.send(ComposeFailed(None, "mine is broken."))
        assert await compose.link.ready() == ComposerReady("small-2")
        assert (compose.link.model, compose.ready) == (None, ["small-2"])
        assert compose.troubles == ["mine is broken. small-2 goes on."]
        compose.end.close()

    run(scene)


def test_of_two_that_are_chosen_one_after_the_other_the_first_goes_on_where_the_second_is_broken():
    async def scene() -> None:
        compose = Compose()
        compose.end.send(ComposerReady("small-2"))
        await compose.link.ready()
        compose.link.use(MINE)
        compose.link.use(Path("models/broken"))
        compose.end.send(ComposerReady("mine"))
        compose.end.send(ComposeFailed(None, "broken is broken."))
        await soon(lambda: compose.troubles)
        assert (compose.link.model, compose.ready) == (MINE, ["small-2", "mine"])
        compose.end.close()

    run(scene)


def test_where_the_last_that_was_chosen_is_broken_a_new_process_goes_back_to_those_before_it():
    async def scene() -> None:
        compose = Compose()
        compose.end.send(ComposerReady("small-2"))
        await compose.link.ready()
        compose.link.use(MINE)
        compose.end.send(ComposerReady("mine"))
        await soon(lambda: compose.link.model == MINE)
        for name in ("gone", "broken"):
            compose.link.use(Path("models", name))
        # It dies before it answers, and again while it loads.
        for _ in range(2):
            compose.connected()
            compose.end.send(ComposerReady("small-2"))
            assert compose.end.recv() == UseModel(Path("models/broken"))
        for name, before in (("broken", "gone"), ("gone", "mine")):
            compose.end.send(ComposeFailed(None, f"{name} is broken."))
            await soon(lambda: compose.end.poll())
            assert compose.end.recv() == UseModel(Path("models", before))
        compose.end.send(ComposerReady("mine"))
        await soon(lambda: len(compose.ready) == 3)
        assert (compose.link.model, compose.ready) == (MINE, ["small-2", "mine", "mine"])
        assert compose.troubles[-2:] == ["broken is broken. gone goes on.", "gone is broken. mine goes on."]
        compose.end.close()

    run(scene)


def test_a_bundle_that_cannot_be_loaded_is_an_error():
    async def scene() -> None:
        compose = Compose()
        compose.end.send(ComposeFailed(None, "broken: no vocabulary"))
        compose.end.close()
        with pytest.raises(ModelError, match="no vocabulary"):
            await compose.link.ready()

    run(scene)
