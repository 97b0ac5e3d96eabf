"""Jobs spread over processes of this machine. It knows nothing of what a job is.

A job that fails is one failure; the others go on. A process that dies (killed, out of memory, a crash in a library)
is told, and its job tried again once by another.
"""

import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from hitpoint.errors import HitpointError

_CONTEXT = get_context("spawn")
"""A forked child would inherit the model runtime's threads; a spawned one starts clean on every system."""

TRIES = 2
"""Of a job whose process dies."""
_END_SECONDS = 5.0
"""A process that does not end within this time of being told to is killed."""

JobT = TypeVar("JobT")
AnswerT = TypeVar("AnswerT")
Work = Callable[[Any, Callable[[float], None]], Any]
"""A job and whom to tell how much of it is done, 0 to 1, in; its answer out. Must be found by its name in a module."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[AnswerT]):
    """What came of a job."""

    place: int
    """Of the job in the list given."""
    answer: AnswerT | None
    """None where it failed."""
    error: str = ""
    """Why, in one line; empty where it did not fail."""


@dataclass(frozen=True, slots=True)
class _Share:
    """How much of a job is done, 0 to 1."""

    done: float


def do_here(
    jobs: Sequence[Any], work: Work, share: Callable[[int, float], None]
) -> Generator[Outcome[Any], None, None]:
    """Do the jobs in this process, one after another. `share` is told a job's place and how much of it is done."""
    for place, job in enumerate(jobs):

        def told(done: float, place: int = place) -> None:
            share(place, done)

        yield _outcome(place, job, work, told)


def do_apart(
    jobs: Sequence[Any],
    work: Work,
    processes: int,
    share: Callable[[int, float], None],
    died: Callable[[int, str], None],
) -> Generator[Outcome[Any], None, None]:
    """Do the jobs in so many processes. Yields each outcome as it comes; jobs are begun in the order given.

    share: told a job's place and how much of it is done. died: told the place of a job whose process died, and how,
    when it is to be tried again. All processes have ended when this has, however it ends.
    """
    waiting = deque(range(len(jobs)))
    tried = [0] * len(jobs)
    crew: list[_Member] = []
    try:
        while waiting or any(member.place is not None for member in crew):
            while waiting and len(crew) < processes:
                crew.append(_Member(work))
            for member in crew:
                if member.place is None and waiting:
                    place = waiting.popleft()
                    tried[place] += 1
                    member.begin(place, jobs[place])
            busy = {member.connection: member for member in crew if member.place is not None}
            for ready in wait(list(busy)):
                member = busy[ready]  # type: ignore[index]
                lost = member.place
                assert lost is not None  # only those that are busy are waited for
                said = member.heard()
                if isinstance(said, _Share):
                    share(lost, said.done)
                elif isinstance(said, Outcome):
                    yield said
                else:
                    crew.remove(member)
                    how = member.end()
                    if tried[lost] < TRIES:
                        waiting.appendleft(lost)
                        share(lost, 0.0)
                        died(lost, how)
                    else:
                        yield Outcome(lost, None, f"its process died {TRIES} times ({how}). Is there enough memory?")
    finally:
        for member in crew:
            member.dismiss()
        for member in crew:
            member.end()


class _Member:
    """A process, and the job that it does."""

    def __init__(self, work: Work) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self._process: BaseProcess = _CONTEXT.Process(target=_serve, args=(theirs, work), daemon=True)
        with _deaf_to_interrupts():
            self._process.start()
        # Only the child has its end now, so that its death is heard.
        theirs.close()
        self.place: int | None = None

    def begin(self, place: int, job: Any) -> None:
        """Give it a job."""
        self.place = place
        with suppress(OSError):
            # One that has died meanwhile is found out when it is listened to.
            self.connection.send((place, job))

    def heard(self) -> "_Share | Outcome[Any] | None":
        """What it says; None when it has died."""
        try:
            said = self.connection.recv()
        except (EOFError, OSError):
            return None
        if isinstance(said, Outcome):
            self.place = None
        assert isinstance(said, _Share | Outcome)
        return said

    def dismiss(self) -> None:
        """Let it end, whatever it does."""
        if self.place is None:
            self.connection.close()
        else:
            self._process.terminate()

    def end(self) -> str:
        """Wait until it has ended. Returns how it did, for a person."""
        self.connection.close()
        self._process.join(_END_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        code = self._process.exitcode or 0
        if code >= 0:
            return f"exit status {code}"
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C goes to all processes of a terminal; those started meanwhile leave it to this one, from their start on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(connection: Connection, work: Work) -> None:
    """What a process does until nobody listens any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            place, job = connection.recv()
            connection.send(_outcome(place, job, work, lambda done: connection.send(_Share(done))))


def _outcome(place: int, job: Any, work: Work, told: Callable[[float], None]) -> Outcome[Any]:
    try:
        return Outcome(place, work(job, told))
    except BrokenPipeError:
        raise
    except Exception as error:
        return Outcome(place, None, reason_of(error))


def reason_of(error: Exception) -> str:
    """Why a job failed, in one line."""
    text = " ".join(str(error).split())
    if isinstance(error, HitpointError):
        return text
    if isinstance(error, MemoryError):
        return "there is not enough memory for it. Use fewer --jobs."
    return f"{type(error).__name__}: {text}. This is a fault of Hitpoint: please report it."
