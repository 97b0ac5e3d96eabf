"""The take memory over HTTP: real files, a real server, and clients that send what they like."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from fakes.page_stage import Heard, PageStage, staged
from fakes.take_command import COMMAND
from fakes.takes import a_take
from hitpoint.engine.page_place import PagePlace
from hitpoint.engine.take_store import TakeStore
from hitpoint.hosts import actions
from hitpoint.hosts.clip_job import ClipJob
from hitpoint.page import take_maker, take_writer
from hitpoint.page.takes import LARGEST_BODY, LARGEST_NOTE
from hitpoint.scheduler.audition import Audition, AuditionOver, AuditionStop
from hitpoint.score.midi_file import midi_file_bytes
from hitpoint.score.session import Session
from hitpoint.timeline.host_event import MarkersChanged
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

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
def command(monkeypatch: pytest.MonkeyPatch) -> None:
    """What writes takes needs no model."""
    monkeypatch.setattr(take_writer, "COMMAND", COMMAND)
    monkeypatch.setattr(take_maker, "SETTLED_SECONDS", 0.0)
    monkeypatch.setattr(take_maker, "LOOK_SECONDS", 0.1)


@pytest.mark.usefixtures("command")
def test_a_variation_is_written_by_another_process_of_the_lowest_priority(file: Path):
    async def scene(stage: PageStage) -> None:
        name = facts(file)[0].id
        made, busy = await asyncio.gather(
            sent(stage, f"{name}/vary", {"amount": 0.4, "keep": "rhythm"}),
            sent(stage, f"{name}/vary", {"amount": 0.4, "keep": None}),
        )
        if made.status != 200:
            made, busy = busy, made
        assert (busy.status, busy.body) == (503, b"a take of a take is being written already. Wait for that one.")
        newest = facts(file)[0]
        assert (newest.id, newest.parent) == (made.json["take"], name)
        refused = await sent(stage, f"{name}/vary", {"amount": 0, "keep": None})
        assert refused.body == b"the take was not written: there is no model. Make one."
        assert (await sent(stage, "bcdfgh/vary", {"amount": 0.4, "keep": None})).status == 404
        assert (await sent(stage, f"{name}/vary", {"amount": 0.4, "keep": None}, Origin=EVIL)).status == 403

    played(scene, file)


CUES = Session(
    Timeline(
        markers=(
            Marker(0, "1m01 calm, strings"), Marker(30720, "END"), Marker(38400, "1m02 tense, brass"),
            Marker(53760, "END"),
        )
    )
)  # fmt: skip


def made_takes(stage: PageStage) -> dict[str, Any]:
    """The state's field."""
    told: dict[str, Any] = stage.page._board.last.state["takes"]
    return told


@pytest.mark.usefixtures("command")
def test_takes_of_every_cue_are_made_one_of_each_first_and_each_is_there_as_soon_as_it_is_written(tmp_path: Path):
    path = tmp_path / "none.db"

    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            state = await viewer.until(lambda state: state["takes"]["cues"])
            assert [(cue["name"], cue["start"], cue["end"]) for cue in state["takes"]["cues"]] == [
                ("1m01", 0, 30720), ("1m02", 38400, 53760),
            ]  # fmt: skip
            assert (await sent(stage, "make", {"cues": None, "count": 2})).json == {"asked": 4}
            assert (await sent(stage, "make", {"cues": None, "count": 2})).status == 503
            seen = []
            while not (state := viewer.state["takes"])["made"] or state["run"]:
                if state["run"] and state["run"] not in seen:
                    seen.append(dict(state["run"]))
                    assert len(facts(path) if path.exists() else []) >= state["run"]["done"]
                await viewer.hear()
            assert seen == [
                {"cue": cue, "done": done, "count": 4} for done, cue in enumerate(("1m01", "1m02", "1m01", "1m02"))
            ]
        assert [one.cue for one in reversed(facts(path))] == ["1m01", "1m02", "1m01", "1m02"]
        last = (await stage.get("/api/takes")).json["last"]
        assert last == {"kind": "make", "take": facts(path)[0].id, "gone": True}

    staged(scene, CUES, PagePlace("127.0.0.1", 0, takes=path))


