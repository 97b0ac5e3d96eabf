import os
from multiprocessing import Pipe
from time import monotonic

from fakes.patience import PATIENCE_SECONDS
from hitpoint.engine.crew_pipes import End, Post, hand_over
from hitpoint.engine.mailbox import Closed, Mailbox
from hitpoint.scheduler.performance import Introduce, Played, Trouble
from hitpoint.timeline.host_event import Followed


def test_messages_are_received_in_order() -> None:
    here, there = Pipe()
    there.send("first")
    there.send("second")
    mailbox = Mailbox(here)

    assert [mailbox.receive(0.0), mailbox.receive(0.0), mailbox.receive(0.0)] == ["first", "second", None]


def test_a_control_that_has_gone_is_noticed_after_its_last_message() -> None:
    here, there = Pipe()
    there.send("farewell")
    there.close()
    mailbox = Mailbox(here)

    assert mailbox.receive(0.0) == "farewell"
    assert isinstance(mailbox.receive(0.0), Closed)


def test_a_wake_ends_waiting_without_a_message() -> None:
    here, _there = Pipe()
    mailbox = Mailbox(here)
    mailbox.wake()
    began = monotonic()

    assert mailbox.receive(PATIENCE_SECONDS) is None
    assert monotonic() - began < PATIENCE_SECONDS


def test_what_is_said_goes_out_with_the_next_flush() -> None:
    here, there = Pipe()
    mailbox = Mailbox(here)
    mailbox.say("news")
    assert mailbox.has_unsent
    assert not there.poll()

    mailbox.flush()

    assert not mailbox.has_unsent
    assert there.recv() == "news"


def test_a_control_that_does_not_read_never_blocks_play() -> None:
    here, there = Pipe()
    mailbox = Mailbox(here)
    for number in range(5000):
        mailbox.say(("report", number, "x" * 500))
        mailbox.flush()

    assert mailbox.has_unsent, "the pipe is full, and we are still here"
    first = there.recv()
    assert first[:2] == ("report", 0)


def test_saying_something_to_nobody_does_no_harm() -> None:
    here, there = Pipe()
    there.close()
    mailbox = Mailbox(here)
    mailbox.say("news")
    mailbox.flush_all(1.0)

    assert not mailbox.has_unsent


class Watched:
    """A mailbox of a process that a supervisor watches, and the other ends of its pipes."""

    def __init__(self) -> None:
        self.control, link = Pipe()
        self.supervisor, down = Pipe()
        up, self.told = Pipe()
        self.mailbox = Mailbox(link, Post(down, up))

    def another_control(self) -> None:
        self.control, link = Pipe()
        hand_over(self.supervisor, "control", link, os.getpid())


def test_a_control_that_dies_is_waited_for_and_the_next_is_introduced_to() -> None:
    watched = Watched()
    watched.control.close()
    assert watched.mailbox.receive(0.0) is None
    assert watched.mailbox.receive(0.0) is None
    watched.another_control()
    assert watched.mailbox.receive(1.0) == Introduce()
    watched.control.send("hello")
    assert watched.mailbox.receive(1.0) == "hello"


def test_the_next_control_hears_what_was_played_and_went_wrong_and_nothing_stale() -> None:
    watched = Watched()
    watched.mailbox.say(Followed(1.0, 1.0))
    watched.mailbox.say(Played(1, 0, 10, ()))
    watched.control.close()
    watched.mailbox.receive(0.0)
    watched.mailbox.say(Followed(2.0, 2.0))
    watched.mailbox.say(Trouble("late"))
    watched.another_control()
    watched.mailbox.receive(1.0)
    watched.mailbox.flush()

    assert [watched.control.recv(), watched.control.recv()] == [Played(1, 0, 10, ()), Trouble("late")]
    assert not watched.control.poll()


def test_a_message_that_was_cut_short_does_not_spoil_the_next_control() -> None:
    watched = Watched()
    os.write(watched.control.fileno(), b"\x00\x00\x40\x00half of it")
    watched.control.close()
    assert watched.mailbox.receive(1.0) is None
    watched.another_control()
    assert watched.mailbox.receive(1.0) == Introduce()


def test_it_is_over_when_the_supervisor_is_gone_or_says_so() -> None:
    watched = Watched()
    watched.supervisor.send(End())
    assert isinstance(watched.mailbox.receive(1.0), Closed)
    watched = Watched()
    watched.supervisor.close()
    assert isinstance(watched.mailbox.receive(1.0), Closed)


def test_the_supervisor_is_told_too_and_never_waited_for() -> None:
    watched = Watched()
    for number in range(5000):
        watched.mailbox.tell_supervisor(("kept", number, "x" * 500))
        watched.mailbox.flush()

    assert watched.told.recv()[:2] == ("kept", 0)
