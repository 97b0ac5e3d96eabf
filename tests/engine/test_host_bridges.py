import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from fakes.live_stage import Stage
from fakes.snapshots import a_snapshot
from hitpoint.engine import bridge_folder
from hitpoint.engine.bridge_socket import BridgeSocket, ScriptPosition
from hitpoint.engine.host_bridges import HostBridges, Told
from hitpoint.errors import HostError, PortError, ScoreError
from hitpoint.hosts.clip_job import Clip, ClipJob
from hitpoint.hosts.host_ask import HostAsk
from hitpoint.hosts.host_snapshot import HostSnapshot, read_snapshot
from hitpoint.score.note import Note
from hitpoint.timeline.units import FrameRate

RATE = FrameRate.named("24")


class Desk:
    """Keeps what the bridges tell."""

    def __init__(self, folders: dict[str, tuple[Path, ...]], *follow: str) -> None:
        self.projects: list[HostSnapshot] = []
        self.asks: list[HostAsk] = []
        self.answers: list[Any] = []
        self.troubles: list[str] = []
        self.moves: list[ScriptPosition] = []
        self.bridges = HostBridges(
            folders, None, follow, RATE, self.projects.append, self.asks.append,
            lambda answer, host: self.answers.append((host, answer)), self.moves.append, self.troubles.append,
        )  # fmt: skip

    def look(self, now: float = 0.0) -> None:
        for told in self.bridges._look():
            self.bridges.take(told, now)


def told(host: str, **changed: Any) -> Told:
    return Told(host, read_snapshot(json.dumps(a_snapshot(host=host, **changed)).encode(), RATE))


def test_a_folder_that_is_made_later_is_found(tmp_path: Path) -> None:
    desk = Desk({"reaper": (tmp_path / "Hitpoint",)})
    desk.look()
    assert list(tmp_path.iterdir()) == [], "nothing is made where no host is"
    (tmp_path / "Hitpoint").mkdir()
    desk.look()
    (tmp_path / "Hitpoint" / "snapshot.json").write_text(json.dumps(a_snapshot()))
    desk.look()
    assert [project.project for project in desk.projects] == ["reel 3"]


def test_what_is_told_again_changes_nothing() -> None:
    desk = Desk({})
    for serial in range(3):
        desk.bridges.take(told("reaper", serial=serial), 0.0)
    assert len(desk.projects) == 1


def test_of_two_hosts_the_one_that_changed_last_is_followed_and_it_is_said() -> None:
    desk = Desk({})
    desk.bridges.take(told("reaper"), 0.0)
    desk.bridges.take(told("ardour"), 1.0)
    desk.bridges.take(told("reaper", serial=9), 2.0)
    assert [project.host for project in desk.projects] == ["reaper", "ardour"]
    assert [(one.host, one.leads) for one in desk.bridges.status(2.0)] == [
        ("REAPER 7.22/linux-x86_64", False),
        ("Ardour 7.22/linux-x86_64", True),
    ]
    assert "Ardour's project has changed and is followed now, not REAPER's" in desk.troubles[0]


def test_the_host_that_leads_by_the_settings_is_the_only_one_that_is_followed() -> None:
    desk = Desk({}, "reaper")
    desk.bridges.take(told("reaper"), 0.0)
    desk.bridges.take(told("ardour"), 1.0)
    assert [project.host for project in desk.projects] == ["reaper"]
    assert desk.troubles == []


def test_what_makes_no_sense_is_told_and_the_rest_is_heard(tmp_path: Path) -> None:
    desk = Desk({"reaper": (tmp_path,)})
    desk.look()
    ask = {"protocol": 1, "kind": "ask", "ask": "a", "address": "/hitpoint/panic", "arguments": "[]"}
    (tmp_path / "snapshot.json").write_text('{"protocol": 1')
    (tmp_path / "asks" / "1.json").write_text(json.dumps({**ask, "arguments": "{}"}))
    (tmp_path / "asks" / "2.json").write_text(json.dumps(ask))
    desk.look()
    assert [one.address for one in desk.asks] == ["/hitpoint/panic"]
    assert len(desk.troubles) == 2


