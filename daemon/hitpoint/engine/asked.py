"""What people asked for, so that it can be taken back. No clock, no I/O."""

from collections import deque
from collections.abc import Callable

from hitpoint.errors import HostError
from hitpoint.planner.wishes import undone
from hitpoint.score.session import ControlMoved, CurveDrawn, PersonEvent, Session
from hitpoint.score.stinger import StingerAsked

MOST_UNDOS = 200


class Asked:
    """The last MOST_UNDOS things, each with the session before it. Process: control."""

    def __init__(self) -> None:
        self._asked: deque[tuple[PersonEvent, Session]] = deque(maxlen=MOST_UNDOS)

    def __len__(self) -> int:
        return len(self._asked)

    def remember(self, event: PersonEvent, session: Session) -> None:
        """Keep what is asked, and the session as it is before."""
        # A fader sends hundreds of values on its way: one undo takes back the whole way.
        latest = self._asked[-1][0] if self._asked else None
        for kind in (ControlMoved, CurveDrawn):
            if isinstance(event, kind) and isinstance(latest, kind) and latest.name == event.name:
                return
        self._asked.append((event, session))

    def take_back(self, session: Session, tick: float, begun: Callable[[StingerAsked], bool]) -> Session:
        """The session without what was asked last, when the host is at `tick`.

        What has sounded cannot be taken back: a stinger that has begun is passed over.
        Raises HostError when there is nothing to take back.
        """
        while self._asked:
            event, earlier = self._asked.pop()
            if not isinstance(event, StingerAsked):
                return undone(session, event, earlier, tick)
            if event in session.stingers and not begun(event):
                return session.without_stingers([event])
        raise HostError("there is nothing to undo.")
