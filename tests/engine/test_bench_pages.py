"""The bench's pages speak as browsers do, by a server that others wrote; and what it measures is measured."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.engine.bench_daemon import running_daemon
from hitpoint.engine.bench_pages import Page, first_frame, text_frame


def unmasked(frame: bytes) -> bytes:
    """The same as a server sends it."""
    length = frame[1] & 0x7F
    at = 4 if length == 126 else 2
    mask, payload = frame[at : at + 4], frame[at + 4 :]
    return bytes([frame[0], frame[1] & 0x7F]) + frame[2:at] + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


@given(st.lists(st.binary(max_size=400), max_size=4), st.integers(0, 2000), st.binary(min_size=4, max_size=4))
def test_frames_are_read_one_by_one_however_they_are_cut(texts: list[bytes], cut: int, mask: bytes) -> None:
    whole = b"".join(unmasked(text_frame(text, mask)) for text in texts)
    found, rest = [], b""
    for piece in (whole[:cut], whole[cut:]):
        rest += piece
        while True:
            frame, rest = first_frame(rest)
            if frame is None:
                break
            found.append(frame)
    assert (found, rest) == (texts, b"")


def test_what_is_no_text_is_passed_over() -> None:
    ping = b"\x89\x02hi"
    assert first_frame(ping + b"\x81\x02{}") == (b"{}", b"")
    assert first_frame(ping) == (None, b"")


@pytest.mark.realtime
def test_a_page_hears_what_another_one_asked_for() -> None:
    with running_daemon("--page-port", "0", "--direction", "calm, strings") as said:
        place = urlsplit(said["page"]["address"])
        assert place.hostname
        assert place.port
        with Page(place.hostname, place.port) as hand, Page(place.hostname, place.port, stalled=True) as eye:
            # What is set before the first state is told comes with that.
            for page in (hand, eye):
                page.until(lambda message: message.get("type") == "state")
            hand.say({"id": 7, "do": "/hitpoint/control/density", "args": [0.25]})
            assert hand.until(lambda message: message.get("id") == 7)["ok"]
            eye.until(lambda message: message.get("set", {}).get("/controls/density") == 0.25)
