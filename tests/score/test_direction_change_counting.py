"""Where in the cue a note holds, and how many bars it adds or takes."""

import pytest

from hitpoint.score.direction_change import parse_change


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("sadder in the third quarter", ("valence −0.25 (third quarter)",)),
        ("calmer over the closing six bars", ("arousal −0.25 (last 6 bars)",)),
        ("calmer in the final half-dozen bars", ("arousal −0.25 (last 6 bars)",)),
        ("darker, starting at bar 20", ("valence −0.25 (from bar 20)",)),
        ("darker from bar 12 and after", ("valence −0.25 (from bar 12)",)),
        ("piano only, up to and including bar 8", ("only piano (until bar 8)",)),
        ("he finds the letter in bar 14: from there, sadder", ("valence −0.25 (from bar 14)",)),
        ("fine until bar 10, after that it's too loud", ("intensity −0.25 (after bar 9)",)),
        ("too big, because we've nowhere to go after that", ("intensity −0.25",)),
        ("the strings are too loud at bar 12, fewer notes in that bar",
         ("density −0.25 (bar 12)", "softer strings (bar 12)")),
        ("guitar in the first half only", ("+ guitar (first half)",)),
        ("in the first half guitar only", ("only guitar (first half)",)),
        ("bring the harp in half-way through", ("+ harp (from halfway through)",)),
        ("remove the synth from the middle", ("− synth (middle)",)),
        ("the third bar is too loud", ("intensity −0.25 (bar 3)",)),
        ("sadder for four bars from bar 9", ("valence −0.25 (bars 9-12)",)),
        ("the two bars before bar 9 should be louder", ("intensity +0.25 (bars 7-8)",)),
        ("louder, but not in the first half", ("intensity +0.25 (all but the first half)",)),
        ("calm until the very last bar", ("arousal −0.25",)),
        ("at 0:45, more tension", ("tension +0.25",)),
        ("take out bars 9 to 12", ("bars −4",)),
        ("the first two bars are perfect, the rest is too loud", ("intensity −0.25 (all but the first 2 bars)",)),
        ("until the door slams at bar 8, no drums", ("− drums (until bar 8)",)),
        ("take the drums from the middle", ("− drums (middle)",)),
        ("not from bar 8, softer", ("intensity −0.25 (all but from bar 8)",)),
        ("an extra bar before the hit", ("bars +1",)),
        ("they've trimmed the scene by six bars, do the same", ("bars −6",)),
        ("the middle four bars should be softer", ("intensity −0.25 (middle)",)),
        ("bars 8, 9 and 10 warmer", ("valence +0.25 (bars 8-10)",)),
        ("it's four bars short", ("bars +4",)),
        ("it's 8 bars long", ("bars 8",)),
    ],
)  # fmt: skip
def test_a_place_is_read_however_it_is_said(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said
