import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import HostError
from hitpoint.hosts.pieces import (
    AGAIN_SECONDS,
    LARGEST_DATAGRAM,
    MOST_NAMES,
    MOST_PIECES,
    MOST_UNFINISHED,
    PIECE_CHARACTERS,
    Joiner,
    Outbox,
    cut,
    received,
)
from hitpoint.hosts.protocol import LARGEST_BYTES, PIECE, RECEIVED, read_object

WORST = '"\\' * 10_000
"""Every character of it is escaped twice."""


def read(datagram: bytes) -> Any:
    return read_object(datagram, PIECE)[1]


def a_piece(**changed: Any) -> dict[str, Any]:
    return {"message": "live-1-1", "piece": 0, "of": 1, "text": "{}", **changed}


@given(st.text(max_size=9000), st.randoms(use_true_random=False))
def test_a_message_is_whole_again_in_whatever_order_its_pieces_come(text: str, random: Random) -> None:
    message = json.dumps({"text": text}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    pieces = [read(datagram) for datagram in cut("live-1-1", message)] * 2
    random.shuffle(pieces)
    joiner = Joiner()
    whole = [said for said in map(joiner.take, pieces) if said is not None]
    assert [json.loads(said) for said in whole] == [{"text": text}]
    assert joiner.has("live-1-1")


@pytest.mark.parametrize("text", [WORST, "静" * 9000, "\0" * 5000, "x" * 12_000])
def test_no_datagram_is_larger_than_every_system_carries(text: str) -> None:
    datagrams = cut("x" * 80, json.dumps({"text": text}, ensure_ascii=False).encode())
    assert max(map(len, datagrams)) <= LARGEST_DATAGRAM
    assert all(len(read(datagram)["text"]) <= PIECE_CHARACTERS for datagram in datagrams)


def test_what_is_too_large_to_be_said_is_refused() -> None:
    with pytest.raises(HostError, match="too many"):
        cut("live-1-1", b'"' + b"x" * LARGEST_BYTES + b'"')


@pytest.mark.parametrize(
    "piece",
    [
        a_piece(message=""),
        a_piece(message="../x"),
        a_piece(message="x" * 81),
        a_piece(piece=-1),
        a_piece(piece=1),
        a_piece(of=0),
        a_piece(of=MOST_PIECES + 1),
        a_piece(text="x" * (PIECE_CHARACTERS + 1)),
    ],
)
def test_a_piece_that_cannot_be_is_refused_and_changes_nothing(piece: dict[str, Any]) -> None:
    joiner = Joiner()
    with pytest.raises(HostError, match="cannot be"):
        joiner.take(piece)
    assert joiner.take(a_piece()) == b"{}"


def test_a_message_in_another_number_of_pieces_is_refused() -> None:
    joiner = Joiner()
    joiner.take(a_piece(of=3))
    with pytest.raises(HostError, match="in 3 pieces, and then in 2"):
        joiner.take(a_piece(of=2))


def test_messages_that_never_become_whole_do_not_fill_the_memory() -> None:
    joiner, text = Joiner(), "x" * PIECE_CHARACTERS
    for number in range(100):
        for piece in range(50):
            assert joiner.take(a_piece(message=f"a-{number}", of=60, piece=piece, text=text)) is None
    kept = [number for number in range(100) if joiner.take(a_piece(message=f"a-{number}", of=60, piece=59)) is None]
    assert len(kept) == 100
    assert len(joiner._begun) == MOST_UNFINISHED


def test_all_that_is_unfinished_together_is_no_larger_than_one_message_may_be() -> None:
    joiner, text = Joiner(), "x" * PIECE_CHARACTERS
    for number in range(3):
        for piece in range(MOST_PIECES - 1):
            joiner.take(a_piece(message=f"a-{number}", of=MOST_PIECES, piece=piece, text=text))
    assert sum(begun.characters for begun in joiner._begun.values()) <= LARGEST_BYTES


def test_the_last_thousand_messages_are_known() -> None:
    joiner = Joiner()
    for number in range(MOST_NAMES + 1):
        joiner.take(a_piece(message=f"a-{number}"))
    assert not joiner.has("a-0")
    assert all(joiner.take(a_piece(message=f"a-{number}")) is None for number in range(1, MOST_NAMES + 1))


def test_a_message_is_said_again_until_it_is_heard() -> None:
    outbox = Outbox()
    outbox.put("a-1", b"{}")
    assert outbox.due(10.0, 16) == list(cut("a-1", b"{}"))
    assert outbox.due(10.0 + AGAIN_SECONDS * 0.9, 16) == []
    assert outbox.due(10.0 + AGAIN_SECONDS, 16) == list(cut("a-1", b"{}"))
    assert outbox.drop("a-1")
    assert not outbox.drop("a-1")
    assert outbox.due(99.0, 16) == []


def test_a_long_message_is_said_a_little_at_a_time_and_all_of_it_before_any_piece_comes_again() -> None:
    outbox, message = Outbox(), json.dumps("x" * 30_000).encode()
    outbox.put("a-1", message)
    outbox.put("a-2", b"{}")
    looks = [outbox.due(0.0, 3) for _ in range(4)]
    assert [datagram for look in looks for datagram in look] == [*cut("a-1", message), *cut("a-2", b"{}")]
    assert max(map(len, looks)) == 3


def test_what_says_that_a_message_is_whole_names_it() -> None:
    assert read_object(received("a-1"), RECEIVED)[1]["message"] == "a-1"
