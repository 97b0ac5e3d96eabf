"""The take memory over HTTP: real files, a real server, and clients that send what they like."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from fakes.page_stage import Heard, PageStage, staged
from fakes.takes import a_take
from hitpoint.engine.page_place import PagePlace
from hitpoint.engine.take_store import TakeStore
from hitpoint.hosts import actions
from hitpoint.hosts.clip_job import ClipJob
from hitpoint.page import take_writer
from hitpoint.page.takes import LARGEST_BODY, LARGEST_NOTE
from hitpoint.scheduler.audition import Audition, AuditionOver, AuditionStop
from hitpoint.score.midi_file import midi_file_bytes

EVIL = "http://evil.example"
JSON = {"Content-Type": "application/json"}
Scene = Callable[[PageStage], Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "door.takes.db"
    with TakeStore(path) as store:
        for seed in (1, 2):
            store.remember(a_take(seed=seed, cue="1m03"))
    return path


def played(scene: Scene, file: Path | None, lan: bool = False) -> None:
    staged(scene, place=PagePlace("127.0.0.1", 0, lan=lan, takes=file))


def facts(file: Path) -> list[Any]:
    with TakeStore(file) as store:
        return list(reversed(store.all()))


async def sent(stage: PageStage, path: str, said: object, **headers: str) -> Heard:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return await stage.request("POST", f"/api/takes/{path}", {**JSON, **headers}, body)


def test_takes_are_listed_as_the_command_line_lists_them(file: Path):
    async def scene(stage: PageStage) -> None:
        told = (await stage.get("/api/takes")).json
        assert (told["file"], told["none"]) == ("door.takes.db", "")
        assert told["takes"] == [{**one.as_json(), "seed": str(one.seed)} for one in facts(file)]

    played(scene, file)


def test_a_takes_music_is_told_with_its_timeline_and_hits_and_its_file_is_its_own(file: Path):
    async def scene(stage: PageStage) -> None:
        one = facts(file)[0]
        with TakeStore(file) as store:
            score = store.music(one.id).score
        told = (await stage.get(f"/api/takes/{one.id}/music")).json
        assert told["end"] == score.timeline.meter_map.bar(one.bars).start
        assert [part["name"] for part in told["parts"]] == list(one.parts)
        assert {part["name"]: part["stem"] for part in told["parts"]}["cello"] == "strings"
        assert [len(part["notes"]) for part in told["parts"]] == [len(part.notes) for part in score.parts]
        assert told["hits"][0]["kind"] == "entrance"
        assert told["timeline"]["tempo"][0]["bpm"] == score.timeline.tempo_map.bpm_at(0)
        midi = await stage.get(f"/api/takes/{one.id}/midi")
        assert midi.body == midi_file_bytes(score)
        assert midi.headers["content-disposition"] == f'attachment; filename="1m03-{one.id}.mid"'

    played(scene, file)


def test_rating_noting_and_locking_are_the_commands_logged_and_undone_as_they_are(file: Path):
    async def scene(stage: PageStage) -> None:
        name = facts(file)[0].id
        assert (await sent(stage, f"{name}/rate", {"rating": 4})).json["rating"] == 4
        assert (await sent(stage, f"{name}/rate", {"note": "the horns \ud800!"})).json["note"] == "the horns ?!"
        assert (await sent(stage, f"{name}/lock", {"parts": ["cello"], "on": True})).json["locks"] == ["cello"]
        assert (await sent(stage, f"{name}/lock", {"parts": ["cello"], "on": False})).json["locks"] == []
        with TakeStore(file) as store:
            assert [entry.said["event"] for entry in store.log(name)] == ["made", "rate", "rate", "lock", "unlock"]
            assert [store.undo() for _ in range(4)] == [(kind, name) for kind in ("unlock", "lock", "rate", "rate")]
        assert (await stage.get("/api/takes")).json["takes"][0]["rating"] is None

    played(scene, file)


WRONG: list[tuple[str, object]] = [
    ("rate", {}), ("rate", []), ("rate", b"{"), ("rate", b"\xff"), ("rate", b"[" * 5000), ("rate", {"rating": 6}),
    ("rate", {"rating": -1}), ("rate", {"rating": True}), ("rate", {"rating": 3.0}), ("rate", {"rating": None}),
    ("rate", {"rating": "4"}), ("rate", {"note": 4}), ("rate", {"note": "x" * (LARGEST_NOTE + 1)}),
    ("rate", {"rating": 4, "kept": 1}), ("rate", {"note": "x" * LARGEST_BODY}), ("lock", {"parts": ["cello"]}),
    ("lock", {"parts": [], "on": True}), ("lock", {"parts": "cello", "on": True}), ("lock", {"parts": [1], "on": True}),
    ("lock", {"parts": ["cello"], "on": 1}), ("lock", {"parts": ["cello"], "on": True, "more": 1}),
    ("vary", {}), ("vary", {"amount": 0.5}), ("vary", {"amount": 1.5, "keep": None}),
    ("vary", {"amount": True, "keep": None}), ("vary", b'{"amount": NaN, "keep": null}'),
    ("vary", {"amount": 0.5, "keep": "--help"}), ("vary", {"amount": 0.5, "keep": None, "seed": 1}),
]  # fmt: skip


WRITER = """
import json, os, sys, time
from pathlib import Path
from hitpoint.engine.take_store import TakeStore
sys.path[:0] = [%r]
from dataclasses import replace
from fakes.takes import a_take
said = dict(zip(sys.argv[2::2], sys.argv[3::2]))
if said["--amount"] == "0":
    sys.exit("hitpoint: there is no model. Make one.")
