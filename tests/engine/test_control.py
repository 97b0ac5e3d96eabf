import asyncio
import pickle
from multiprocessing import Pipe

from hitpoint.engine.control import Control, ControlSettings
from hitpoint.engine.crew_pipes import Post
from hitpoint.planner.horizon import Horizon
from hitpoint.scheduler.performance import MidiHeard
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.midi_message import control_change, note_on
from hitpoint.score.session import ControllersBound, Session

INTENSITY = BoundControl("cc 1", "/hitpoint/control/intensity")


def a_control(session: Session, *settled: BoundControl) -> Control:
    """Control before it starts: it has met nobody."""

    async def made() -> Control:
        down, up = Pipe()
        return Control(session, ControlSettings(Horizon(), "small-1", bindings=settled), Post(down, up))

    return asyncio.run(made())


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
