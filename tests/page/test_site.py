"""The whole page with a real control, real sockets, and clients that others wrote."""

import asyncio
import http.client
import json
import socket
from typing import Any

import pytest
from pythonosc.osc_message import OscMessage
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from fakes.page_stage import PageStage, Viewer, connected, staged
from fakes.patience import PATIENCE_SECONDS, least
from hitpoint.engine.duties import OSCQUERY_PATHS
from hitpoint.engine.page_place import PagePlace
from hitpoint.hosts import commands
from hitpoint.inputs.osc_listener import packet_of
from hitpoint.page.client import MOST_MALFORMED
from hitpoint.page.oscquery import Names, addresses
from hitpoint.page.site import STATIC

SWITCHES = ("mute", "solo", "lock")
NOTICED_SECONDS = 2.0
EVIL = "http://evil.example"
(SCRIPT,) = (f"/assets/{path.name}" for path in (STATIC / "assets").glob("index-*.js"))


def test_a_browser_is_given_the_page_and_policies_that_keep_it_to_us():
    async def scene(stage: PageStage) -> None:
        page = await stage.get("/", accept="text/html,*/*")
        assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        script = await stage.get(SCRIPT)
        for heard in (page, script, await stage.get("/api/state"), await stage.get("/nothing")):
            policy = heard.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert heard.headers["x-content-type-options"] == "nosniff"
            assert heard.headers["cross-origin-resource-policy"] == "same-origin"
            assert not [name for name in heard.headers if name.startswith("access-control")]
        assert "immutable" in script.headers["cache-control"]
        assert (await stage.get("/api/state")).headers["cache-control"] == "no-store"

    staged(scene)


@pytest.mark.parametrize("path", ["/..%2f..%2fsite.py", "/assets/../../site.py", "/%2e%2e/site.py", "//etc/passwd"])
def test_no_path_leads_out_of_the_pages_folder(path: str):
    async def scene(stage: PageStage) -> None:
        assert (await stage.get(path)).status == 404

    staged(scene)


def test_a_foreign_host_or_origin_is_refused_before_anything_is_done():
    async def scene(stage: PageStage) -> None:
        for path in (
            "/",
            "/api/state",
            "/api/schema",
            "/hitpoint/control/intensity",
            "/oscquery?HOST_INFO",
            SCRIPT,
        ):
            assert (await stage.get(path, Host=f"evil.example:{stage.port}")).status == 421
        assert (await stage.request("POST", "/pair", {"Origin": EVIL}, b"{}")).status == 403
        assert (await stage.request("OPTIONS", "/api/state", {"Origin": EVIL})).status == 403
        for path in ("/api/socket", "/", "/oscquery"):
            for headers in ({"Origin": EVIL}, {"Origin": "null"}):
                assert await refused(f"ws://{stage.host}{path}", headers) == 403
            with socket.create_connection(("127.0.0.1", stage.port)) as raw:
                assert await asyncio.to_thread(shaken_hands, raw, path, f"evil.example:{stage.port}") == 403
        assert stage.control.session.controls.intensity is None

    staged(scene)


async def refused(url: str, headers: dict[str, str]) -> int:
    with pytest.raises(InvalidStatus) as caught:
        async with connected(url, additional_headers=headers):
            pass
    return caught.value.response.status_code


def shaken_hands(raw: socket.socket, path: str, host: str) -> int:
    """A WebSocket's first request, byte by byte ours. HTTP's status."""
    raw.settimeout(PATIENCE_SECONDS)
    raw.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return int(raw.recv(4096).split()[1])


def test_our_own_page_moves_what_anyone_sees():
    async def scene(stage: PageStage) -> None:
        origin = {"Origin": f"http://{stage.host}"}
        async with stage.viewer(additional_headers=origin) as one, stage.viewer() as other:
            await other.until(lambda state: "controls" in state)
            assert [message["type"] for message in other.messages[:2]] == ["hello", "state"]
            assert await one.do("/hitpoint/control/intensity", 0.6) == {
                "type": "answer",
                "id": 1,
                "ok": True,
                "value": [],
            }
            await other.until(lambda state: state["controls"]["intensity"] == 0.6)
            assert (await one.do("/hitpoint/control/intensity/get"))["value"] == [0.6]
            await one.do("/hitpoint/part/strings/mute", True)
            state = await other.until(lambda state: state["stems"]["strings"]["mute"])
            assert not any(part["sounds"] for part in state["parts"].values())
            assert not any(part["mute"] for part in state["parts"].values())

    staged(scene)


