"""Who may come in, by what the headers say. The same with a real server: test_site.py."""

import pytest

from fakes.manual_clock import ManualClock
from hitpoint.page.gate import MOST_PAIRED, MOST_TRIES, TRIES_SECONDS, Gate, Refusal, Request, cookie_name

HOST = "127.0.0.1:7360"
HERE, THERE, OURS = "127.0.0.1", "192.168.1.20", "192.168.1.5"


def asks(method: str = "GET", path: str = "/api/state", came_from: str = HERE, **headers: str) -> Request:
    given = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    came_to = OURS if came_from == THERE else HERE
    return Request(method, path, {name: [value] for name, value in given.items()}, came_from, came_to, 7360)


def status(gate: Gate, request: Request) -> int:
    refusal = gate.refuses(request)
    return 200 if refusal is None else refusal.status


@pytest.mark.parametrize("host", ["127.0.0.1:7360", "localhost:7360", "LOCALHOST:7360", "[::1]:7360"])
def test_this_machine_may_be_called_by_its_loopback_names(host: str):
    assert status(Gate(), asks(host=host)) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example:7360", "127.0.0.1", "127.0.0.1:80", "localhost:7361", "", "127.0.0.1.evil.example:7360",
     "127.0.0.1:7360@evil.example", "192.168.1.5:7360"],
)  # fmt: skip
def test_a_name_that_leads_here_and_is_not_ours_is_refused(host: str):
    assert status(Gate(), asks(host=host)) == 421
    assert status(Gate(), asks("WEBSOCKET", host=host)) == 421


def test_a_request_with_two_hosts_or_none_is_refused():
    two = Request("GET", "/", {"host": [HOST, "evil.example"]}, HERE, HERE, 7360)
    assert status(Gate(), two) == 421
    assert status(Gate(), Request("GET", "/", {}, HERE, HERE, 7360)) == 421


@pytest.mark.parametrize("method", ["WEBSOCKET", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:7361", "https://127.0.0.1:7360", "http://localhost:7360"],
)
def test_another_pages_origin_may_change_nothing_and_open_no_socket(method: str, origin: str):
    assert status(Gate(), asks(method, origin=origin)) == 403


@pytest.mark.parametrize("method", ["WEBSOCKET", "POST"])
def test_our_own_page_may_and_so_may_programs_that_are_no_browsers(method: str):
    assert status(Gate(), asks(method, origin=f"http://{HOST}")) == 200
    assert status(Gate(), asks(method)) == 200


def test_what_another_page_embeds_is_refused_and_a_link_that_is_followed_is_not():
    assert status(Gate(), asks(sec_fetch_site="cross-site", sec_fetch_mode="no-cors")) == 403
    assert status(Gate(), asks(sec_fetch_site="same-site", sec_fetch_mode="cors")) == 403
    assert status(Gate(), asks(path="/", sec_fetch_site="cross-site", sec_fetch_mode="navigate")) == 200
    assert status(Gate(), asks(sec_fetch_site="same-origin", sec_fetch_mode="cors")) == 200


def test_without_lan_nobody_comes_from_another_machine():
    gate = Gate()
    assert gate.code == ""
    assert status(gate, asks(came_from=THERE, host=HOST)) == 421
    assert isinstance(gate.tries(""), Refusal)


def test_on_a_lan_who_is_not_paired_sees_the_pairing_and_nothing_else():
    gate = Gate(lan=True)
    host = f"{OURS}:7360"
    for method, path in (("GET", "/api/state"), ("GET", "/"), ("WEBSOCKET", "/api/socket"), ("GET", "/pairing")):
        assert status(gate, asks(method, path, THERE, host=host)) == 401
    assert status(gate, asks("GET", "/pair", THERE, host=host)) == 200
    assert status(gate, asks("GET", "/pair", THERE, host="evil.example:7360")) == 421
    # A loopback name is no name of ours to another machine.
    assert status(gate, asks("GET", "/pair", THERE, host=HOST)) == 421


def test_who_has_the_code_is_paired_and_stays_so_over_a_restart():
    gate, host = Gate(lan=True), f"{OURS}:7360"
    token = gate.tries(gate.code)
    assert isinstance(token, str)
    cookie = f"other=1; {cookie_name(7360)}={token}"
    again = Gate(lan=True, kept=gate.keep())
    for one in (gate, again):
        assert status(one, asks("WEBSOCKET", "/api/socket", THERE, host=host, cookie=cookie)) == 200
        assert status(one, asks("GET", "/", THERE, host=host, cookie=f"{cookie}x")) == 401
        # A cookie is sent by the browser whoever asks: the origin still counts.
        foreign = asks("WEBSOCKET", "/api/socket", THERE, host=host, cookie=cookie, origin="http://evil.example")
        assert status(one, foreign) == 403
    assert again.code == gate.code


def test_this_machine_itself_needs_no_code_on_a_lan():
    assert status(Gate(lan=True), asks()) == 200


def test_wrong_codes_are_answered_so_often_a_minute_and_no_more():
    clock = ManualClock(1000.0)
    gate = Gate(lan=True, clock=clock.now)
    wrong = "000000" if gate.code != "000000" else "000001"
    refused = [gate.tries(wrong) for _ in range(MOST_TRIES + 1)]
    assert [one.status for one in refused if isinstance(one, Refusal)] == [403] * MOST_TRIES + [429]
    # Not even the right one: a guess must not show by being taken.
    assert isinstance(gate.tries(gate.code), Refusal)
    clock.sleep(TRIES_SECONDS + 1)
    assert isinstance(gate.tries(gate.code), str)


def test_codes_that_are_no_text_of_digits_are_only_wrong():
    gate = Gate(lan=True)
    assert isinstance(gate.tries("é" * 500), Refusal)


def test_the_first_of_too_many_pairs_anew():
    gate, host = Gate(lan=True), f"{OURS}:7360"
    tokens = [gate.tries(gate.code) for _ in range(MOST_PAIRED + 1)]
    seen = [
        status(gate, asks("GET", "/", THERE, host=host, cookie=f"{cookie_name(7360)}={token}"))
        for token in (tokens[0], tokens[1], tokens[-1])
    ]
    assert seen == [401, 200, 200]