@pytest.mark.usefixtures("command")
def test_a_cue_that_cannot_be_made_is_named_and_the_others_are_made(tmp_path: Path):
    path = tmp_path / "none.db"
    session = Session(Timeline(markers=(Marker(0, "1m13 calm, strings"), Marker(30720, "1m14 calm, strings"))))

    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.until(lambda state: state["takes"]["cues"])
            assert (await sent(stage, "make", {"cues": ["1m12"], "count": 1})).status == 404
            await sent(stage, "make", {"cues": None, "count": 2})
            state = await viewer.until(lambda state: state["takes"]["made"] == 2 and not state["takes"]["run"])
            assert state["takes"]["wrong"] == [{"cue": "1m13", "why": "it has no prompt. Give it one."}]
        assert [one.cue for one in facts(path)] == ["1m14", "1m14"]

    staged(scene, session, PagePlace("127.0.0.1", 0, takes=path))


@pytest.mark.usefixtures("command")
def test_a_run_that_is_stopped_makes_no_more_and_what_is_made_stays(file: Path):
    slow = file.with_suffix(".slow")

    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.until(lambda state: state["takes"]["cues"])
            await sent(stage, "make", {"cues": ["1m01"], "count": 9})
            await viewer.until(lambda state: state["takes"]["made"])
            slow.touch()
            name = facts(file)[0].id
            waits = asyncio.create_task(sent(stage, f"{name}/add", {"player": "harp"}))
            await viewer.until(lambda state: state["takes"]["one"] == {"what": "add", "of": name})
            assert (await sent(stage, "stop", {})).status == 200
            state = await viewer.until(lambda state: not state["takes"]["run"] and not state["takes"]["one"])
            assert (await waits).status == 503 or not state["takes"]["one"]
            slow.unlink()
            there = [one.id for one in facts(file)]
            assert len(there) == 2 + state["takes"]["made"]
            # The next one is written as if nothing had been.
            assert (await sent(stage, f"{name}/add", {"player": "harp"})).status == 200
            assert [one.id for one in facts(file)][1:] == there

    staged(scene, CUES, PagePlace("127.0.0.1", 0, takes=file))


@pytest.mark.usefixtures("command")
def test_a_run_goes_on_while_control_is_started_again(file: Path):
    slow = file.with_suffix(".slow")

    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.until(lambda state: state["takes"]["cues"])
            slow.touch()
            await sent(stage, "make", {"cues": ["1m02"], "count": 2})
            assert stage.page._control is not None
            stage.page._lost(stage.page._control)
            await viewer.until(lambda state: not state["daemon"]["there"])
            assert viewer.state["takes"]["run"] == {"cue": "1m02", "done": 0, "count": 2}
            slow.unlink()
            await viewer.until(lambda state: state["takes"]["made"] == 2 and not state["takes"]["run"])
        assert [one.cue for one in facts(file)[:2]] == ["1m02", "1m02"]

    staged(scene, CUES, PagePlace("127.0.0.1", 0, takes=file))


@pytest.mark.usefixtures("command")
def test_takes_are_kept_ready_of_each_cue_as_it_is_now_and_give_way_to_what_is_asked(file: Path):
    slow = file.with_suffix(".slow")

    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.until(lambda state: state["takes"]["cues"])
            assert not made_takes(stage)["ready"]
            slow.touch()
            await sent(stage, "ready", {"count": 2})
            await viewer.until(lambda state: state["takes"]["preparing"])
            name = facts(file)[0].id
            waits = asyncio.create_task(sent(stage, f"{name}/add", {"player": "harp"}))
            await viewer.until(lambda state: state["takes"]["one"] and not state["takes"]["preparing"])
            slow.unlink()
            assert (await waits).status == 200
            await viewer.until(lambda state: [cue["there"] for cue in state["takes"]["cues"]] == [2, 2])
            # They are nobody's step: undo takes back what a person asked for.
            assert (await stage.get("/api/takes")).json["last"]["take"] == (await waits).json["take"]
            # A hit that is moved makes another cue of it.
            stage.control.apply(MarkersChanged((*CUES.timeline.markers, Marker(7777, "HIT door")), ()))
            await viewer.until(lambda state: [cue["there"] for cue in state["takes"]["cues"]] == [0, 2])
            await viewer.until(lambda state: [cue["there"] for cue in state["takes"]["cues"]] == [2, 2])
            await sent(stage, "ready", {"count": 0})
            await viewer.until(lambda state: not state["takes"]["ready"])
        assert [one.cue for one in facts(file)].count("1m02") == 2

    staged(scene, CUES, PagePlace("127.0.0.1", 0, takes=file))