def test_an_answer_is_heard_though_the_disk_is_full_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _: bytes) -> None:
        raise ScoreError(f"{path} cannot be written: No space left on device. Choose another place.")

    desk = Desk({"ardour": (tmp_path,)})
    desk.look()
    answer = {"protocol": 1, "kind": "answer", "job": "job-1", "error": "", "edited": []}
    for name in ("jobs", "answers"):
        (tmp_path / name / "job-1.json").write_text(json.dumps(answer))
    monkeypatch.setattr(bridge_folder, "write_whole", full)
    desk.look()
    assert [heard.job for _, heard in desk.answers] == ["job-1"]
    assert "No space left" in desk.troubles[0]


def test_an_ask_that_cannot_be_done_is_told_with_the_host_that_asks() -> None:
    def refuses(_: HostAsk) -> None:
        raise HostError("there is no stinger 'x'.")

    desk = Desk({})
    desk.bridges._asked = refuses
    desk.bridges.take(Told("reaper", HostAsk("a", "/hitpoint/stinger/x", [])), 0.0)
    assert desk.troubles == ["REAPER asks: there is no stinger 'x'."]


def test_a_job_goes_to_the_host_that_is_followed(tmp_path: Path) -> None:
    desk = Desk({"reaper": (tmp_path / "r",), "ardour": (tmp_path / "a",)})
    for name in "ra":
        (tmp_path / name).mkdir()
    desk.look()
    with pytest.raises(HostError, match="no DAW's script is there"):
        asyncio.run(desk.bridges.give(ClipJob("j-1", "j", "", ())))
    desk.look()
    (tmp_path / "a" / "snapshot.json").write_text(json.dumps(a_snapshot(host="ardour")))
    desk.look()
    assert asyncio.run(desk.bridges.give(ClipJob("j-1", "j", "", ()))) == "Ardour"
    assert [path.name for path in (tmp_path / "a" / "jobs").iterdir()] == ["j-1.json"]
    desk.look()
    assert desk.bridges.status(0.0)[0].jobs == 1


class LiveDesk(Desk):
    """The real script in a Live, and control's end of it."""

    def __init__(self, follow: str) -> None:
        super().__init__({}, follow)
        self.live = Stage()
        self.live.stop_daemon()
        self.bridges._open_socket = lambda: BridgeSocket(open_socket=self.live.network.bind)
        self.live.app.each_step.append(self.bridges.listen)

    def run(self, seconds: float) -> None:
        self.live.app.advance(seconds)


def test_lives_project_is_followed_and_takes_go_into_its_tracks() -> None:
    desk = LiveDesk("builtin")
    desk.live.song._new_cue(8.0, "HIT door")
    desk.run(2.0)
    assert [marker.name for marker in desk.projects[-1].timeline.markers] == ["HIT door"]
    clip = Clip("flute", "1m01 ab", "flute", 3840, 7680, (Note(3840, 60, 480, 90),))
    assert asyncio.run(desk.bridges.give(ClipJob("ab-1", "ab", "keep", (clip,)))) == "Ableton Live"
    desk.run(3.0)
    assert [(host, answer.job, answer.error) for host, answer in desk.answers] == [("live", "ab-1", "")]
    assert desk.bridges.status(desk.live.network.now)[0].jobs == 0
    assert desk.moves == [], "another leads"


def test_live_says_where_it_is_when_it_leads() -> None:
    desk = LiveDesk("live")
    desk.live.song.is_playing = True
    desk.run(2.0)
    assert desk.moves[-1].rolling
    assert desk.moves[-1].quarter > 1.0


@pytest.mark.parametrize(("follow", "troubles"), [("live", 1), ("builtin", 0)])
def test_a_port_that_is_taken_is_said_to_who_works_with_live_and_tried_again(follow: str, troubles: int) -> None:
    desk = LiveDesk(follow)
    opens, taken = desk.bridges._open_socket, True

    def open_socket() -> BridgeSocket:
        if taken:
            raise PortError("UDP port 19791 cannot be opened.")
        assert opens is not None
        return opens()

    desk.bridges._open_socket = open_socket
    desk.run(2.0)
    assert len(desk.troubles) == troubles
    taken = False
    desk.run(8.0)
    assert desk.projects


def test_of_several_hosts_that_may_lead_the_most_trusted_one_that_has_told_its_project_is_followed() -> None:
    desk = Desk({}, "live", "mtc", "reaper")
    desk.bridges.take(told("ardour"), 0.0)
    assert desk.projects == []
    desk.bridges.take(told("reaper"), 1.0)
    desk.bridges.take(told("live"), 2.0)
    desk.bridges.take(told("reaper", project="reel 4"), 3.0)
    assert [project.host for project in desk.projects] == ["reaper", "live"]
