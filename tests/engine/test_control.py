import asyncio
import pickle
from dataclasses import replace
from multiprocessing import Pipe
from time import monotonic

import pytest

from hitpoint.engine.control import Control
from hitpoint.engine.control_settings import ControlSettings
from hitpoint.engine.crew_pipes import Post
from hitpoint.errors import HostError
from hitpoint.hosts import actions
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.planner.horizon import Horizon
from hitpoint.scheduler.performance import (
    ClockHeard,
    LeaderHeard,
    MeterChange,
    MidiHeard,
    SourceHeard,
    TransportChange,
)
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.midi_message import control_change, note_on
from hitpoint.score.session import ControllersBound, Session
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.units import FrameRate

ONE_HOUR = TimecodeStart("01:00:00:00", FrameRate.named("25"))
PLAY, STOP = b"\xf0\x7f\x7f\x06\x02\xf7", b"\xf0\x7f\x7f\x06\x01\xf7"
AT_4_SECONDS = b"\xf0\x7f\x7f\x06\x44\x06\x01\x21\x00\x04\x00\x00\xf7"
"""01:00:04:00 at 25 frames a second."""
INTENSITY = BoundControl("cc 1", "/hitpoint/control/intensity")


def a_control(
    session: Session, *settled: BoundControl, follow: str | tuple[str, ...] = "builtin", lead_jack: bool = False
) -> Control:
    """Control before it starts: it has met nobody."""

    async def made() -> Control:
        down, up = Pipe()
        order = (follow,) if isinstance(follow, str) else follow
        settings = ControlSettings(
            Horizon(), "small-2", bindings=settled, follow=order, lead_jack=lead_jack, timecode=ONE_HOUR
        )
        return Control(session, settings, Post(down, up))

    return asyncio.run(made())


def test_where_jack_is_led_the_session_moves_when_jack_does() -> None:
    control = a_control(Session(), lead_jack=True)
    control.transport(actions.Play())
    assert not control.session.transport.rolling
    control._heard_play(Started(monotonic()))
    assert control.session.transport.rolling


def test_what_play_hears_at_a_midi_input_drives_what_it_is_bound_to() -> None:
    control = a_control(Session(), INTENSITY)
    control._heard_play(MidiHeard("Hitpoint in", control_change(0, 1, 127), 1.0))
    assert control.session.controls.intensity == 1.0
    control._heard_play(MidiHeard("Hitpoint in", note_on(0, 36, 90), 1.1))
    assert control.status().midi_unbound == "note 36 channel 1 of Hitpoint in at 90"


def test_a_control_that_follows_another_has_its_bindings() -> None:
    session = Session().apply(ControllersBound((INTENSITY,)))
    control = a_control(pickle.loads(pickle.dumps(session)))
    control._heard_play(MidiHeard("Hitpoint in", control_change(0, 1, 64), 1.0))
    assert control.session.controls.intensity == 64 / 127
    assert control.status().midi_bindings == 1


def test_undo_takes_back_what_a_controller_did_and_leaves_its_binding() -> None:
    control = a_control(Session(), INTENSITY, BoundControl("cc 2", "/hitpoint/undo"))
    control._heard_play(MidiHeard("Hitpoint in", control_change(0, 1, 100), 1.0))
    control._heard_play(MidiHeard("Hitpoint in", control_change(0, 2, 127), 1.1))
    assert control.session.controls.intensity is None
    assert control.status().midi_bindings == 2


def test_machine_control_drives_the_built_in_host_and_no_binding() -> None:
    control = a_control(Session())
    control._heard_play(MidiHeard("Hitpoint in", AT_4_SECONDS, 1.0))
    # At 120 a minute, eight quarters.
    assert control.session.transport.tick == 8 * 960
    control._heard_play(MidiHeard("Hitpoint in", PLAY, 1.1))
    assert control.session.transport.rolling
    control._heard_play(MidiHeard("Hitpoint in", STOP, 1.2))
    assert not control.session.transport.rolling
    assert control.status().midi_unbound == ""