assert os.name != "posix" or os.getpriority(os.PRIO_PROCESS, 0) == 19
with TakeStore(Path(said["--takes"])) as store:
    take = store.remember(replace(a_take(seed=7), parent=sys.argv[1], asked={"keep": said.get("--keep")}))
print(json.dumps({"id": take.id}))
""" % str(Path(__file__).parents[1])  # noqa: UP031


def test_a_variation_is_written_by_another_process_of_the_lowest_priority(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(take_writer, "COMMAND", (sys.executable, "-c", WRITER))

    async def scene(stage: PageStage) -> None:
        name = facts(file)[0].id
        made, busy = await asyncio.gather(
            sent(stage, f"{name}/vary", {"amount": 0.4, "keep": "rhythm"}),
            sent(stage, f"{name}/vary", {"amount": 0.4, "keep": None}),
        )
        if made.status != 200:
            made, busy = busy, made
        assert (busy.status, busy.body) == (503, b"a variation is being written already. Wait for that one.")
        newest = facts(file)[0]
        assert (newest.id, newest.parent) == (made.json["take"], name)
        refused = await sent(stage, f"{name}/vary", {"amount": 0, "keep": None})
        assert refused.body == b"the variation was not written: there is no model. Make one."
        assert (await sent(stage, "bcdfgh/vary", {"amount": 0.4, "keep": None})).status == 404
        assert (await sent(stage, f"{name}/vary", {"amount": 0.4, "keep": None}, Origin=EVIL)).status == 403

    played(scene, file)


def test_the_last_change_is_undone_but_no_take_is_forgotten_from_afar(file: Path):
    async def scene(stage: PageStage) -> None:
        name = facts(file)[0].id
        await sent(stage, f"{name}/rate", {"rating": 4})
        assert (await sent(stage, "undo", {})).json == {"undone": "rate", "take": name}
        assert facts(file)[0].rating is None
        assert (await sent(stage, "undo", {"more": 1})).status == 400
        assert (await sent(stage, "undo", {}, Origin=EVIL)).status == 403
        nothing = await sent(stage, "undo", {})
        assert (nothing.status, b"nothing is left to undo" in nothing.body) == (404, True)
        with TakeStore(file) as store:
            made = store.remember(replace(a_take(seed=3), parent=name)).id
        refused = await sent(stage, "undo", {})
        assert f"made take {made}. `hitpoint takes undo`" in refused.body.decode()
        assert facts(file)[0].id == made

    played(scene, file)


def test_what_is_malformed_is_refused_and_changes_nothing(file: Path):
    async def scene(stage: PageStage) -> None:
        before = facts(file)
        name = before[0].id
        for action, said in WRONG:
            assert (await sent(stage, f"{name}/{action}", said)).status == 400, said
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
        for action, said in (("rate", {"rating": 0}), ("lock", {"parts": ["cello"], "on": True})):
            for origin in (EVIL, "null"):
                assert (await sent(stage, f"{name}/{action}", said, Origin=origin)).status == 403
            assert (await sent(stage, f"{name}/{action}", said, Host="evil.example")).status == 421
        assert facts(file)[0].rating is None
        assert (await sent(stage, f"{name}/rate", {"rating": 5}, Origin=f"http://{stage.host}")).status == 200

    played(scene, file)


def test_who_is_not_paired_neither_sees_nor_rates():
    site, gate = import_module("hitpoint.page.gate"), import_module("hitpoint.page.gate").Gate(lan=True)
    for method, path in (("GET", "/api/takes"), ("GET", "/api/takes/bcdfgh/midi"), ("POST", "/api/takes/bcdfgh/rate")):
        asked = site.Request(method, path, {"host": ["10.0.0.5:7360"]}, "10.0.0.9", "10.0.0.5", 7360)
        assert gate.refuses(asked).status == 401


def test_a_memory_that_is_not_there_is_told_in_a_line_and_none_is_made(tmp_path: Path):
    path = tmp_path / "door.takes.db"

    async def scene(stage: PageStage) -> None:
        told = (await stage.get("/api/takes")).json
        assert told["takes"] == []
        assert told["none"].startswith("No take is in door.takes.db yet. `hitpoint render` keeps")
        assert (await sent(stage, "bcdfgh/rate", {"rating": 4})).status == 404
        assert not path.exists()
        # One that comes later is seen.
        with TakeStore(path) as store:
            store.remember(a_take())
        assert len((await stage.get("/api/takes")).json["takes"]) == 1

    played(scene, path)


def test_a_daemon_without_a_memory_says_so():
    async def scene(stage: PageStage) -> None:
        assert "--takes" in (await stage.get("/api/takes")).json["none"]
        assert (await stage.get("/api/takes/bcdfgh/music")).status == 404

    played(scene, None)


def test_a_locked_or_damaged_memory_is_one_line_and_nobody_waits_for_it(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hitpoint.engine.page_takes.WAIT_SECONDS", 0.2)

    async def scene(stage: PageStage) -> None:
        name = facts(file)[0].id
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused = await sent(stage, f"{name}/rate", {"rating": 4})
            assert refused.status == 503
            assert b"is in use by another process" in refused.body
            # Who only reads is not kept out.
            assert len((await stage.get("/api/takes")).json["takes"]) == 2
        with closing(sqlite3.connect(file)) as other:
            other.execute("UPDATE music SET content = ?", (b"nonsense",))
            other.commit()
        damaged = await stage.get(f"/api/takes/{name}/music")
        assert (damaged.status, damaged.body.count(b"\n")) == (503, 0)
        assert b"its notes are damaged" in damaged.body
        file.write_bytes(b"no database at all, and longer than its head" * 9)
        refused = await stage.get("/api/takes")
        assert refused.status == 503
        assert b"not a database" in refused.body
        async with stage.viewer() as viewer:
            assert (await viewer.do("/hitpoint/control/intensity", 0.5))["ok"]

    played(scene, file)


def test_a_purged_take_is_nowhere_in_the_page_and_its_id_means_no_other(file: Path):
    async def scene(stage: PageStage) -> None:
        gone = facts(file)[0].id
        assert (await stage.get(f"/api/takes/{gone}/music")).status == 200
        with TakeStore(file) as store:
            store.purge([gone])
        assert (await stage.get(f"/api/takes/{gone}/music")).status == 404
        with closing(sqlite3.connect(file)) as other:
            other.execute("UPDATE takes SET id = ? WHERE id = ?", (f"{gone}x", facts(file)[0].id))
            other.commit()
        refused = await sent(stage, f"{gone}/rate", {"rating": 1})
        assert refused.status == 404
        assert facts(file)[0].rating is None

    played(scene, file)


def test_a_take_is_heard_at_the_ports_from_a_second_of_it_and_shown_to_everyone(file: Path):
    async def scene(stage: PageStage) -> None:
        said = told_to_play(stage)
        one = facts(file)[0]
        async with stage.viewer() as viewer:
            heard = await sent(stage, f"{one.id}/hear", {"second": 1.5})
            assert (heard.status, heard.json) == (200, {"heard": one.id})
            await viewer.until(lambda state: state.get("audition", {}).get("take") == one.id)
            assert viewer.state["audition"]["second"] == 1.5
            assert abs(viewer.state["audition"]["at"] - monotonic()) < 2.0
            (asked,) = said(Audition)
            assert {message.port for message in asked.messages} == {"Hitpoint strings", "Hitpoint keys"}
            assert (await sent(stage, "hush", {})).json == {"heard": ""}
            await viewer.until(lambda state: state["audition"]["take"] == "")
            assert len(said(AuditionStop)) == 1
            await sent(stage, f"{one.id}/hear", {"second": 0})
            # As play says when the host starts, or the take is over.
            stage.control._heard_play(AuditionOver(said(Audition)[-1].number))
            await viewer.until(lambda state: state["audition"]["take"] == "")

    played(scene, file)


def test_while_the_host_rolls_a_take_is_refused_at_the_ports(file: Path):
    async def scene(stage: PageStage) -> None:
        said = told_to_play(stage)
        stage.control.transport(actions.Play())
        heard = await sent(stage, f"{facts(file)[0].id}/hear", {"second": 0})
        assert (heard.status, heard.body) == (503, b"the host rolls. Stop it to hear a take through the ports.")
        assert said(Audition) == []

    played(scene, file)


def test_keeping_without_a_daw_says_what_to_do_and_marks_nothing(file: Path):
    async def scene(stage: PageStage) -> None:
        one = facts(file)[0]
        heard = await sent(stage, f"{one.id}/keep", {"parts": []})
        assert heard.status == 503
        assert b"no DAW's script is there" in heard.body
        assert not facts(file)[0].kept

    played(scene, file)


def test_a_kept_take_is_given_to_the_daw_and_marked_so(file: Path):
    async def scene(stage: PageStage) -> None:
        given: list[ClipJob] = []
        stage.control._hosts.check = lambda: None  # type: ignore[method-assign]
        stage.control._hosts.give = given.append  # type: ignore[method-assign]
        one = facts(file)[0]
        heard = await sent(stage, f"{one.id}/keep", {"parts": ["strings"]})
        assert heard.json["bar"] == 1
        assert heard.json["note"].startswith("The project has no cue 1m03: it went where the host stands.")
        assert {clip.part for clip in given[0].clips} == {"violin 1", "cello"}
        assert facts(file)[0].kept
        assert (await sent(stage, "undo", {})).json == {"undone": "keep", "take": one.id}

    played(scene, file)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("hear", {}), ("hear", {"second": -1}), ("hear", {"second": True}), ("hear", {"second": 1e9}),
        ("hear", {"second": "1"}), ("keep", {}), ("keep", {"parts": "cello"}), ("keep", {"parts": [1]}),
        ("keep", {"parts": ["a"] * 129}),
    ],
)  # fmt: skip
def test_nonsense_is_neither_heard_nor_kept(file: Path, path: str, said: object):
    async def scene(stage: PageStage) -> None:
        assert (await sent(stage, f"{facts(file)[0].id}/{path}", said)).status == 400
        assert (await sent(stage, f"bcdfg/{path}", {"second": 0} if path == "hear" else {"parts": []})).status == 404
        assert (await sent(stage, f"{facts(file)[0].id}/{path}", {"second": 0}, Origin=EVIL)).status == 403

    played(scene, file)


def told_to_play(stage: PageStage) -> Callable[[type], list[Any]]:
    """What control says to play from now on, by kind."""
    said: list[object] = []
    stage.control._play.tell = said.append  # type: ignore[method-assign]
    return lambda kind: [message for message in said if isinstance(message, kind)]