def test_the_state_tells_timeline_spotting_bars_and_status():
    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            state = await viewer.until(
                lambda state: {"bars", "status", "spotting", "stingers"} <= state.keys() and "1" in state["bars"]
            )
            assert state["daemon"] == {"there": True, "why": ""}
            assert [marker["name"] for marker in state["timeline"]["markers"]] == [
                "1m01 tense, strings",
                "HIT door",
                "END",
            ]
            hits = [(hit["tick"], hit["kind"]) for hit in state["spotting"]["hits"]]
            assert hits == [(0, "entrance"), (4 * 3840 + 211, "hit"), (8 * 3840, "end")]
            assert state["bars"]["1"]["start"] == 0
            assert state["bars"]["1"]["cue"] == "1m01"
            assert state["status"]["leader"] == "builtin"
            assert state["stingers"] == ["impact"]
            await viewer.do("/hitpoint/transport/play")
            state = await viewer.until(lambda state: state["transport"]["rolling"])
            told = max(message["now"] for message in viewer.messages if "now" in message)
            assert state["transport"]["at"] <= told + 1.0

    staged(scene)


def test_notes_are_told_by_bars_with_the_revisions_that_the_state_tells():
    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            # Nobody composes here: the fallback writes what comes near.
            state = await viewer.until(lambda state: state.get("written", {}).get("1"))
            bars = (await viewer.ask(ask="notes", first=1, last=100))["bars"]
            assert bars["1"]["revision"] >= state["written"]["1"]
            assert bars["1"]["parts"]["violin 1"]["by"] in ("back-up", "fallback")
            tick, pitch, duration, velocity = bars["1"]["parts"]["violin 1"]["notes"][0]
            assert 0 <= tick < 3840
            assert min(pitch, duration, velocity) > 0
            over_http = (await stage.get("/api/notes?first=1&last=100000")).json
            assert over_http["bars"].keys() >= bars.keys()
            assert (await stage.get("/api/notes?first=0&last=3")).status == 400

    staged(scene)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"do": "/hitpoint/control/intensity", "args": [3]}, "intensity 3 is outside 0 to 1"),
        ({"do": "/hitpoint/nothing"}, "no address '/hitpoint/nothing'"),
        ({"do": "/hitpoint/control/intensity", "args": ["much"]}, "must be a number"),
        ({"do": "/hitpoint/undo"}, "nothing to"),
        ({"do": "/hitpoint/subscribe"}, "answered to who asks over OSC"),
        ({"do": "/hitpoint/take/keep"}, "script is there"),
        ({"do": "/hitpoint/control/intensity", "args": {"0": 1}}, "args must be a list"),
        ({"do": "/hitpoint/control/intensity", "args": [[1]]}, "args must be numbers"),
        ({"ask": "notes", "first": 5, "last": 4}, "first to last"),
        ({"ask": "everything"}, "send"),
        ({}, "send"),
    ],
)
def test_what_cannot_be_is_told_in_the_words_that_osc_has(members: dict[str, Any], words: str):
    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            answer = await viewer.ask(**members)
            assert not answer["ok"]
            assert words in answer["error"]
            assert (await viewer.do("/hitpoint/control/intensity", 0.5))["ok"]

    staged(scene)


def test_who_sends_nonsense_is_told_and_in_the_end_closed():
    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            nonsense = [
                "",
                "{",
                "[1]",
                '"x"',
                "null",
                "[" * 60_000,
                '{"id": "a", "do": "x"}',
                '{"do": "/hitpoint/panic"}',
                b"\x00",
            ]
            for number in range(MOST_MALFORMED):
                await viewer.socket.send(nonsense[number % len(nonsense)])
            assert await closed(viewer) == 1008
            assert viewer.messages[-1]["type"] == "goodbye"
            answers = [message for message in viewer.messages if message["type"] == "answer"]
            assert len(answers) == MOST_MALFORMED
            assert not any(answer["ok"] for answer in answers)
        async with stage.viewer() as again:
            assert (await again.until(lambda state: state["page"]["dropped"]))["page"]["dropped"] == 1

    staged(scene)


