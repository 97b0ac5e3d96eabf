import random

import pytest

from fakes.midi_control import knob, nrpn, wheel, wide_knob
from hitpoint.engine.controllers import LEARN_ADDRESS, Controllers
from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.actions import MidiBound, MidiForgotten, MidiLearned, MidiLearningCancelled
from hitpoint.hosts.midi_bindings import MOST_BINDINGS
from hitpoint.hosts.midi_learn import GIVE_UP_SECONDS
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.midi_message import control_change, note_on

INTENSITY = "/hitpoint/control/intensity"
UNDO = BoundControl("note 36", "/hitpoint/undo", "trigger")


class Room:
    """Controllers, with everything around them that they speak to."""

    def __init__(self, settled: tuple[BoundControl, ...] = (), own: tuple[BoundControl, ...] = ()) -> None:
        self.now = 100.0
        self.taken: list[tuple[str, tuple[object, ...]]] = []
        self.kept: list[tuple[BoundControl, ...]] = []
        self.told: list[str] = []
        self.reported: list[str] = []
        self.refuses = False
        self.controllers = Controllers(self, self.kept.append, self.told.append, settled, own, lambda: self.now)

    def take(self, address: str, arguments: tuple[object, ...]) -> None:
        if self.refuses:
            raise HostError("jack leads the transport.")
        self.taken.append((address, arguments))

    def number_at(self, address: str) -> float | None:
        return next((float(str(values[0])) for asked, values in self.taken[::-1] if asked == address), None)

    def report(self, address: str) -> None:
        self.reported.append(address)

    def hears(self, *messages: bytes) -> None:
        for data in messages:
            self.controllers.heard("desk", data, self.now)
            self.wait(0.01)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.controllers.step(self.now)


def test_a_control_is_learned_and_then_drives():
    room = Room()
    room.controllers.ask(MidiLearned(INTENSITY, "jump"))
    assert room.controllers.learning == INTENSITY
    room.hears(*knob(21, range(50, 60)))
    room.wait(1.0)
    assert room.controllers.learning == ""
    assert room.kept == [(BoundControl("cc 21 channel 1 of desk", INTENSITY, "absolute jump 0.0..1.0"),)]
    assert room.taken == []
    room.hears(control_change(0, 21, 127))
    assert room.taken == [(INTENSITY, (1.0,))]
    assert room.reported == [LEARN_ADDRESS, LEARN_ADDRESS]


def test_what_has_been_learned_is_there_again_after_a_restart():
    room = Room()
    room.controllers.ask(MidiLearned("/hitpoint/cue/vary 5 8 'french horn'", "omni any-port"))
    room.hears(note_on(3, 40, 64))
    again = Room(own=room.kept[-1])
    again.hears(note_on(7, 40, 1))
    assert again.taken == [("/hitpoint/cue/vary", (5.0, 8.0, "french horn"))]


def test_while_a_control_is_being_learned_none_drives():
    room = Room(settled=(UNDO,))
    room.controllers.ask(MidiLearned(INTENSITY, ""))
    room.hears(note_on(0, 36, 64))
    assert room.taken == []


def test_learning_gives_up_and_says_so():
    room = Room()
    room.controllers.ask(MidiLearned(INTENSITY, ""))
    room.wait(GIVE_UP_SECONDS + 1)
    assert room.controllers.learning == ""
    assert "no MIDI control was moved" in room.told[0]


def test_learning_can_be_cancelled():
    room = Room()
    room.controllers.ask(MidiLearned(INTENSITY, ""))
    room.controllers.ask(MidiLearningCancelled())
    room.hears(*knob(21, range(50, 60)))
    room.wait(1.0)
    assert room.kept == []


def test_a_control_that_cannot_be_what_was_asked_is_told_of():
    room = Room()
    room.controllers.ask(MidiLearned(INTENSITY, "twos"))
    room.hears(note_on(0, 36, 64))
    assert room.kept == []
    assert "only cc and nrpn" in room.told[0]


