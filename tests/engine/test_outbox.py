"""A pipe whose other end nobody reads."""

from multiprocessing import Pipe
from time import monotonic
from typing import Any

from fakes.patience import PATIENCE_SECONDS, until
from hitpoint.engine.outbox import MOST_QUEUED, Outbox

LARGE = b"x" * 1_000_000
"""More than any pipe holds."""


def bundle(latest: dict[str, Any], queued: list[Any]) -> object:
    return latest, queued


def test_who_puts_never_waits_for_a_reader_that_reads_nothing():
    ours, theirs = Pipe()
    outbox = Outbox(ours, bundle, "test")
    outbox.put({"a": LARGE})
    began = monotonic()
    for number in range(2000):
        outbox.put({"a": LARGE, "n": number}, number)
    assert monotonic() - began < PATIENCE_SECONDS
    outbox.close()
    theirs.close()


def test_a_reader_that_was_away_hears_the_last_word_on_each_thing_and_all_that_was_queued():
    ours, theirs = Pipe()
    outbox = Outbox(ours, bundle, "test")
    outbox.put({"a": LARGE})
    until(lambda: not outbox._latest)
    for number in range(100):
        outbox.put({"n": number}, number)
    outbox.put({"m": 1})
    assert theirs.recv() == ({"a": LARGE}, [])
    assert theirs.recv() == ({"n": 99, "m": 1}, list(range(100)))
    theirs.close()


def test_of_what_is_queued_for_nobody_the_oldest_goes():
    ours, theirs = Pipe()
    outbox = Outbox(ours, bundle, "test")
    outbox.put({"a": LARGE})
    until(lambda: not outbox._latest)
    for number in range(MOST_QUEUED + 5):
        outbox.put({}, number)
    theirs.recv()
    assert theirs.recv() == ({}, list(range(5, MOST_QUEUED + 5)))
    theirs.close()
