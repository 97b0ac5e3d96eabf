import json
from dataclasses import fields

import pytest

from hitpoint.engine.session_file import read_session, write_session
from hitpoint.engine.session_wishes import MOMENTARY, WISHES
from hitpoint.errors import ConfigError, ScoreError
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.control_curve import BarPoint, ControlCurve
from hitpoint.score.note import Note
from hitpoint.score.request import ComposedBar, Source
from hitpoint.score.session import (
    BarVaried,
    ControllersBound,
    ControlMoved,
    CurveDrawn,
    DirectionGiven,
    FreezeChanged,
    LoopVaries,
    ModelChanged,
    PartSet,
    Session,
    Switch,
    VariationAsked,
)
from hitpoint.score.state import HeldState, StateChange, StateDefined, States, StatesChanged
from hitpoint.score.when import When
from hitpoint.score.wish import Frozen
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

BARS = (
    ComposedBar("violin 1", 3, "0123456789abcdef", (Note(11520, 74, 960, 80), Note(12480, 76, 480, 71))),
    ComposedBar("cello", 3, "fedcba9876543210", (), Source.FALLBACK),
)


CALM = HeldState("calm", "calm, strings", 7680, from_start=True)
CHASE = HeldState("chase", "furious, drums", 15_360, until=30_720)
STATES = States(
    (("chase", "furious, drums"),), (CALM,), (StateChange(15_360, When.BAR, (CALM, CHASE), bridge_from=11_520),)
)


def a_session() -> Session:
    session = Session(seed=11)
    for event in (
        DirectionGiven("tense, 弦楽"),
        ControlMoved("intensity", 0.25),
        CurveDrawn("tension", ControlCurve("tension", (BarPoint(0, 0.25), BarPoint(7, 0.875)))),
        PartSet("brass", Switch.MUTE, True),
        PartSet("cello", Switch.LOCK, True),
        VariationAsked(2, 5, frozenset({"violin 1"})),
        LoopVaries(True),
        BarVaried(3),
        BarVaried(3),
        ControllersBound((BoundControl("cc 1 of desk", "/hitpoint/control/intensity", "scale"),)),
        VariationAsked(7, 9, first_tick=7 * 3840 + 960),
        StateDefined("chase", "furious, drums"),
        FreezeChanged(Frozen(3, 12_000, until=20_000)),
        StatesChanged(STATES),
        ModelChanged("large-1", frozenset()),
    ):
        session = session.apply(event)
    return session


def test_a_session_reads_back_as_it_was_written(tmp_path):
    path = tmp_path / "film.session"
    write_session(path, a_session(), BARS)
    assert read_session(path, Session()) == (a_session(), BARS)


def test_the_host_is_as_it_is_now_and_not_as_it_was(tmp_path):
    path = tmp_path / "film.session"
    write_session(path, a_session(), ())
    host = Session(Timeline(TempoMap.constant(77.0)))
    session, _ = read_session(path, host)
    assert session.timeline == host.timeline
    assert session.direction == "tense, 弦楽"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"hitpoint_session": 99}', b'{"hitpoint_session": 1}', b"\xff\xfe",
     b'{"hitpoint_session": 1, "seed": 0, "direction": "", "controls": {"volume": 1}, "bars": []}'],
)  # fmt: skip
def test_what_is_no_session_is_refused_by_name(tmp_path, content):
    path = tmp_path / "film.session"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"film\.session"):
        read_session(path, Session())
    assert path.read_bytes() == content


def test_a_note_that_is_none_makes_the_file_damaged(tmp_path):
    path = tmp_path / "film.session"
    write_session(path, a_session(), BARS)
    content = json.loads(path.read_bytes())
    content["bars"][0][4][0] = [1, 2]
    path.write_text(json.dumps(content))
    with pytest.raises(ConfigError, match="damaged"):
        read_session(path, Session())


def test_a_binding_that_means_nothing_makes_the_file_damaged(tmp_path):
    path = tmp_path / "film.session"
    write_session(path, a_session(), BARS)
    path.write_text(path.read_text().replace("cc 1 of desk", "knob 1"))
    with pytest.raises(ConfigError, match="no MIDI control"):
        read_session(path, Session())


@pytest.mark.parametrize("points", ["[]", "[[0, 1.5]]", "[[3, 0.5], [2, 0.5]]", "[[NaN, 0.5]]", "[[0, NaN]]", "[[0]]"])
def test_a_curve_that_nobody_could_draw_makes_the_file_damaged(tmp_path, points):
    path = tmp_path / "film.session"
    write_session(path, a_session(), BARS)
    content = json.loads(path.read_bytes())
    path.write_text(json.dumps({**content, "curves": {"tension": json.loads(points)}}))
    with pytest.raises(ConfigError, match="damaged"):
        read_session(path, Session())


def test_a_curve_is_kept_to_the_last_digit(tmp_path):
    path = tmp_path / "film.session"
    drawn = ControlCurve("tension", (BarPoint(0, 1 / 3), BarPoint(123_456, 2 / 3)))
    write_session(path, a_session().apply(CurveDrawn("tension", drawn)), BARS)
    assert drawn in read_session(path, Session())[0].curves


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path):
    with pytest.raises(ScoreError, match="nowhere"):
        write_session(tmp_path / "nowhere" / "film.session", a_session(), ())


def test_every_field_of_a_session_is_kept_or_has_a_reason_not_to_be():
    kept = {wish.field for wish in WISHES}
    assert kept | MOMENTARY.keys() == {field.name for field in fields(Session)}
    assert not kept & MOMENTARY.keys()


def test_a_wish_that_an_older_file_does_not_have_is_as_it_is_without_a_file(tmp_path):
    path = tmp_path / "film.session"
    for wish in WISHES:
        write_session(path, a_session(), BARS)
        content = json.loads(path.read_bytes())
        del content[wish.field]
        path.write_text(json.dumps(content))
        session, bars = read_session(path, Session(seed=3))
        assert getattr(session, wish.field) == getattr(Session(seed=3), wish.field)
        assert bars == BARS


def test_a_wish_of_a_newer_hitpoint_is_refused_rather_than_lost(tmp_path):
    path = tmp_path / "film.session"
    write_session(path, a_session(), BARS)
    content = json.loads(path.read_bytes())
    path.write_text(json.dumps({**content, "harmonies": []}))
    with pytest.raises(ConfigError, match=r"newer Hitpoint.*'harmonies'"):
        read_session(path, Session())
