from dataclasses import replace

import pytest

from fakes.takes import a_take
from hitpoint.engine import take_audition
from hitpoint.engine.routes import routing_for
from hitpoint.engine.take_audition import Auditioned, TakeAudition
from hitpoint.errors import HostError
from hitpoint.page.messages import TakeContent
from hitpoint.scheduler.audition import BEGIN_SECONDS, Audition, AuditionMore, AuditionStop
from hitpoint.scheduler.performance import Route, Routing, ToPlay
from hitpoint.score.midi_message import control_change, is_note_on, note_off, note_on, pressed, program_change
from hitpoint.score.note import Note
from hitpoint.timeline.tempo_map import TempoMap

NOBODY = Routing(())


def content(**changed: object) -> TakeContent:
    music = a_take().music
    return TakeContent("qxpbnt", "1m03", music.bars, replace(music.score, **changed), music.session)


class Desk:
    def __init__(self) -> None:
        self.told: list[ToPlay] = []
        self.audition = TakeAudition(self.told.append, "Hitpoint", {"cello": 100.0})

    def begin(self, take: TakeContent, second: float = 0.0, routing: Routing = NOBODY) -> Audition:
        self.audition.begin(take, second, routing, rolling=False, at=100.0)
        message = self.told[-1]
        assert isinstance(message, Audition)
        return message


def test_every_note_is_at_its_second_on_its_stems_port_and_moved_by_its_offset() -> None:
    take, desk = content(), Desk()
    asked = desk.begin(take)
    assert list(asked.messages) == sorted(asked.messages, key=lambda message: message.seconds)
    ports = {message.part: message.port for message in asked.messages}
    assert ports == {"violin 1": "Hitpoint strings", "cello": "Hitpoint strings", "piano": "Hitpoint keys"}
    seconds = take.score.timeline.tempo_map.seconds_at
    for part in take.score.parts:
        offset = 0.1 if part.name == "cello" else 0.0
        struck = [m.seconds for m in asked.messages if m.part == part.name and is_note_on(m.data)]
        assert struck == pytest.approx(sorted(seconds(note.tick) + offset for note in part.notes))
    assert desk.audition.now == Auditioned("qxpbnt", 0.0, 100.0 + BEGIN_SECONDS)


def test_from_the_middle_on_it_has_the_programs_the_controllers_and_what_is_held_there() -> None:
    take = content()
    (part,) = (part for part in take.score.parts if part.name == "violin 1")
    lone = replace(part, notes=(Note(0, 60, 960, 80), Note(1920, 62, 3840, 80)))
    take = content(parts=(lone,))
    tempo_map: TempoMap = take.score.timeline.tempo_map
    second = tempo_map.seconds_at(3840)
    asked = Desk().begin(take, second)
    at_once = [message.data for message in asked.messages if message.seconds == 0.0]
    assert at_once[0] == program_change(0, part.program or 0)
    before = {move.controller: move.value for move in part.moves if tempo_map.seconds_at(move.tick) < second}
    assert {control_change(0, *move) for move in before.items()} <= set(at_once)
    struck = [(message.seconds, pressed(message.data)) for message in asked.messages if is_note_on(message.data)]
    assert struck == [(0.0, 62)], "what is over is not struck, and what is held is struck at once"


def test_from_a_bar_line_on_what_ends_there_is_not_struck_and_what_begins_there_is() -> None:
    take = content()
    lone = replace(take.score.parts[0], notes=(Note(0, 60, 3840, 80), Note(3840, 60, 960, 80)), moves=())
    second = take.score.timeline.tempo_map.seconds_at(3840)
    for place in (second - 1e-9, second, second + 1e-9):
        asked = Desk().begin(content(parts=(lone,)), place)
        heard = [(message.seconds < 0.001, message.data) for message in asked.messages if len(message.data) == 3]
        channel = heard[0][1][0] & 15
        assert heard[-2:] == [(True, note_on(channel, 60, 80)), (False, note_off(channel, 60))]
        assert sum(is_note_on(data) for _, data in heard) == 1


def test_who_plays_in_the_session_is_heard_on_the_track_that_the_daw_has_for_them() -> None:
    take = content()
    there = replace(routing_for(take.session, "Hitpoint", {}).routes[0], channel=11, port="Hitpoint brass")
    asked = Desk().begin(take, routing=Routing((there,)))
    assert {(m.port, m.data[0] & 15) for m in asked.messages if m.part == there.part} == {("Hitpoint brass", 11)}


def test_it_is_refused_while_the_host_rolls_and_nothing_is_said_to_play() -> None:
    desk = Desk()
    with pytest.raises(HostError, match="Stop it"):
        desk.audition.begin(content(), 0.0, NOBODY, rolling=True, at=0.0)
    assert desk.told == []


def test_a_long_take_is_told_slice_by_slice_in_time_and_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Desk().begin(content()).messages
    monkeypatch.setattr(take_audition, "SLICE_SECONDS", 1.0)
    monkeypatch.setattr(take_audition, "AHEAD_SECONDS", 2.0)
    desk = Desk()
    first = desk.begin(content())
    assert first.more
    begun = desk.audition.now.at
    for step in range(1000):
        now = begun + step / 50
        desk.audition.step(now)
        for message in desk.told[1:]:
            assert isinstance(message, AuditionMore)
        told = [one for message in desk.told for one in message.messages]  # type: ignore[union-attr]
        if desk.told[-1].more:  # type: ignore[union-attr]
            assert told[-1].seconds > now - begun, "what sounds next is there"
    assert not desk.told[-1].more  # type: ignore[union-attr]
    assert told == list(whole)
    assert len(desk.told) > 5


def test_only_the_end_of_the_one_that_is_heard_ends_it() -> None:
    desk = Desk()
    first, second = desk.begin(content()), desk.begin(content())
    desk.audition.over(first.number)
    assert desk.audition.now.take
    desk.audition.over(second.number)
    assert desk.audition.now == Auditioned()
    desk.audition.stop()
    assert not any(isinstance(message, AuditionStop) for message in desk.told)


def test_a_part_that_no_port_is_known_for_is_left_out() -> None:
    take = content()
    stranger = replace(take.score.parts[0], name="theremin")
    asked = Desk().begin(content(parts=(stranger, *take.score.parts)), routing=Routing((Route("x", "y", 0, None),)))
    assert "theremin" not in {message.part for message in asked.messages}