async def closed(viewer: Viewer) -> int:
    """The code with which the socket is closed, after all that comes before."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        try:
            while True:
                await viewer.hear()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd is not None else 1006


def test_a_message_that_is_too_long_closes_the_socket():
    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.socket.send('{"id": 1, "do": "' + "x" * 70_000 + '"}')
            assert await closed(viewer) == 1009

    staged(scene)


def test_two_who_drag_the_same_control_see_the_same_in_the_end():
    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as one, stage.viewer() as other:

            async def drag(viewer: Any, values: range) -> None:
                for value in values:
                    assert (await viewer.do("/hitpoint/control/tension", value / 100))["ok"]

            await asyncio.gather(drag(one, range(40)), drag(other, range(99, 60, -1)))
            settled = stage.control.session.controls.tension
            for viewer in (one, other):
                await viewer.until(lambda state: state["controls"]["tension"] == settled)

    staged(scene)


def test_every_address_can_be_asked_for_over_oscquery():
    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            state = await viewer.until(lambda state: {"parts", "stingers", "osc"} <= state.keys())
        root = (await stage.get("/oscquery")).json
        assert root["FULL_PATH"] == "/"
        names = Names((*state["stems"], *state["parts"]), tuple(state["stingers"]))
        there = dict(addresses(names))
        assert len(there) > len(commands.COMMANDS)
        for address, command in there.items():
            node = root
            for name in address.split("/")[1:]:
                node = node["CONTENTS"][name]
            assert node["FULL_PATH"] == address
            assert ("VALUE" in node) == command.readable
        info = (await stage.get("/?HOST_INFO")).json
        assert (info["NAME"], info["WS_PORT"]) == ("Hitpoint", stage.port)
        assert (await stage.get("/hitpoint/control/intensity?VALUE")).json == {"VALUE": [None]}
        assert (await stage.get("/oscquery/hitpoint/control/intensity?TYPE")).json == {"TYPE": "f"}
        assert (await stage.get("/hitpoint/panic?VALUE")).status == 204
        assert (await stage.get("/hitpoint/panic?WHAT")).status == 400
        assert (await stage.get("/hitpoint/none")).status == 404

    staged(scene)


def test_who_listens_over_oscquery_hears_of_changes_and_may_make_some():
    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.until(lambda state: "parts" in state)
            async with connected(f"ws://{stage.host}/") as listener:
                await listener.send(json.dumps({"COMMAND": "LISTEN", "DATA": "/hitpoint/control/intensity"}))
                await listener.send("nonsense")
                await listener.send(packet_of("/hitpoint/control/density", [0.25]))
                await viewer.until(lambda state: state["controls"]["density"] == 0.25)
                await viewer.do("/hitpoint/control/intensity", 0.75)
                heard = OscMessage(await received(listener))
                assert (heard.address, list(heard.params)) == ("/hitpoint/control/intensity", [0.75])
                await listener.send(packet_of("/hitpoint/control/density", [25.0]))
                heard = OscMessage(await received(listener))
                assert heard.address == "/hitpoint/error"
                assert "outside 0 to 1" in heard.params[0]
                # Other parts have come: a harp and its stem.
                await viewer.do("/hitpoint/state/define", "calm", "calm, harp")
                came = [f"/hitpoint/part/{one}/{switch}" for switch in SWITCHES for one in ("plucked", "harp")]
                told = [json.loads(await received(listener)) for _ in range(7)]
                assert told == [
                    *({"COMMAND": "PATH_ADDED", "DATA": address} for address in came),
                    {"COMMAND": "PATH_CHANGED", "DATA": "/hitpoint/part"},
                ]
                assert (await stage.get(came[0])).json["FULL_PATH"] == came[0]
                # What came after it came in is listened to as well.
                await listener.send(json.dumps({"COMMAND": "LISTEN", "DATA": came[0]}))
                await listener.send(packet_of(came[0], [1]))
                heard = OscMessage(await received(listener))
                assert (heard.address, list(heard.params)) == (came[0], [True])

    staged(scene)


async def received(listener: ClientConnection) -> Any:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await listener.recv()


def test_a_code_that_is_sent_from_another_page_pairs_nobody():
    async def scene(stage: PageStage) -> None:
        code = stage.control.status().page.code
        assert code.isdecimal()
        assert len(code) == 6
        body = json.dumps({"code": code}).encode()
        assert (await stage.request("POST", "/pair", {"Origin": EVIL}, body)).status == 403
        paired = await stage.request("POST", "/pair", {"Origin": f"http://{stage.host}"}, body)
        cookie = paired.headers["set-cookie"].lower()
        assert paired.status == 200
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert (await stage.request("POST", "/pair", {}, b"x" * 5000)).status == 400
        assert (await stage.get("/pair")).status == 200

    staged(scene, place=PagePlace("127.0.0.1", 0, lan=True))


def test_from_another_address_nothing_is_seen_or_moved_until_the_code_is_given():
    async def scene(stage: PageStage) -> None:
        told = stage.control.status().page
        there = told.lan_address.removeprefix("http://")
        if there.startswith("127."):
            pytest.skip("this machine has no address but loopback")
        assert await refused(f"ws://{there}/api/socket", {}) == 403
        assert await refused(f"ws://{there}/", {}) == 403

        def asks(method: str, path: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
            connection = http.client.HTTPConnection(there, timeout=PATIENCE_SECONDS)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            return answer

        for path in ("/api/state", "/hitpoint/control/intensity", SCRIPT, "/?HOST_INFO"):
            assert (await asyncio.to_thread(asks, "GET", path)).status == 401
        sent_on = await asyncio.to_thread(asks, "GET", "/", Accept="text/html")
        assert (sent_on.status, sent_on.headers["location"]) == (303, "/pair")
        wrong = json.dumps({"code": "12345"}).encode()
        statuses = [(await asyncio.to_thread(asks, "POST", "/pair", wrong)).status for _ in range(3)]
        assert statuses == [403, 403, 403]
        right = json.dumps({"code": told.code}).encode()
        paired = await asyncio.to_thread(asks, "POST", "/pair", right)
        cookie = paired.headers["set-cookie"].partition(";")[0]
        async with connected(f"ws://{there}/api/socket", additional_headers={"Cookie": cookie}) as socket:
            viewer = Viewer(socket)
            assert (await viewer.do("/hitpoint/control/intensity", 0.3))["ok"]
        foreign = {"Cookie": cookie, "Origin": EVIL}
        assert await refused(f"ws://{there}/api/socket", foreign) == 403

    staged(scene, place=PagePlace("0.0.0.0", 0, lan=True))


def test_where_osc_is_open_to_the_network_oscquery_is_too_at_the_root_as_well_and_nothing_else():
    async def scene(stage: PageStage) -> None:
        there = stage.control.status().page.lan_address.removeprefix("http://")
        if there.startswith("127."):
            pytest.skip("this machine has no address but loopback")

        def status(method: str, path: str, accept: str = "*/*") -> int:
            connection = http.client.HTTPConnection(there, timeout=PATIENCE_SECONDS)
            connection.request(method, path, headers={"Accept": accept})
            status = connection.getresponse().status
            connection.close()
            return status

        for path in ("/?HOST_INFO", "/", "/oscquery", "/hitpoint/control/intensity?VALUE"):
            assert await asyncio.to_thread(status, "GET", path) == 200
        for path in ("/api/state", SCRIPT):
            assert await asyncio.to_thread(status, "GET", path) == 401
        assert await asyncio.to_thread(status, "GET", "/", "text/html") == 303
        assert await asyncio.to_thread(status, "POST", "/") in (401, 405)
        async with connected(f"ws://{there}/") as socket:
            await socket.send(json.dumps({"COMMAND": "LISTEN", "DATA": "/hitpoint/control/intensity"}))
        assert await refused(f"ws://{there}/api/socket", {}) == 403

    staged(scene, place=PagePlace("0.0.0.0", 0, lan=True, open_to_all=OSCQUERY_PATHS))


def test_a_page_whose_control_is_gone_says_so_and_shows_the_next_ones_state_whole():
    seconds: list[float] = []

    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.until(lambda state: "parts" in state)
            began = asyncio.get_running_loop().time()
            # Control hangs: it tells nothing any more.
            stage.control._page._outbox.close()
            state = await viewer.until(lambda state: not state["daemon"]["there"])
            seconds.append(asyncio.get_running_loop().time() - began)
            assert "does not answer" in state["daemon"]["why"]
            assert state["parts"]

    def noticed() -> float:
        staged(scene)
        return seconds[-1]

    assert least(noticed, NOTICED_SECONDS) < NOTICED_SECONDS
