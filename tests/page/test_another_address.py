"""The page asked over an address of this machine that is not loopback, as a tablet would: what it may have unpaired.

By headers alone: test_gate.py.
"""

import asyncio
import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount, Route, WebSocketRoute
from websockets.exceptions import InvalidStatus

from fakes.page_stage import PageStage, connected, staged
from fakes.patience import PATIENCE_SECONDS
from fakes.takes import a_memory
from hitpoint.config.load import load_settings
from hitpoint.engine.duties import page_duty
from hitpoint.engine.page_place import PagePlace
from hitpoint.engine.page_process import own_address

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNPAIRED = (401, "this browser is not paired with Hitpoint.")
OPEN = ("/pair",)
OPEN_WITH_OSC = ("/pair", "/oscquery", "/hitpoint")


@pytest.fixture(scope="module")
def there() -> str:
    """An address of ours that a tablet would use."""
    address = own_address()
    if address.startswith("127."):
        pytest.skip("this machine has no address but loopback")
    return address


def opened(folder: Path, osc_lan: bool = False) -> PagePlace:
    """The page's place by the settings of a person who lets a network in, with a memory of takes; not announced."""
    config = folder / "config.yaml"
    hosts = ["page", "osc"] if osc_lan else ["page"]
    config.write_text("".join(f"{one}: {{host: 0.0.0.0, port: 0, lan: true}}\n" for one in hosts), encoding="utf-8")
    [duty] = page_duty(load_settings(config), takes=a_memory(folder / "door.takes.db"))
    place: PagePlace = duty.arguments[0]
    # Who may come in stands in its other fields; with this one it would be announced to a real network.
    return replace(place, osc_lan=False)


def asked(address: str, method: str, path: str, **headers: str) -> tuple[int, str]:
    """Status and words of an answer. An empty object is sent along, which is well-formed everywhere."""
    connection = http.client.HTTPConnection(address, timeout=PATIENCE_SECONDS)
    given = {"Content-Type": "application/json", **headers}
    connection.request(method, path, b"{}", given)
    answer = connection.getresponse()
    said = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, said


async def opens(address: str, path: str, **headers: str) -> int:
    """HTTP's status of a WebSocket's first request; 101 for one that is open."""
    try:
        async with connected(f"ws://{address}{path}", additional_headers=headers):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def paths(stage: PageStage, take: str) -> Iterator[tuple[type, str]]:
    """Every address there is, as its kind and an example; and one that is none."""
    for route in stage.page._site.application().routes:  # type: ignore[attr-defined]
        if isinstance(route, Mount):
            yield Route, "/assets/index.js"
            continue
        yield type(route), route.path.replace("{name}", take).replace("{path:path}", "")
        if "{path:path}" in route.path:
            yield type(route), route.path.replace("{path:path}", "/control/intensity")
    yield Route, "/nothing"
    yield WebSocketRoute, "/nothing"


def is_open(path: str, free: tuple[str, ...]) -> bool:
    """Whether API.md says so: the root is OSCQuery's for all but browsers."""
    of_oscquery = path == "/" and "/oscquery" in free
    return of_oscquery or any(path == one or path.startswith(f"{one}/") for one in free)


def on_a_network(scene: Callable[[PageStage, str], Any], place: PagePlace, there: str) -> None:
    async def play(stage: PageStage) -> None:
        await scene(stage, f"{there}:{stage.port}")

    staged(play, place=place)


@pytest.mark.parametrize(
    ("osc_lan", "free"), [(False, OPEN), (True, OPEN_WITH_OSC)], ids=["page alone", "page and OSC"]
)
def test_who_is_not_paired_is_refused_everywhere_but_where_the_document_says(
    tmp_path: Path, there: str, osc_lan: bool, free: tuple[str, ...]
) -> None:
    place = opened(tmp_path, osc_lan)
    before = place.takes.read_bytes()

    async def scene(stage: PageStage, address: str) -> None:
        [take, *_] = [one["id"] for one in (await stage.get("/api/takes")).json["takes"]]
        known = list(paths(stage, take))
        assert len(known) > 15
        for kind, path in known:
            if kind is WebSocketRoute:
                assert await opens(address, path) == (101 if is_open(path, free) else 403), path
                continue
            for method in METHODS:
                status, said = await asyncio.to_thread(asked, address, method, path)
                if is_open(path, free):
                    assert status not in (401, 403, 421), (method, path)
                else:
                    assert (status, said) == (UNPAIRED[0], "" if method == "HEAD" else UNPAIRED[1]), (method, path)
        # A browser is shown where to pair, and nothing else.
        assert (await asyncio.to_thread(asked, address, "GET", "/", Accept="text/html"))[0] == 303
        assert (await asyncio.to_thread(asked, address, "GET", "/pair"))[0] == 200
        assert place.takes.read_bytes() == before
        assert stage.control.session.muted == frozenset()

    on_a_network(scene, place, there)


def test_no_header_makes_it_loopback_and_no_cookie_of_anothers_a_pair(tmp_path: Path, there: str) -> None:
    async def scene(stage: PageStage, address: str) -> None:
        port = address.rpartition(":")[2]
        forged = (
            {"Host": f"127.0.0.1:{port}"},
            {"Host": f"localhost:{port}"},
            {"X-Forwarded-For": "127.0.0.1"},
            {"Forwarded": "for=127.0.0.1"},
            {"Cookie": f"hitpoint-{port}=guessed"},
            {"Cookie": f"hitpoint-{port}="},
            {"Cookie": f"hitpoint-{port}={stage.control.status().page.code}"},
        )
        for headers in forged:
            status, _ = await asyncio.to_thread(asked, address, "GET", "/api/state", **headers)
            assert status == (421 if "Host" in headers else 401), headers
            if "Host" not in headers:
                assert await opens(address, "/api/socket", **headers) == 403, headers

    on_a_network(scene, opened(tmp_path), there)


def test_who_is_paired_is_refused_nowhere(tmp_path: Path, there: str) -> None:
    """Else the test above would hold of a page that answers nobody."""

    async def scene(stage: PageStage, address: str) -> None:
        cookie = await asyncio.to_thread(paired, address, stage.control.status().page.code)
        for kind, path in paths(stage, "none"):
            if path == "/nothing":
                continue
            if kind is WebSocketRoute:
                assert await opens(address, path, Cookie=cookie) == 101, path
            else:
                status, _ = await asyncio.to_thread(asked, address, "GET", path, Cookie=cookie)
                assert status not in (401, 403, 421), path

    on_a_network(scene, opened(tmp_path), there)


def paired(address: str, code: str) -> str:
    """The cookie of who has the code."""
    connection = http.client.HTTPConnection(address, timeout=PATIENCE_SECONDS)
    connection.request("POST", "/pair", json.dumps({"code": code}).encode())
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200
    return str(answer.headers["set-cookie"]).partition(";")[0]


def test_without_that_setting_nobody_answers_there(there: str) -> None:
    async def scene(stage: PageStage, address: str) -> None:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.to_thread(asked, address, "GET", "/pair")
        assert (await stage.get("/api/state")).status == 200

    on_a_network(scene, PagePlace("127.0.0.1", 0), there)
