import asyncio
import os
import pickle
from collections.abc import Awaitable, Callable
from multiprocessing import Pipe as pipe_of

from fakes.patience import soon
from hitpoint.engine.crew_pipes import End, Keep, Life, Pipe, Post, Roster, hand_over
from hitpoint.engine.station import Kept, Station, kept_before
from hitpoint.score.session import ControlMoved, Session
from hitpoint.timeline.host_event import Followed, Located, Started


class Supervisor:
    """The other ends of a station's pipes."""

    def __init__(self) -> None:
        self.down, self._theirs = pipe_of()
        self.up, theirs = pipe_of()
        self.post = Post(self._theirs, theirs)

    def kept(self) -> list[Kept]:
        heard = []
        while self.up.poll(0):
            message = self.up.recv()
            assert isinstance(message, Keep)
            heard.append(kept_before(Post(self.down, self.up, kept=message.content)))
        return [kept for kept in heard if kept is not None]


def run(scene: Callable[[Supervisor], Awaitable[None]]) -> None:
    asyncio.run(scene(Supervisor()))  # type: ignore[arg-type]


def nobody(_: str, __: Pipe) -> None:
    raise AssertionError("nobody was expected")


def test_pipes_that_are_there_and_pipes_that_come_are_handed_on_with_their_peers_names():
    async def scene(supervisor: Supervisor) -> None:
        linked: dict[str, Pipe] = {}
        first, theirs = pipe_of()
        post = Post(supervisor.post.down, supervisor.post.up, {"play": theirs})
        Station(post, linked.__setitem__, lambda: None)
        assert set(linked) == {"play"}
        second, theirs = pipe_of()
        hand_over(supervisor.down, "compose", theirs, os.getpid())
        await soon(lambda: "compose" in linked)
        second.send("hello")
        assert linked["compose"].recv() == "hello"
        first.close()

    run(scene)


def test_it_ends_when_the_supervisor_says_so_and_when_it_is_gone():
    async def scene(supervisor: Supervisor) -> None:
        ended: list[int] = []
        Station(supervisor.post, nobody, lambda: ended.append(1))
        supervisor.down.send(End())
        await soon(lambda: ended)
        supervisor.down.close()
        await soon(lambda: len(ended) == 2)

    run(scene)


def test_it_knows_how_the_others_live():
    async def scene(supervisor: Supervisor) -> None:
        station = Station(supervisor.post, nobody, lambda: None)
        supervisor.down.send(Roster({"play": Life(7, 1, 0.5)}))
        await soon(lambda: station.lives)
        assert station.lives == {"play": Life(7, 1, 0.5)}
        supervisor.down.close()

    run(scene)


def test_what_changes_is_kept_and_a_host_that_only_rolls_on_changes_nothing():
    async def scene(supervisor: Supervisor) -> None:
        station = Station(supervisor.post, nobody, lambda: None)
        session, subscribers = Session(), frozenset({("127.0.0.1", 9000)})
        for moves, event in enumerate((Located(960, 1.0), Started(2.0)), start=1):
            session = session.apply(event)
            station.keep(Kept(session, subscribers, 19790), moves)
        for at in (2.1, 2.2):
            session = session.apply(Followed(1000.0 * at, at))
            station.keep(Kept(session, subscribers, 19790), 2)
        assert [kept.session.transport.rolling for kept in supervisor.kept()] == [False, True]
        session = session.apply(ControlMoved("intensity", 0.5))
        station.keep(Kept(session, subscribers, 19790), 2)
        station.keep(Kept(session, frozenset(), 19790), 2)
        assert supervisor.kept() == [Kept(session, subscribers, 19790), Kept(session, frozenset(), 19790)]
        supervisor.down.close()

    run(scene)


def test_a_first_life_has_kept_nothing():
    here, there = pipe_of()
    assert kept_before(Post(here, there)) is None
    kept = Kept(Session(seed=3), frozenset(), 1, ("late",))
    assert kept_before(Post(here, there, kept=pickle.dumps(kept))) == kept