def test_what_was_not_dragged_over_stays_note_for_note_and_a_part_is_added_beside_the_others(tmp_path: Path):
    path = tmp_path / "real.db"
    with TakeStore(path) as store:
        name = store.remember(a_take(cue="1m03", bars=5)).id

    async def scene(stage: PageStage) -> None:
        said = {"parts": ["piano", "cello"], "first": 2, "last": 3}
        made = (await sent(stage, f"{name}/infill", said)).json["take"]
        with TakeStore(path) as store:
            old, new, known = store.music(name).score, store.music(made).score, store.facts(made)
        assert (known.parent, known.asked["bars"], known.asked["parts"]) == (name, "2-3", ["piano", "cello"])
        first, end = 3840, 3 * 3840
        for before, after in zip(old.parts, new.parts, strict=True):
            if before.name == "violin 1":
                assert after == before
                continue
            assert [n for n in after.notes if n.tick < first or n.tick >= end] == [
                n for n in before.notes if n.tick < first or n.tick >= end
            ]
            assert after.notes != before.notes
        assert known.asked["amount"] == 1
        made = (await sent(stage, f"{name}/infill", {**said, "amount": 0.3})).json["take"]
        with TakeStore(path) as store:
            some = store.music(made).score
            assert store.facts(made).asked["amount"] == 0.3
        # Of each part that share is another.
        for before, after in zip(old.parts, some.parts, strict=True):
            inside = {note for note in before.notes if first <= note.tick < end}
            share = 0.0 if before.name == "violin 1" else 0.3
            assert len(inside - set(after.notes)) == round(share * len(inside))
        made = (await sent(stage, f"{name}/add", {"player": "french horn"})).json["take"]
        with TakeStore(path) as store:
            new = store.music(made).score
        assert [part.name for part in new.parts if part not in old.parts] == ["french horn"]
        assert set(old.parts) < set(new.parts)
        # What is locked is refused, in the command's words.
        await sent(stage, f"{name}/lock", {"parts": ["cello"], "on": True})
        refused = await sent(stage, f"{name}/infill", said)
        assert (refused.status, b"cello is locked" in refused.body) == (503, True)

    played(scene, path)


def test_the_last_change_is_undone_and_only_the_take_that_is_named_is_forgotten(file: Path):
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
        for said in ({}, {"forget": name}):
            refused = await sent(stage, "undo", said)
            assert f"made take {made}. `hitpoint takes undo`" in refused.body.decode()
        assert facts(file)[0].id == made
        # Who was shown an older list does not undo what came since.
        await sent(stage, f"{made}/rate", {"rating": 4})
        refused = await sent(stage, "undo", {"forget": made})
        assert (refused.status, b"rate of" in refused.body) == (404, True)
        await sent(stage, "undo", {})
        with TakeStore(file) as store:
            store.set_status(made, "submitted")
        assert b"is submitted by now" in (await sent(stage, "undo", {"forget": made})).body
        with TakeStore(file) as store:
            store.set_status(made, "temp")
        assert (await sent(stage, "undo", {"forget": made})).json == {"undone": "vary", "take": made}
        assert [one.id for one in facts(file)].count(made) == 0

    played(scene, file)


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
