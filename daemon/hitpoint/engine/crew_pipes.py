"""What the supervisor and those it watches say to each other, and how a pipe is handed from one to another.

    supervisor → member   Linked (and then the pipe itself), Roster, End
    member → supervisor   Up, Failed, Keep, Logged, Ending

Members talk among themselves through pipes of their own. When one of two dies, both of its ends are of no use any
more, whatever was half written: the supervisor makes a new pipe and hands an end to each.
"""

import logging
import signal
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Pipe = Connection[Any, Any]
else:
    # What the checker knows as generic is none at run time.
    Pipe = Connection


@dataclass(frozen=True, slots=True)
class Linked:
    """A new pipe to another member follows."""

    peer: str
    """The member's name."""


@dataclass(frozen=True, slots=True)
class Life:
    """How one member lives."""

    pid: int
    """Process id; 0 while it is dead."""
    restarts: int = 0
    """How often it was started again."""
    restart_seconds: float | None = None
    """How long the last restart took, from the death to being ready again; None before there was one, and while it
    lasts."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who lives, told to control whenever it changes."""

    lives: Mapping[str, Life] = field(default_factory=dict)
    """By name."""


@dataclass(frozen=True, slots=True)
class End:
    """End in good order."""


@dataclass(frozen=True, slots=True)
class Up:
    """The member is ready."""

    said: str = ""
    """For standard output."""
    remarks: tuple[str, ...] = ()
    """For standard error."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The member cannot work and ends. The message is for the person."""

    message: str


@dataclass(frozen=True, slots=True)
class Keep:
    """What the member's next life is to be given, instead of what was kept before."""

    content: bytes
    """Means something only to the member."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A line for the log."""

    level: int
    """As the module logging counts them."""
    shown: str
    """For the person at the terminal."""
    filed: str
    """For the file, which may be given to others."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Control ends, as it should, and has the others end: nobody is to be started again."""


@dataclass(frozen=True)
class Post:
    """What a member is given when it starts."""

    down: Pipe
    """What the supervisor says. Its end is the supervisor's."""
    up: Pipe
    """What the member says to the supervisor."""
    links: Mapping[str, Pipe] = field(default_factory=dict)
    """The pipes to others that there are already, by name."""
    life: int = 0
    """How many lives it had before."""
    kept: bytes | None = None
    """What the life before this one kept; None when it kept nothing."""

    def say(self, message: object) -> None:
        """Tell the supervisor. What is said to one that has gone is lost: `down` says so."""
        with suppress(OSError):
            self.up.send(message)


def hand_over(down: Pipe, peer: str, link: Pipe, process_id: int) -> None:
    """Give an end of a pipe to a member that runs; ours is closed. Nothing happens if the member is gone."""
    try:
        down.send(Linked(peer))
        reduction.send_handle(down, link.fileno(), process_id)
    except OSError:
        pass  # Its death is noticed elsewhere, and its next life is given another.
    link.close()


def taken_over(down: Pipe) -> Pipe:
    """The pipe that follows a Linked. Raises EOFError or OSError when the supervisor died over it."""
    # Of the same kind as ours: Windows' pipes are others than everybody else's.
    return type(down)(reduction.recv_handle(down))


def member_main(target: str, post: Post, arguments: tuple[Any, ...]) -> None:
    """Be a member: call `target`, "module:function", with the post and the arguments. Spawn target.

    By name, so that the supervisor need not load what its members do.
    """
    # Ctrl-C goes to the whole group, and is the supervisor's to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module, _, function = target.partition(":")
    try:
        getattr(import_module(module), function)(post, *arguments)
    except Exception as error:
        # Where it happened, for the log, but not what was said: that may be a person's words.
        where = "".join(traceback.format_tb(error.__traceback__))
        filed = f"it failed ({type(error).__name__}):\n{where}"
        post.say(Logged(logging.ERROR, f"{module} failed ({type(error).__name__}: {error})", filed))
        sys.exit(1)
