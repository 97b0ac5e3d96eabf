"""Control and a host's script, through a real folder."""

import asyncio
import json
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

from fakes.patience import soon
from fakes.snapshots import a_snapshot
from fakes.takes import a_take
from hitpoint import __version__
from hitpoint.engine.control import Control
from hitpoint.engine.control_settings import ControlSettings
from hitpoint.engine.crew_pipes import Post
from hitpoint.engine.host_desk import HostPlaces
from hitpoint.errors import HostError
from hitpoint.hosts.actions import KeepTake
from hitpoint.page.messages import TakeContent
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.horizon import Horizon
from hitpoint.planner.plan import plan_bar
from hitpoint.score.request import Source
from hitpoint.score.session import Session

PROJECT = {
    "bridge_version": __version__,
    "markers": [
        {"id": "{1}", "quarter": 0.0, "name": "1m01 calm, strings"},
        {"id": "{2}", "quarter": 16.0, "name": "END"},
    ],
    "regions": [],
    "loop": {"quarter": 4.0, "end": 8.0},
}


class Script:
    """What a script in a host does with the folder, by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def tell(self, **changed: Any) -> None:
        self._put("snapshot.json", a_snapshot(**{**PROJECT, **changed}))

    def ask(self, address: str, *arguments: object) -> None:
        ask = {"protocol": 1, "kind": "ask", "ask": "1", "address": address, "arguments": json.dumps(arguments)}
        self._put("asks/1.json", ask)

    def jobs(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted((self.folder / "jobs").glob("*.json"))]

    def answer(self, job: dict[str, Any], **changed: Any) -> None:
        said = {"protocol": 1, "kind": "answer", "job": job["job"], "error": "", "edited": [], **changed}
        self._put(f"answers/{job['job']}.json", said)

    def _put(self, name: str, said: object) -> None:
        """Whole or not at all, as all in the folder is: it is looked at by another thread."""
        path = self.folder / name
        path.with_suffix(".new").write_text(json.dumps(said))
        path.with_suffix(".new").replace(path)


def with_control(tmp_path: Path, follow: str, do: Any) -> Control:
    """A control that has met nobody but a host's folder, while `do` is at work."""
    script = Script(tmp_path / "Hitpoint")

    async def serve() -> Control:
        settings = ControlSettings(
            Horizon(), "small-2", follow=(follow,), controllers=(1,),
            hosts=HostPlaces({"reaper": (script.folder,)}, tmp_path / "takes"),
        )  # fmt: skip
        control = Control(Session(), settings, Post(*Pipe()))
        hosts = asyncio.create_task(control._hosts.run())
        await soon((script.folder / "asks").is_dir)
        await do(control, script)
        hosts.cancel()
        return control

    return asyncio.run(serve())


def write(control: Control, bars: int) -> None:
    for index in range(bars):
        plan = plan_bar(control.session, index)
        assert plan is not None
        control._conductor.pages.keep([fallback_bar(plan, part, (), Source.MODEL) for part in plan.parts])


@pytest.mark.realtime
def test_a_project_is_followed_and_edited(tmp_path: Path) -> None:
    async def do(control: Control, script: Script) -> None:
        script.tell()
        await soon(lambda: control.session.timeline.markers)
        assert control.session.timeline.markers[1].tick == 16 * 960
        assert control.session.transport.loop is None, "the built-in host has its own"
        script.tell(serial=2, markers=[{"id": "{1}", "quarter": 2.0, "name": "1m01 tense, brass"}])
        await soon(lambda: control.session.timeline.markers[0].tick == 2 * 960)
        assert control.status().hosts[0].leads

    assert with_control(tmp_path, "builtin", do).status().troubles == ()


@pytest.mark.realtime
def test_a_host_whose_transport_leads_has_its_loop_followed(tmp_path: Path) -> None:
    async def do(control: Control, script: Script) -> None:
        script.tell()
        await soon(lambda: control.session.transport.loop is not None)

    assert with_control(tmp_path, "midi", do).session.transport.loop.end == 8 * 960


@pytest.mark.realtime
def test_an_action_in_the_host_does_what_its_address_does(tmp_path: Path) -> None:
    async def do(control: Control, script: Script) -> None:
        script.ask("/hitpoint/control/intensity", 0.25)
        await soon(lambda: control.session.controls.intensity == 0.25)
        script.ask("/hitpoint/control/intensity", 7)
        await soon(lambda: control.status().troubles)

    troubles = with_control(tmp_path, "builtin", do).status().troubles
    assert troubles == ("REAPER asks: /hitpoint/control/intensity: intensity 7 is outside 0 to 1.",)


@pytest.mark.realtime
def test_a_take_that_is_kept_is_written_by_the_host_and_an_edit_of_it_comes_back(tmp_path: Path) -> None:
    async def do(control: Control, script: Script) -> None:
        with pytest.raises(HostError, match="no DAW's script is there"):
            control.keep_take(KeepTake(0, 3, frozenset()))
        script.tell()
        await soon(lambda: control.session.timeline.markers)
        write(control, 5)
        script.ask("/hitpoint/take/keep", 1, 2, "cello")
        await soon(lambda: control._keeping.progress != (0, 0))
        control._keeping.step(control._conductor)
        await soon(script.jobs)
        (job,) = script.jobs()
        (clip,) = job["clips"]
        assert (clip["track"], clip["quarter"], clip["end"]) == ("cello", 0.0, 8.0)
        edited = {key: clip[key] for key in ("track", "part", "quarter", "end")}
        script.answer(job, edited=[{**edited, "take": job["take"], "notes": []}])
        await soon(lambda: control.status().troubles)
        assert script.jobs() == []

    (trouble,) = with_control(tmp_path, "builtin", do).status().troubles
    assert "cello of take" in trouble
    assert "(100% of its notes)" in trouble
    assert trouble.endswith("kept as version 2.")
    assert len(list((tmp_path / "takes").rglob("2.json"))) == 1


@pytest.mark.realtime
def test_a_script_of_another_version_is_told(tmp_path: Path) -> None:
    async def do(control: Control, script: Script) -> None:
        script.tell(bridge_version="0.0.9")
        await soon(lambda: control.session.timeline.markers)

    (trouble,) = with_control(tmp_path, "builtin", do).status().troubles
    assert "REAPER's script is of Hitpoint 0.0.9" in trouble
    assert "hitpoint install reaper" in trouble


@pytest.mark.realtime
def test_a_remembered_take_goes_into_the_project_at_its_cue(tmp_path: Path) -> None:
    music = a_take().music
    take = TakeContent("qxpbnt", "1m01", music.bars, music.score, music.session)

    async def do(control: Control, script: Script) -> None:
        with pytest.raises(HostError, match="no DAW's script is there"):
            control.keep_remembered(take, frozenset())
        script.tell()
        await soon(lambda: control.session.timeline.markers)
        bar, _ = control.keep_remembered(take, frozenset({"cello"}))
        assert bar == 1
        await soon(script.jobs)
        (job,) = script.jobs()
        assert job["title"] == "Hitpoint: keep take qxpbnt"
        assert [clip["track"] for clip in job["clips"]] == ["cello"]
        assert list((tmp_path / "takes" / "pending").iterdir()), "a control that dies now gives it again"
        script.answer(job)
        await soon(lambda: not list((tmp_path / "takes" / "pending").iterdir()))

    assert with_control(tmp_path, "builtin", do).status().troubles == ()