def test_where_another_leads_machine_control_moves_nothing() -> None:
    control = a_control(Session(), follow="midi")
    for data in (AT_4_SECONDS, PLAY):
        control._heard_play(MidiHeard("Hitpoint in", data, 1.0))
    assert (control.session.transport.tick, control.session.transport.rolling) == (0, False)
    assert control.status().troubles == ()


REAPER_SILENT = SourceHeard("reaper", "silent", 3.21, None, 0.4)
CODE_LEADS = SourceHeard("mtc", "locked", 0.01, 0.2, 0.3)
OWN = SourceHeard("builtin", "here", None, None, 0.0)


def test_who_leads_of_several_is_told_with_the_reason_and_refuses_what_is_asked_of_the_built_in_host() -> None:
    control = a_control(Session(), follow=("reaper", "mtc"))
    assert control.status().leader == "builtin"
    control.transport(actions.Play())
    assert control.session.transport.rolling
    sources = (REAPER_SILENT, CODE_LEADS, OWN)
    control._heard_play(LeaderHeard("mtc", monotonic() - 12.0, True, sources, monotonic()))
    status = control.status()
    assert status.leader == "midi time code"
    assert status.why == "REAPER is silent for 3.2 s: midi time code leads"
    assert status.leads_seconds == pytest.approx(12.0, abs=1.0)
    assert status.sources == sources
    with pytest.raises(HostError, match=r"midi time code leads the transport \(REAPER is silent for 3.2 s"):
        control.transport(actions.Stop())
    for data in (AT_4_SECONDS, STOP):
        control._heard_play(MidiHeard("Hitpoint in", data, 1.0))
    assert control.session.transport.rolling


def test_the_timelines_tempo_is_planned_by_again_when_a_clock_leads_no_more() -> None:
    control = a_control(Session(), follow=("midi", "mtc"))
    own = control.session.timeline.tempo_map
    now = monotonic()
    clock = SourceHeard("midi", "locked", 0.0, 0.0, 0.1)
    control._heard_play(LeaderHeard("midi", now, True, (clock, CODE_LEADS, OWN), now))
    for later in range(4):
        control._heard_play(ClockHeard("locked", now, 90.0, 0.1, now + later))
    assert control.session.timeline.tempo_map.bpm_at(0) == 90.0
    silent = replace(clock, state="silent", silent_seconds=2.1)
    control._heard_play(LeaderHeard("mtc", now + 5.0, True, (silent, CODE_LEADS, OWN), now + 5.0))
    assert control.session.timeline.tempo_map == own


def told_by(control: Control, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What control tells play from now on."""
    told: list[object] = []
    monkeypatch.setattr(control, "tell_play", told.append)
    return told


def test_beside_link_play_is_asked_and_says_when_it_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    control = a_control(Session(), follow=("link",))
    told = told_by(control, monkeypatch)
    for asked in (actions.Play(), actions.Locate(3.0), actions.Stop()):
        control.transport(asked)
    kinds = [type(message.event) for message in told if isinstance(message, TransportChange)]
    assert kinds == [Started, Located, Stopped]
    # Nothing has happened yet.
    assert not control.session.transport.rolling
    assert control.session.transport.tick == 0
    control._heard_play(Started(monotonic()))
    assert control.session.transport.rolling


def test_who_is_in_the_link_session_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    control = a_control(Session(), follow=("link",))
    told_by(control, monkeypatch)
    control.transport(actions.SetTempo(90.0))
    assert control.session.timeline.tempo_map.bpm_at(0) == 90.0
    control._heard_play(ClockHeard("stopped", 0.0, 90.0, 0.0, monotonic(), peers=1))
    assert control.status().clock["peers"] == 1


def test_play_is_told_where_bar_lines_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    control = a_control(Session())
    told = told_by(control, monkeypatch)
    control.transport(actions.SetMeter(3, 4))
    assert MeterChange(MeterMap.constant(3, 4)) in told
