"""Control's place in the crew: it hears the supervisor, is given pipes to the others, and has its state kept."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace

from hitpoint.engine.crew_link import Link, LinkedTo
from hitpoint.engine.crew_pipes import End, Keep, Life, Pipe, Post, Roster
from hitpoint.inputs.packet_budget import Sender
from hitpoint.score.session import Session
from hitpoint.timeline.transport import Transport


@dataclass(frozen=True)
class Kept:
    """What control gets back when it was started again; the notes it wrote are in its session's file."""

    session: Session
    subscribers: frozenset[Sender]
    """Who hears of changes over OSC."""
    osc_port: int
    """Where all who talk to us have found us."""
    troubles: tuple[str, ...] = ()
    """The last few, oldest first."""


class Station:
    """All callbacks are called on control's loop. Make it there.

    linked: another member can be talked to, by this pipe. ended: the supervisor says so, or is gone.
    """

    def __init__(self, post: Post, linked: Callable[[str, Pipe], None], ended: Callable[[], None]) -> None:
        self._post = post
        self._linked = linked
        self._ended = ended
        self._last: tuple[Kept, int] | None = None
        self.lives: dict[str, Life] = {}
        """How the others live, by name."""
        Link(post.down, self._take, ended, "supervisor")
        for peer, pipe in post.links.items():
            linked(peer, pipe)

    def keep(self, kept: Kept, moves: int) -> None:
        """Have it kept, where it has changed. moves: how often the host has started, stopped or jumped.

        Where a rolling host is changes all the time: that is not kept, as play knows it better.
        """
        transport = Transport(loop=kept.session.transport.loop)
        state = (replace(kept, session=replace(kept.session, transport=transport)), moves)
        if state != self._last:
            self._last = state
            self._post.say(Keep(pickle.dumps(kept)))

    def _take(self, message: object) -> None:
        match message:
            case Roster(lives):
                self.lives = dict(lives)
            case LinkedTo(peer, pipe):
                self._linked(peer, pipe)
            case End():
                self._ended()


def kept_before(post: Post) -> Kept | None:
    """What the control before this one kept; None in the first life."""
    return None if post.kept is None else pickle.loads(post.kept)
