from multiprocessing import Pipe
from time import monotonic

from hitpoint.engine.mailbox import Closed, Mailbox


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

    assert mailbox.receive(5.0) is None
    assert monotonic() - began < 4.0


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