@pytest.mark.parametrize(
    "asked",
    [
        MidiLearned("/hitpoint/volume", ""),
        MidiLearned("/hitpoint/status", ""),
        MidiLearned(INTENSITY, "loud"),
        MidiBound("knob 1", INTENSITY, ""),
        MidiBound("cc 1", "", ""),
        MidiForgotten(INTENSITY),
        MidiForgotten(""),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(asked):
    room = Room()
    with pytest.raises(HostError):
        room.controllers.ask(asked)
    assert (room.kept, room.controllers.learning, room.controllers.bound) == ([], "", ())


def test_what_is_forgotten_drives_no_more():
    room = Room()
    room.controllers.ask(MidiBound("cc 1", f"{INTENSITY} 0.5", ""))
    room.controllers.ask(MidiBound("cc 2", INTENSITY, ""))
    room.controllers.ask(MidiBound("cc 3", "/hitpoint/panic", ""))
    room.controllers.ask(MidiForgotten(INTENSITY))
    assert [bound.source for bound in room.controllers.bound] == ["cc 3"]
    room.controllers.ask(MidiForgotten(""))
    assert room.kept[-1] == ()
    room.hears(*knob(1, [127]), *knob(3, [127]))
    assert room.taken == []


def test_what_the_settings_bind_is_no_matter_of_the_session_until_it_is_bound_otherwise():
    room = Room(settled=(UNDO,))
    room.controllers.ask(MidiBound("cc 1", "/hitpoint/panic", ""))
    assert [bound.source for bound in room.kept[-1]] == ["cc 1"]
    room.controllers.ask(MidiBound("cc 2", "/hitpoint/undo", ""))
    again = Room(settled=(UNDO,), own=room.kept[-1])
    assert {bound.source for bound in again.controllers.bound} == {"cc 1", "cc 2"}


def test_what_is_refused_is_told_once():
    room = Room(settled=(UNDO,))
    room.refuses = True
    room.hears(*[note_on(0, 36, 64)] * 50)
    assert room.told == ["note 36 asked what cannot be: jack leads the transport."]


def test_the_last_message_that_drove_nothing_is_named():
    room = Room(settled=(UNDO,))
    room.hears(control_change(2, 21, 5), note_on(0, 36, 64), bytes((0x80, 50, 0)))
    assert room.controllers.unbound == "cc 21 channel 3 of desk at 5"


def test_there_is_an_end_to_bindings():
    room = Room()
    for number in range(MOST_BINDINGS):
        room.controllers.ask(MidiBound("cc 1", f"/hitpoint/part/p{number}/mute", ""))
    with pytest.raises(HostError, match="Forget one first"):
        room.controllers.ask(MidiBound("cc 1", INTENSITY, ""))
    room.controllers.ask(MidiBound("cc 2", "/hitpoint/part/p0/mute", ""))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_comes_in_and_is_asked_nothing_raises_and_nothing_out_of_range_is_asked(seed):
    chance, room = random.Random(seed), Room(settled=(UNDO,))
    sources = ["cc 1", "cc14 1", "nrpn 5", "nrpn14 5", "bend", "note 60", "program 1", "rubbish", "pressure"]
    targets = [INTENSITY, "/hitpoint/control/valence", "/hitpoint/part/cello/lock", "/hitpoint/panic", "/nowhere"]
    hows = ["", "jump", "pickup", "scale", "twos", "toggle", "momentary", "0.9..0.1", "rubbish"]
    for _ in range(300):
        match chance.randrange(8):
            case 0:
                asked = chance.choice(
                    [
                        MidiLearned(chance.choice(targets), chance.choice(hows)),
                        MidiBound(chance.choice(sources), chance.choice(targets), chance.choice(hows)),
                        MidiForgotten(chance.choice(targets)),
                        MidiLearningCancelled(),
                    ]
                )
                try:
                    room.controllers.ask(asked)
                except HitpointError:
                    continue
            case 1:
                room.hears(chance.randbytes(chance.randrange(5)))
            case 2:
                room.wait(chance.choice([0.01, 1.0, 40.0]))
            case _:
                moved = chance.choice([knob, wide_knob])(1, [chance.randrange(128) for _ in range(4)])
                other = chance.choice([nrpn(5, [chance.randrange(16384)]), wheel([chance.randrange(16384)])])
                room.hears(*moved, *other, note_on(0, 60, chance.randrange(1, 128)))
    for address, arguments in room.taken:
        low = -1.0 if address.endswith("valence") else 0.0
        assert all(low <= float(str(value)) <= 1.0 for value in arguments)
