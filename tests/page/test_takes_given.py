"""Takes that leave for the DAW, over HTTP: heard at the ports, and kept."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from fakes.page_stage import PageStage
from fakes.take_stage import EVIL, facts, played, sent
from fakes.takes import two_takes
from hitpoint.hosts import actions
from hitpoint.hosts.clip_job import ClipJob
from hitpoint.scheduler.audition import BEGIN_SECONDS, Audition, AuditionOver, AuditionStop


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return two_takes(tmp_path / "door.takes.db")


def told_to_play(stage: PageStage) -> Callable[[type], list[Any]]:
    """What control says to play from now on, by kind."""
    said: list[object] = []
    stage.control._play.tell = said.append  # type: ignore[method-assign]
    return lambda kind: [message for message in said if isinstance(message, kind)]


def test_a_take_is_heard_at_the_ports_from_a_second_of_it_and_shown_to_everyone(file: Path):
    async def scene(stage: PageStage) -> None:
        said = told_to_play(stage)
        one = facts(file)[0]
        async with stage.viewer() as viewer:
            before = monotonic()
            heard = await sent(stage, f"{one.id}/hear", {"second": 1.5})
            assert (heard.status, heard.json) == (200, {"heard": one.id})
            await viewer.until(lambda state: state.get("audition", {}).get("take") == one.id)
            assert viewer.state["audition"]["second"] == 1.5
            assert before < viewer.state["audition"]["at"] - BEGIN_SECONDS < monotonic()
            (asked,) = said(Audition)
            assert {message.port for message in asked.messages} == {"Hitpoint strings", "Hitpoint keys"}
            assert (await sent(stage, "hush", {})).json == {"heard": ""}
            await viewer.until(lambda state: state["audition"]["take"] == "")
            assert len(said(AuditionStop)) == 1
            await sent(stage, f"{one.id}/hear", {"second": 0})
            await viewer.until(lambda state: state["audition"]["take"] == one.id)
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
