"""The SoundFont over HTTP: a real server, and clients that send what they like."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fakes.page_stage import PageStage, staged
from fakes.sound_font import a_sound_font, sound_font_bytes
from hitpoint.engine.page_place import PagePlace
from hitpoint.page.site import STATIC

Scene = Callable[[PageStage], Any]


@pytest.fixture
def font(tmp_path: Path) -> Path:
    return a_sound_font(tmp_path / "sine.sf2")


def served(scene: Scene, setting: str) -> None:
    staged(scene, place=PagePlace("127.0.0.1", 0, soundfont=setting))


def test_it_is_named_and_its_bytes_come_whole_or_in_part_and_never_packed(font: Path):
    async def scene(stage: PageStage) -> None:
        told = (await stage.get("/api/soundfont")).json
        assert (told["name"], told["bytes"], told["none"]) == ("sine.sf2", len(sound_font_bytes()), "")
        whole = await stage.request("GET", f"/{told['url']}", {"Accept-Encoding": "gzip"})
        assert whole.body == sound_font_bytes()
        assert "content-encoding" not in whole.headers
        assert "private" in whole.headers["cache-control"]
        part = await stage.request("GET", f"/{told['url']}", {"Range": "bytes=8-11"})
        assert (part.status, part.body) == (206, b"sfbk")

    served(scene, str(font))


def test_one_that_is_replaced_is_another_and_the_old_address_leads_nowhere(font: Path):
    async def scene(stage: PageStage) -> None:
        before = (await stage.get("/api/soundfont")).json
        font.write_bytes(sound_font_bytes() + bytes(7))
        after = (await stage.get("/api/soundfont")).json
        assert after["bytes"] == before["bytes"] + 7
        assert (await stage.get(f"/{before['url']}")).status == 404
        font.unlink()
        gone = (await stage.get("/api/soundfont")).json
        assert gone["url"] == ""
        assert "sine.sf2 cannot be read" in gone["none"]
        assert (await stage.get(f"/{after['url']}")).status == 404

    served(scene, str(font))


def test_no_other_page_may_have_it_and_no_path_leads_elsewhere(font: Path):
    async def scene(stage: PageStage) -> None:
        url = (await stage.get("/api/soundfont")).json["url"]
        other = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
        for path in (f"/{url}", "/api/soundfont"):
            assert (await stage.request("GET", path, other)).status == 403
            assert (await stage.request("GET", path, {"Host": "evil.example"})).status == 421
        for path in ("/api/soundfont/..%2f..%2fetc%2fpasswd", f"/api/soundfont/{font}"):
            assert (await stage.get(path)).status == 404

    served(scene, str(font))


def test_only_the_synthesisers_worker_may_unpack_by_webassembly():
    async def scene(stage: PageStage) -> None:
        for file in (STATIC / "assets").glob("*.js"):
            policy = (await stage.get(f"/assets/{file.name}")).headers["content-security-policy"]
            assert ("wasm-unsafe-eval" in policy) == file.name.startswith("synth-")
        assert "wasm" not in (await stage.get("/")).headers["content-security-policy"]

    served(scene, "off")
