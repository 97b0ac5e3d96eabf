"""A rendered cue, with a fake for a model: what the file has beside its notes."""

from itertools import pairwise
from pathlib import Path

import mido

from fakes.fake_model import FakeModel
from hitpoint.config.articulation_maps import articulation_map
from hitpoint.config.document import Text
from hitpoint.engine.composer import Composer
from hitpoint.engine.render import render
from hitpoint.engine.routes import routing_for
from hitpoint.score.expression import EXPRESSION, MODULATION, controller_value
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_message import SUSTAIN_PEDAL
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR = 3840
SESSION = Session(Timeline(markers=(Marker(0, "1m01 calm, strings, drums"), Marker(6 * BAR + 137, "HIT door"))))


def rendered(controllers: tuple[int, ...]) -> tuple[MidiPart, ...]:
    return render(SESSION, Composer(FakeModel()), 8, lambda *_: None, controllers)


def test_every_pitched_part_follows_the_dynamics_to_the_accents_very_tick() -> None:
    parts = rendered((MODULATION, EXPRESSION))
    assert {part.name for part in parts if not part.moves} == {"drums"}
    for part in parts:
        at_hit = {move.controller: move.value for move in part.moves if move.tick == 6 * BAR + 137}
        assert part.name == "drums" or at_hit == {MODULATION: 127, EXPRESSION: controller_value(EXPRESSION, 1.0)}


def test_who_never_plays_has_an_empty_track() -> None:
    session = Session(Timeline(markers=(Marker(0, "1m01 calm, orchestra"), Marker(7 * BAR, "END"))))
    parts = render(session, Composer(FakeModel()), 8, lambda *_: None)
    silent = [part for part in parts if not part.notes]
    assert silent
    assert not any(part.moves for part in silent)


def test_without_controllers_only_notes_are_written() -> None:
    assert not any(part.moves for part in rendered(()))
    assert [part.notes for part in rendered(())] == [part.notes for part in rendered((EXPRESSION,))]


def test_a_piano_has_its_pedal_and_nobody_else_and_only_when_asked_for() -> None:
    session = Session(Timeline(markers=(Marker(0, "1m01 calm, piano, violin, D minor"), Marker(7 * BAR, "END"))))
    parts = {part.name: part for part in render(session, Composer(FakeModel()), 8, lambda *_: None)}
    moves = {name: [move for move in part.moves if move.controller == SUSTAIN_PEDAL] for name, part in parts.items()}
    assert [name for name, own in moves.items() if own] == ["piano"]
    assert [move.value for move in moves["piano"]] == [127, 0] * (len(moves["piano"]) // 2)
    assert all(move.tick <= 8 * BAR for move in moves["piano"])
    others = render(session, Composer(FakeModel()), 8, lambda *_: None, (MODULATION,))
    assert {move.controller for part in others for move in part.moves} == {MODULATION}
    assert [part.notes for part in others] == [part.notes for part in parts.values()]


def test_an_instrument_that_is_written_as_another_sounds_as_itself_in_files_and_ports() -> None:
    later = Marker(2 * BAR, "tense, glockenspiel, tenor sax")
    session = Session(Timeline(markers=(Marker(0, "1m01 calm, celesta, taiko"), later, Marker(4 * BAR, "END"))))
    written = {part.name: part.program for part in render(session, Composer(FakeModel()), 5, lambda *_: None)}
    assert written == {"saxophone": 66, "bells": 8, "drums": 0}
    assert {route.part: route.program for route in routing_for(session, "Hitpoint", {}).routes} == written


def test_switches_go_before_their_notes_into_the_file_and_are_no_notes_of_the_part(tmp_path: Path) -> None:
    known = articulation_map(Text("keyswitched", 1))
    parts = render(SESSION, Composer(FakeModel()), 8, lambda *_: None, (), known)
    plain = render(SESSION, Composer(FakeModel()), 8, lambda *_: None, ())
    assert [part.notes for part in parts] == [part.notes for part in plain]
    write_midi_file(tmp_path / "cue.mid", parts, SESSION.timeline)
    for part, track in zip(parts, mido.MidiFile(tmp_path / "cue.mid").tracks[1:], strict=True):
        switches = [one.tick for one in part.switches]
        assert bool(switches) == (part.name != "drums")
        assert not switches or switches[0] <= min(note.tick for note in part.notes)
        sounding = set()
        for message in track:
            if message.type == "note_on":
                sounding.add(message.note)
            elif message.type == "note_off":
                sounding.remove(message.note)
        assert not sounding
        assert all(one.switch != other.switch for one, other in pairwise(part.switches))
