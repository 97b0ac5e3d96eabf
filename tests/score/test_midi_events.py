"""A MIDI file as events: nothing is lost, whatever it holds."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.midi_bytes import plain_events, random_file
from hitpoint.errors import ScoreError
from hitpoint.score.midi_events import Event, parse_events


@given(st.integers(0, 10**9))
def test_a_file_that_is_not_changed_has_the_same_bytes(seed: int) -> None:
    content = random_file(Random(seed), seed % 2 == 0)
    assert parse_events(content, "a").as_bytes() == content


@given(st.integers(0, 10**9))
def test_every_event_is_read_with_its_tick_and_its_bytes(seed: int) -> None:
    content = random_file(Random(seed))
    read = [
        (index, event.tick, event.data)
        for index, track in enumerate(parse_events(content, "a").tracks)
        for event in track.events
    ]
    assert read == plain_events(content)


@given(st.integers(0, 10**9))
def test_a_track_that_is_written_anew_keeps_its_events(seed: int) -> None:
    file = parse_events(random_file(Random(seed)), "a")
    again = file.with_events({index: track.events for index, track in enumerate(file.tracks)})
    assert plain_events(again.as_bytes()) == plain_events(file.as_bytes())


def test_one_more_track_is_counted() -> None:
    file = parse_events(random_file(Random(1)), "a").with_track([Event(0, b"\xff\x2f\x00")])
    assert len(parse_events(file.as_bytes(), "a").tracks) == len(file.tracks)
    assert int.from_bytes(file.as_bytes()[10:12], "big") == len(file.tracks)


@pytest.mark.parametrize("cut", [3, 12, 30, 60])
def test_a_file_that_breaks_off_is_refused(cut: int) -> None:
    content = random_file(Random(2))
    with pytest.raises(ScoreError, match=r"a\.mid"):
        parse_events(content[:cut], "a.mid")
