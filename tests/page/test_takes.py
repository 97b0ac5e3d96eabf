"""The take memory over HTTP: takes are listed, read, rated, locked, undone, and gone."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.page_stage import PageStage
from fakes.take_stage import EVIL, facts, played, sent
from fakes.takes import a_take, two_takes
from hitpoint.engine.take_store import TakeStore
from hitpoint.score.midi_file import midi_file_bytes


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return two_takes(tmp_path / "door.takes.db")


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
