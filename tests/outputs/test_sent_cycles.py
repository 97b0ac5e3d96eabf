from hitpoint.outputs.output import Losses
from hitpoint.outputs.sent_cycles import SentCycles
from hitpoint.score.midi_message import control_change, note_off, note_on

ON, OFF = (0, note_on(0, 60, 80)), (0, note_off(0, 60))
OTHER_ON, OTHER_OFF = (0, note_on(0, 64, 80)), (0, note_off(0, 64))


def sent(*cycles: list[tuple[int, bytes]]) -> tuple[SentCycles, Losses]:
    losses = Losses()
    kept = SentCycles(losses)
    for cycle in cycles:
        kept.add(cycle)
    return kept, losses


def test_note_offs_of_a_lost_cycle_are_sent_again() -> None:
    kept, losses = sent([ON], [], [OFF])

    assert kept.mend_last() == [OFF]
    assert (losses.cycles, losses.notes, losses.offs_repaired) == (1, 0, 1)


def test_note_ons_of_a_lost_cycle_are_counted_and_not_sent_again() -> None:
    kept, losses = sent([], [ON, OTHER_ON])

    assert kept.mend_last() == []
    assert (losses.cycles, losses.notes) == (1, 2)


def test_a_key_that_was_struck_anew_is_not_let_go() -> None:
    kept, _ = sent([ON], [OFF, ON])

    assert kept.mend_last() == []


def test_an_empty_cycle_is_no_loss() -> None:
    kept, losses = sent([ON], [])

    assert kept.mend_last() == []
    assert losses == Losses()


def test_when_somebody_else_was_late_the_last_cycles_note_offs_go_again() -> None:
    kept, losses = sent([ON, OTHER_ON], [OFF], [], [OTHER_OFF], [])

    assert kept.offs_again() == [OFF, OTHER_OFF]
    assert losses.cycles == 0


def test_before_the_first_cycle_there_is_nothing_to_mend() -> None:
    kept, losses = sent()

    assert kept.mend_last() == []
    assert losses == Losses()


def test_what_was_sent_again_is_sent_again_once() -> None:
    kept, _ = sent([ON], [OFF])
    for _ in range(4):
        again = kept.offs_again()
        assert again == [OFF]
        kept.add(again)


def test_the_up_of_a_pedal_in_a_lost_cycle_is_sent_again_unless_it_is_down_anew() -> None:
    down, up = (0, control_change(0, 64, 127)), (0, control_change(0, 64, 0))
    assert sent([down], [up])[0].mend_last() == [up]
    assert sent([down], [up, down])[0].mend_last() == []
