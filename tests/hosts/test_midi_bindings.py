"""Whatever moves, it drives what it is bound to, within its range, and never further than it was moved."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.midi_control import knob, nrpn, wheel, wide_knob
from hitpoint.errors import HostError
from hitpoint.hosts.actions import Ask, Subscribe, Unsubscribe
from hitpoint.hosts.commands import COMMANDS, Command, Kind, read
from hitpoint.hosts.midi_binding_text import binding_of
from hitpoint.hosts.midi_bindings import Bindings
from hitpoint.hosts.midi_modes import Mode
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.midi_message import control_change, note_off, note_on, program_change

INTENSITY, TENSION, MUTE = "/hitpoint/control/intensity", "/hitpoint/control/tension", "/hitpoint/part/strings/mute"
ends = st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0))


class Desk:
    """Bindings, and the values that they drive."""

    def __init__(self, *bound: tuple[str, ...], **values: float) -> None:
        self.values: dict[str, float] = {f"/hitpoint/control/{name}": value for name, value in values.items()}
        self.asked: list[tuple[str, tuple[object, ...]]] = []
        self.bindings = Bindings()
        for words in bound:
            self.bindings = self.bindings.bound(binding_of(BoundControl(*words)))

    def hears(self, *messages: bytes, port: str = "desk") -> list[tuple[str, tuple[object, ...]]]:
        """What they ask; the first argument is then the value of their address."""
        before = len(self.asked)
        for data in messages:
            heard = self.bindings.heard(port, data, self.values.get)
            self.bindings = heard.bindings
            for target, arguments in heard.asks:
                read(target.address, arguments)
                self.asked.append((target.address, arguments))
                if arguments and not isinstance(arguments[0], str):
                    self.values[target.address] = float(arguments[0])
        return self.asked[before:]

    def driven(self, *messages: bytes) -> list[float]:
        """The values that they ask for."""
        return [float(str(arguments[-1])) for _, arguments in self.hears(*messages)]


SWEEPS = {
    "cc 1": lambda positions: knob(1, positions),
    "cc14 1": lambda positions: wide_knob(1, positions),
    "nrpn 300": lambda positions: nrpn(300, positions, fine=False),
    "nrpn14 300": lambda positions: nrpn(300, positions),
    "bend": wheel,
}


@pytest.mark.parametrize("source", SWEEPS)
@settings(max_examples=30)
@given(ends=ends, down=st.booleans())
def test_a_sweep_covers_its_range_in_one_direction_and_reaches_both_ends(source, ends, down):
    low, high = ends
    desk = Desk((source, INTENSITY, f"jump {low!r}..{high!r}"))
    positions = range(128) if source in ("cc 1", "nrpn 300") else range(0, 16384, 381)
    driven = desk.driven(*SWEEPS[source](reversed(positions) if down else positions))
    assert (driven[-1], driven[0]) == ((low, high) if down else (high, low))
    rises = (low <= high) != down
    assert all(before <= after if rises else after <= before for before, after in pairwise(driven))


@given(
    st.sampled_from([Mode.TWOS, Mode.OFFSET, Mode.SIGNED]),
    ends,
    st.none() | st.floats(0, 1),
    st.lists(st.integers(0, 127), max_size=60),
)
def test_an_endless_knob_never_leaves_its_range(mode, ends, current, turns):
    low, high = ends
    held = {} if current is None else {"intensity": current}
    desk = Desk(("cc 1", INTENSITY, f"{mode.value} {low!r}..{high!r}"), **held)
    assert all(min(low, high) <= value <= max(low, high) for value in desk.driven(*knob(1, turns)))


@pytest.mark.parametrize(("mode", "up", "down"), [("twos", 1, 127), ("offset", 65, 63), ("signed", 1, 65)])
def test_an_endless_knob_takes_a_step_for_a_step(mode, up, down):
    desk = Desk(("cc 1", INTENSITY, mode), intensity=0.5)
    assert desk.driven(*knob(1, [up, up, down])) == pytest.approx([0.5 + n / 127 for n in (1, 2, 1)])


moves = st.lists(st.tuples(st.booleans(), st.integers(0, 127), st.floats(0, 1)), max_size=60)


@given(moves, st.floats(0, 1), ends)
def test_a_knob_that_picks_up_moves_the_value_no_further_than_it_is_moved_itself(moves, begun, ends):
    low, high = ends
    desk, before = Desk(("cc 1", INTENSITY, f"pickup {low!r}..{high!r}"), intensity=begun), None
    for elsewhere, position, value in moves:
        if elsewhere:
            desk.values[INTENSITY] = value
            continue
        current = desk.values[INTENSITY]
        # A value that lies beyond the knob's end is brought in to it when the knob gets there.
        beyond = abs(current - min(max(current, min(low, high)), max(low, high)))
        step = max(1, abs(position - before)) if before is not None else 1
        before = position
        for now in desk.driven(*knob(1, [position])):
            assert abs(now - current) <= (step + 1) / 127 * abs(high - low) + beyond + 1e-9


def test_a_knob_does_nothing_until_it_passes_the_value_and_then_leads():
    desk = Desk(("cc 1", INTENSITY), intensity=0.5)
    assert desk.driven(*knob(1, [10, 40, 60])) == []
    assert desk.driven(*knob(1, [70, 80])) == [70 / 127, 80 / 127]
    desk.values[INTENSITY] = 0.1
    assert desk.driven(*knob(1, [90, 60])) == []
    assert desk.driven(*knob(1, [5, 20])) == [5 / 127, 20 / 127]


def test_a_value_that_nobody_holds_is_led_at_once():
    assert Desk(("cc 1", INTENSITY)).driven(*knob(1, [90])) == [90 / 127]


@given(moves, st.floats(0, 1))
def test_a_scaled_value_moves_the_way_the_knob_does_and_meets_it_at_the_ends(moves, begun):
    desk, before = Desk(("cc 1", INTENSITY, "scale"), intensity=begun), None
    for elsewhere, position, value in moves:
        if elsewhere:
            desk.values[INTENSITY] = value
            continue
        current = desk.values[INTENSITY]
        for now in desk.driven(*knob(1, [position])):
            assert before is not None
            assert (now >= current - 1e-9) if position > before else (now <= current + 1e-9)
            if position in (0, 127):
                assert now == pytest.approx(position / 127)
        before = position


def test_a_key_mutes_and_lets_sound_again():
    desk = Desk(("note 36", MUTE))
    assert desk.driven(note_on(9, 36, 80), note_off(9, 36), note_on(9, 36, 5), note_off(9, 36)) == [1, 0]


def test_a_key_mutes_while_it_is_held():
    desk = Desk(("note 36", MUTE, "momentary"))
    assert desk.driven(note_on(9, 36, 80), note_off(9, 36)) == [1, 0]


def test_a_button_toggles_whether_or_not_it_tells_that_it_is_let_go():
    assert Desk(("cc 20", MUTE)).driven(*knob(20, [127, 0, 127, 0])) == [1, 0]
    assert Desk(("cc 20", MUTE)).driven(*knob(20, [127, 127, 127])) == [1, 0, 1]


def test_a_fader_asks_once_when_it_rises_past_its_middle():
    desk = Desk(("cc 7", "/hitpoint/undo"))
    assert len(desk.hears(*knob(7, [*range(0, 128, 3), *range(123, 0, -3), *range(0, 128, 3)]))) == 2


def test_a_fixed_argument_is_sent_along():
    desk = Desk(("program 5", "/hitpoint/cue/vary 5 8 'french horn'"), ("note 1", f"{INTENSITY} 0.9"))
    assert desk.hears(program_change(0, 5), program_change(0, 6)) == [("/hitpoint/cue/vary", (5.0, 8.0, "french horn"))]
    assert desk.hears(note_on(0, 1, 9)) == [(INTENSITY, (0.9,))]


def test_whole_numbers_are_asked_of_what_counts_in_them():
    desk = Desk(("cc 1", "/hitpoint/transport/locate"))
    assert desk.driven(*knob(1, [0, 4])) == pytest.approx([1.0, 5.0])


def test_only_the_named_channel_and_port_drive():
    desk = Desk(("cc 1 channel 3 of desk", INTENSITY))
    assert desk.hears(control_change(0, 1, 9)) == []
    assert desk.hears(control_change(2, 1, 9), port="keys") == []
    assert desk.hears(control_change(2, 1, 9)) == [(INTENSITY, (9 / 127,))]


def test_one_control_may_drive_several_and_a_target_has_one():
    desk = Desk(("cc 1", INTENSITY, "jump"), ("cc 1", TENSION, "jump 1..0"), ("cc 2", INTENSITY, "jump"))
    assert desk.hears(control_change(0, 1, 0)) == [(TENSION, (1.0,))]
    assert desk.hears(control_change(0, 2, 127)) == [(INTENSITY, (1.0,))]


@given(st.lists(st.binary(max_size=5) | st.binary(min_size=2, max_size=2).map(lambda b: b"\xb0" + b), max_size=60))
def test_no_bytes_raise_or_ask_what_an_address_does_not_take(messages):
    controls = ("cc 1", "cc14 2", "nrpn 0", "nrpn14 0", "note 0", "bend", "program 0", "pressure", "key-pressure 0")
    sources = [(control, f"/hitpoint/part/{n}/lock") for n, control in enumerate(controls)]
    # `Desk` reads everything that is asked as a packet is read, which raises where it would be refused.
    Desk(*sources, ("cc 0", INTENSITY), ("cc 6", TENSION, "scale"), ("cc 2", "/hitpoint/cue/vary")).hears(*messages)


# Every row of the table


def sample(command: Command) -> str:
    """A target that asks the command for something, with every needed text filled in, and every number but the last."""
    address = "/".join("strings" if piece.startswith("{") else piece for piece in command.address.split("/"))
    fixed = []
    needed = [argument for argument in command.arguments if not argument.optional]
    for argument in needed:
        if argument.kind is Kind.TEXT:
            fixed.append(argument.words[0] if argument.words else "''")
        elif argument is not needed[-1]:
            fixed.append(f"{argument.low:g}")
    return " ".join([address, *fixed])


ASKS_NOTHING = (Ask, Subscribe, Unsubscribe)
"""They answer to an OSC address, which a control does not have."""


@pytest.mark.parametrize("source", ["cc 20", "note 36", "program 5", "bend"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.address)
def test_every_row_of_the_table_can_be_driven_by_every_kind_of_control(command, source):
    presses = {"cc 20": knob(20, [127]), "note 36": [note_on(0, 36, 99)], "program 5": [program_change(0, 5)],
               "bend": wheel([16383])}  # fmt: skip
    try:
        desk = Desk((source, sample(command)))
    except HostError:
        assert command.build is None or command.address.endswith("subscribe")
        return
    ((address, arguments),) = desk.hears(*presses[source])
    assert not isinstance(read(address, arguments), ASKS_NOTHING)
