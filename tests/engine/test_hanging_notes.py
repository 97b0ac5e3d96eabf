from math import inf

from hitpoint.engine.hanging_notes import Death, HeardNote, hanging, never_ended, seconds_to_next_note

A, B = (0, 0, 60), (1, 3, 48)
KILLED = Death(10.0, 0.5)


def heard(*notes: tuple[float, tuple[int, int, int], bool]) -> list[HeardNote]:
    return [HeardNote(*note) for note in notes]


def test_what_sounds_at_the_death_and_is_let_go_in_time_does_not_hang():
    assert hanging(heard((9.0, A, True), (10.4, A, False)), KILLED) == 0


def test_what_is_let_go_too_late_or_never_hangs():
    assert hanging(heard((9.0, A, True), (9.5, B, True), (10.6, A, False)), KILLED) == 2


def test_what_was_over_before_or_came_after_is_none_of_that_death():
    assert hanging(heard((8.0, A, True), (9.0, A, False), (10.1, B, True)), KILLED) == 0


def test_the_next_note_is_the_first_that_is_struck():
    notes = heard((9.0, A, True), (10.2, A, False), (10.75, B, True), (11.0, A, True))
    assert seconds_to_next_note(notes, KILLED) == 0.75
    assert seconds_to_next_note(notes[:2], KILLED) == inf


def test_what_is_never_let_go_sounds_for_ever():
    assert never_ended(heard((1.0, A, True), (2.0, B, True), (3.0, A, False))) == 1
