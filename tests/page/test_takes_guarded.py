"""The take memory over HTTP: what is malformed, and who may not ask, changes nothing."""

from pathlib import Path

import pytest

from fakes.page_stage import PageStage
from fakes.take_stage import EVIL, facts, played, sent
from fakes.takes import two_takes
from hitpoint.page.gate import Gate, Request
from hitpoint.page.takes import LARGEST_BODY, LARGEST_NOTE

WRONG: list[tuple[str, object]] = [
    ("rate", {}),
    ("rate", []),
    ("rate", b"{"),
    ("rate", b"\xff"),
    ("rate", b"[" * 5000),
    ("rate", {"rating": 6}),
    ("rate", {"rating": -1}),
    ("rate", {"rating": True}),
    ("rate", {"rating": 3.0}),
    ("rate", {"rating": None}),
    ("rate", {"rating": "4"}),
    ("rate", {"note": 4}),
    ("rate", {"note": "x" * (LARGEST_NOTE + 1)}),
    ("rate", {"rating": 4, "kept": 1}),
    ("rate", {"note": "x" * LARGEST_BODY}),
    ("lock", {"parts": ["cello"]}),
    ("lock", {"parts": [], "on": True}),
    ("lock", {"parts": "cello", "on": True}),
    ("lock", {"parts": [1], "on": True}),
    ("lock", {"parts": ["cello"], "on": 1}),
    ("lock", {"parts": ["cello"], "on": True, "more": 1}),
    ("vary", {}),
    ("vary", {"amount": 0.5}),
    ("vary", {"amount": 1.5, "keep": None}),
    ("vary", {"amount": True, "keep": None}),
    ("vary", b'{"amount": NaN, "keep": null}'),
    ("vary", {"amount": 0.5, "keep": "--help"}),
    ("vary", {"amount": 0.5, "keep": None, "seed": 1}),
    ("infill", {"parts": ["cello"], "first": 2}),
    ("infill", {"parts": [], "first": 1, "last": 2}),
    ("infill", {"parts": ["cello"], "first": 0, "last": 2}),
    ("infill", {"parts": ["cello"], "first": 3, "last": 2}),
    ("infill", {"parts": ["cello"], "first": True, "last": 2}),
    ("infill", {"parts": ["--help"], "first": 1, "last": 2}),
    ("infill", {"parts": ["a,b"], "first": 1, "last": 2}),
    ("infill", {"parts": [" "], "first": 1, "last": 2}),
    ("infill", {"parts": ["cello"], "first": 1, "last": 1e9}),
    ("infill", {"parts": ["cello"], "first": 1, "last": 2, "amount": 1.5}),
    ("infill", {"parts": ["cello"], "first": 1, "last": 2, "amount": True}),
    ("infill", {"parts": ["cello"], "first": 1, "last": 2, "amount": None}),
    ("infill", {"parts": ["cello"], "first": 1, "last": 2, "share": 0.5}),
    ("add", {}),
    ("add", {"player": "kazoo"}),
    ("add", {"player": "harp", "bars": "1"}),
    ("add", {"player": ["harp"]}),
]
WRONG_RUNS: list[tuple[str, object]] = [
    ("make", {}), ("make", {"cues": None}), ("make", {"cues": None, "count": 0}), ("make", {"cues": None, "count": 17}),
    ("make", {"cues": [], "count": 1}), ("make", {"cues": "1m01", "count": 1}), ("make", {"cues": [1], "count": 1}),
    ("make", {"cues": None, "count": True}), ("ready", {}), ("ready", {"count": -1}), ("ready", {"count": 9}),
    ("ready", {"count": False}), ("stop", {"now": 1}), ("undo", {"forget": ""}), ("undo", {"forget": 1}),
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return two_takes(tmp_path / "door.takes.db")


def test_what_is_malformed_is_refused_and_changes_nothing(file: Path):
    async def scene(stage: PageStage) -> None:
        before = facts(file)
        name = before[0].id
        for action, said in WRONG:
            assert (await sent(stage, f"{name}/{action}", said)).status == 400, said
        for action, said in WRONG_RUNS:
            assert (await sent(stage, action, said)).status == 400, said
        assert (await sent(stage, f"{name}/rate", {"rating": 4}, **{"Content-Type": "text/plain"})).status == 400
        for wrong in ("rate", f"{name}/purge", f"{name[:5]}/rate", "zzzzzz/rate", f"{name}'/rate", "..%2f/rate"):
            assert (await sent(stage, wrong, {"rating": 4})).status in (404, 405), wrong
        assert (await sent(stage, f"{name}/lock", {"parts": ["tuba"], "on": True})).status == 404
        assert (await stage.get(f"/api/takes/{name}/rate")).status == 404
        assert facts(file) == before

    played(scene, file)


def test_no_other_page_and_no_foreign_name_sees_or_rates_a_take(file: Path):
    async def scene(stage: PageStage) -> None:
        name = facts(file)[0].id
        for path in ("/api/takes", f"/api/takes/{name}/music", f"/api/takes/{name}/midi"):
            assert (await stage.get(path, Host=f"evil.example:{stage.port}")).status == 421
            assert (await stage.get(path, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")).status == 403
        for action, said in (
            (f"{name}/rate", {"rating": 0}), (f"{name}/lock", {"parts": ["cello"], "on": True}),
            (f"{name}/add", {"player": "harp"}), ("make", {"cues": None, "count": 1}), ("ready", {"count": 1}),
            ("stop", {}), ("undo", {}),
        ):  # fmt: skip
            for origin in (EVIL, "null"):
                assert (await sent(stage, action, said, Origin=origin)).status == 403
            assert (await sent(stage, action, said, Host="evil.example")).status == 421
        assert facts(file)[0].rating is None
        assert (await sent(stage, f"{name}/rate", {"rating": 5}, Origin=f"http://{stage.host}")).status == 200

    played(scene, file)


def test_who_is_not_paired_neither_sees_nor_rates():
    gate = Gate(lan=True)
    for method, path in (("GET", "/api/takes"), ("GET", "/api/takes/bcdfgh/midi"), ("POST", "/api/takes/bcdfgh/rate")):
        asked = Request(method, path, {"host": ["10.0.0.5:7360"]}, "10.0.0.9", "10.0.0.5", 7360)
        assert gate.refuses(asked).status == 401
