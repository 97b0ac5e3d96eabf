"""Takes made for the page: of takes and of cues, in runs, and kept ready; by a real process beside a real server."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from fakes.page_stage import PageStage
from fakes.take_command import COMMAND
from fakes.take_stage import EVIL, facts, played, sent
from fakes.takes import a_take, two_takes
from hitpoint.engine.take_store import TakeStore
from hitpoint.page import take_writer
from hitpoint.score.session import Session
from hitpoint.timeline.host_event import MarkersChanged
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return two_takes(tmp_path / "door.takes.db")


@pytest.mark.usefixtures("command")
def test_a_variation_is_written_by_another_process_of_the_lowest_priority(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(take_writer, "LOWEST", 19)
    monkeypatch.setattr(take_writer, "COMMAND", (*COMMAND, "--lowest"))
    slow = file.with_suffix(".slow")
    slow.touch()

    async def scene(stage: PageStage) -> None:
        name = facts(file)[0].id
        async with stage.viewer() as viewer:
            waits = asyncio.create_task(sent(stage, f"{name}/vary", {"amount": 0.4, "keep": "rhythm"}))
            await viewer.until(lambda state: state["takes"]["one"] == {"what": "vary", "of": name})
        busy = await sent(stage, f"{name}/vary", {"amount": 0.4, "keep": None})
        slow.unlink()
        made = await waits
        assert (busy.status, busy.body) == (503, b"a take of a take is being written already. Wait for that one.")
        newest = facts(file)[0]
        assert (newest.id, newest.parent) == (made.json["take"], name)
        refused = await sent(stage, f"{name}/vary", {"amount": 0, "keep": None})
        assert refused.body == b"the take was not written: there is no model. Make one."
        assert (await sent(stage, "bcdfgh/vary", {"amount": 0.4, "keep": None})).status == 404
        assert (await sent(stage, f"{name}/vary", {"amount": 0.4, "keep": None}, Origin=EVIL)).status == 403

    played(scene, file)


@pytest.mark.usefixtures("command")
def test_takes_of_every_cue_are_made_one_of_each_first_and_each_is_there_as_soon_as_it_is_written(tmp_path: Path):
    path = tmp_path / "none.db"
    slow = path.with_suffix(".slow")
    slow.write_text("0")

    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            state = await viewer.until(lambda state: state["takes"]["cues"])
            assert [(cue["name"], cue["start"], cue["end"]) for cue in state["takes"]["cues"]] == [
                ("1m01", 0, 30720), ("1m02", 38400, 53760),
            ]  # fmt: skip
            assert (await sent(stage, "make", {"cues": None, "count": 2})).json == {"asked": 4}
            assert (await sent(stage, "make", {"cues": None, "count": 2})).status == 503
            for done, cue in enumerate(("1m01", "1m02", "1m01", "1m02")):
                run = {"cue": cue, "done": done, "count": 4}
                await viewer.until(lambda state, run=run: state["takes"]["run"] == run)
                assert viewer.state["takes"]["made"] == len(facts(path) if path.exists() else []) == done
                slow.write_text(str(done + 1))
            await viewer.until(lambda state: state["takes"]["made"] == 4 and not state["takes"]["run"])
        assert [one.cue for one in reversed(facts(path))] == ["1m01", "1m02", "1m01", "1m02"]
        last = (await stage.get("/api/takes")).json["last"]
        assert last == {"kind": "make", "take": facts(path)[0].id, "gone": True}

    played(scene, path, CUES)


@pytest.mark.usefixtures("command")
def test_many_takes_of_a_cue_are_written_side_by_side_after_the_first_of_each(file: Path):
    slow = file.with_suffix(".slow")

    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.until(lambda state: state["takes"]["cues"])
            # Two takes are there; so many may be at each of these steps.
            slow.write_text("2")
            assert (await sent(stage, "make", {"cues": None, "count": 6})).json == {"asked": 12}
            for done, cue, there in ((0, "1m01", 3), (1, "1m02", 4), (2, "1m01", 8), (6, "1m02", 12), (10, "1m01", 13)):
                run = {"cue": cue, "done": done, "count": 12}
                await viewer.until(lambda state, run=run: state["takes"]["run"] == run)
                assert viewer.state["takes"]["made"] == done
                slow.write_text(str(there))
            slow.unlink()
            await viewer.until(lambda state: state["takes"]["made"] == 12 and not state["takes"]["run"])
        assert [one.cue for one in reversed(facts(file)[:-2])] == (
            ["1m01", "1m02"] + 4 * ["1m01"] + 4 * ["1m02"] + ["1m01", "1m02"]
        )

    played(scene, file, CUES)


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

    played(scene, path, session)


@pytest.mark.usefixtures("command")
def test_a_run_that_is_stopped_makes_no_more_and_what_is_made_stays(file: Path):
    slow = file.with_suffix(".slow")

    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.until(lambda state: state["takes"]["cues"])
            # One is made, and the next one waits.
            slow.write_text("3")
            await sent(stage, "make", {"cues": ["1m01"], "count": 9})
            await viewer.until(lambda state: state["takes"]["made"])
            name = facts(file)[0].id
            waits = asyncio.create_task(sent(stage, f"{name}/add", {"player": "harp"}))
            await viewer.until(lambda state: state["takes"]["one"] == {"what": "add", "of": name})
            assert (await sent(stage, "stop", {})).status == 200
            await viewer.until(lambda state: not state["takes"]["run"] and not state["takes"]["one"])
            assert (await waits).status == 503
            slow.unlink()
            there = [one.id for one in facts(file)]
            assert len(there) == 3
            # The next one is written as if nothing had been.
            assert (await sent(stage, f"{name}/add", {"player": "harp"})).status == 200
            assert [one.id for one in facts(file)][1:] == there

    played(scene, file, CUES)


@pytest.mark.usefixtures("command")
def test_a_run_goes_on_while_control_is_started_again(file: Path):
    slow = file.with_suffix(".slow")

    async def scene(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            await viewer.until(lambda state: state["takes"]["cues"])
            slow.touch()
            await sent(stage, "make", {"cues": ["1m02"], "count": 2})
            await viewer.until(lambda state: state["takes"]["run"])
            assert stage.page._control is not None
            stage.page._lost(stage.page._control)
            await viewer.until(lambda state: not state["daemon"]["there"])
            assert viewer.state["takes"]["run"] == {"cue": "1m02", "done": 0, "count": 2}
            slow.unlink()
            await viewer.until(lambda state: state["takes"]["made"] == 2 and not state["takes"]["run"])
        assert [one.cue for one in facts(file)[:2]] == ["1m02", "1m02"]

    played(scene, file, CUES)


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
            slow.touch()
            stage.control.apply(MarkersChanged((*CUES.timeline.markers, Marker(7777, "HIT door")), ()))
            await viewer.until(lambda state: [cue["there"] for cue in state["takes"]["cues"]] == [0, 2])
            slow.unlink()
            await viewer.until(lambda state: [cue["there"] for cue in state["takes"]["cues"]] == [2, 2])
            await sent(stage, "ready", {"count": 0})
            await viewer.until(lambda state: not state["takes"]["ready"])
        assert [one.cue for one in facts(file)].count("1m02") == 2

    played(scene, file, CUES)


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
