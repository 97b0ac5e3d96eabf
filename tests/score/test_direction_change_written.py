"""What a note says of what stands at the head of a score: tempo, key, mode and metre."""

import pytest

from hitpoint.score.direction_change import parse_change


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("at 66 to the minute", ("tempo 66 bpm",)), ("120 on the metronome", ("tempo 120 bpm",)),
        ("tempo to 96", ("tempo 96 bpm",)), ("less speed", ("tempo × 0.9",)), ("no change in tempo", ()),
        ("more tension without more speed", ("tension +0.25",)), ("could the tempo be held back", ("tempo × 0.9",)),
        ("a notch above the current tempo", ("tempo × 1.05",)), ("I'd sooner it were in four", ("metre 4/4",)),
        ("try dorian, minor's too glum", ("mode dorian",)), ("minor is the answer", ("mode minor",)),
        ("sadder, though it stays in minor", ("valence −0.25",)), ("less major", ("mode minor",)),
        ("bump it up by 10 bpm", ("tempo +10 bpm",)), ("it's too fast by about 10 bpm", ("tempo −10 bpm",)),
        ("slowly bring in the strings", ("+ strings",)), ("cut the gloom, keep it slow", ("valence +0.25",)),
        ("make it A flat", ("key Ab major",)), ("no more 3/4", ()), ("between 100 and 110 bpm", ("tempo 105 bpm",)),
        ("take 5% off the tempo", ("tempo × 0.95",)), ("pull it back from 120 to 112", ("tempo 112 bpm",)),
        ("it drags, give me 104", ("tempo 104 bpm",)), ("keep it in G minor", ("key G minor",)),
        ("the tempo's wrong: 90", ("tempo 90 bpm",)),
    ],
)  # fmt: skip
def test_a_tempo_and_a_mode_are_read_however_they_are_said(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said
