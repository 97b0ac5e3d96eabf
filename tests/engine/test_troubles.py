import logging

import pytest

from hitpoint.engine.troubles import MOST_TROUBLES, Troubles


def test_what_goes_wrong_again_and_again_is_logged_once_and_crowds_nothing_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    troubles = Troubles(("the disk is full",))
    with caplog.at_level(logging.WARNING, "hitpoint"):
        for _ in range(2 * MOST_TROUBLES):
            troubles.tell("no note")
        troubles.tell("the disk is full")
    assert troubles.last == ("no note", "the disk is full")
    assert caplog.messages == ["no note"], "and what the control before this one logged is not logged again"


def test_of_many_the_oldest_is_forgotten() -> None:
    troubles = Troubles()
    for number in range(MOST_TROUBLES + 1):
        troubles.tell(f"trouble {number}")
    assert len(troubles.last) == MOST_TROUBLES
    assert troubles.last[0] == "trouble 1"
    assert troubles.last[-1] == f"trouble {MOST_TROUBLES}"
