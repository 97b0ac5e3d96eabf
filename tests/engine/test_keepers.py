"""What control keeps on disk: whole, in order, and while everything else goes on."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from threading import Event

import mido
import pytest

from hitpoint.engine import keepers
from hitpoint.engine.keepers import PlayedTake, SessionKeeper
from hitpoint.engine.pages import Pages
from hitpoint.outputs.recorder import Recorder
from hitpoint.scheduler.performance import Played, Route, Routing
from hitpoint.score.note import Note
from hitpoint.score.session import PartSet, Session, Switch
from hitpoint.timeline.timeline import Timeline

LOOKS = 20
"""How often others on the loop have their turn while somebody writes."""
ROUTING = Routing((Route("violin", "Hitpoint strings", 0, 40),))


def a_note(tick: int) -> Played:
    return Played(1, tick, tick + 960, (("violin", Note(tick, 60, 480, 80)),))


async def others_turn(begun: list[object]) -> None:
    """From when somebody has begun to write on."""
    while not begun:
        await asyncio.sleep(0.001)
    for _ in range(LOOKS):
        await asyncio.sleep(0.001)


def held_up(write: Callable[..., None], begun: list[object], go_on: Event) -> Callable[..., None]:
    """The same on a slow disk."""

    def slow(*arguments: object) -> None:
        begun.append(arguments)
        assert go_on.wait(10)
        write(*arguments)

    return slow


def test_a_save_that_nobody_waits_for_any_more_is_over_before_the_next_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    go_on, troubles = Event(), list[str]()
    monkeypatch.setattr(keepers, "write_session", held_up(keepers.write_session, begun, go_on))
    keeper = SessionKeeper(tmp_path / "session", troubles.append)
    later = Session().apply(PartSet("violin", Switch.LOCK, True))

    async def ends_while_it_saves() -> None:
        first = asyncio.create_task(keeper.save(Session(), Pages(), 0))
        await others_turn(begun)
        first.cancel()
        last = asyncio.create_task(keeper.save(later, Pages(), 0))
        await others_turn(begun)
        assert len(begun) == 1
        go_on.set()
        await last

    asyncio.run(ends_while_it_saves())
    assert "violin" in (tmp_path / "session").read_text()
    assert not troubles
    assert [path.name for path in tmp_path.iterdir()] == ["session"]


def test_others_go_on_while_a_recording_is_written_and_what_is_played_meanwhile_comes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    go_on = Event()
    monkeypatch.setattr(Recorder, "write", held_up(Recorder.write, begun, go_on))
    take = PlayedTake(tmp_path / "take.mid", None, pytest.fail)
    struck: list[int] = []

    def notes_in_the_file() -> int:
        return sum(event.type == "note_on" for event in mido.MidiFile(tmp_path / "take.mid").tracks[1])

    async def plays_on() -> None:
        take.take(a_note(0))
        writing = asyncio.create_task(take.write(Timeline(), ROUTING))
        await others_turn(begun)
        take.take(a_note(960))
        go_on.set()
        await writing
        struck.append(notes_in_the_file())
        await take.write(Timeline(), ROUTING)
        struck.append(notes_in_the_file())
        await take.write(Timeline(), ROUTING)

    asyncio.run(plays_on())
    assert struck == [1, 2]
    assert len(begun) == 2


def test_a_recording_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    troubles: list[str] = []
    take = PlayedTake(tmp_path / "later" / "take.mid", None, troubles.append)

    async def finds_its_folder() -> None:
        take.take(a_note(0))
        await take.write(Timeline(), ROUTING)
        (tmp_path / "later").mkdir()
        await take.write(Timeline(), ROUTING)

    asyncio.run(finds_its_folder())
    assert len(troubles) == 1
    assert (tmp_path / "later" / "take.mid").exists()


def test_what_is_played_is_noted_down_only_where_it_is_recorded(tmp_path: Path) -> None:
    PlayedTake(None, tmp_path / "journal", pytest.fail).take(a_note(0))
    assert not (tmp_path / "journal").exists()

    PlayedTake(tmp_path / "take.mid", tmp_path / "journal", pytest.fail).take(a_note(0))
    assert (tmp_path / "journal").exists()
