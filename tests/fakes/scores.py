"""Random parts for laws about files: any names, notes that may overlap, controllers."""

from hypothesis import strategies as st

from hitpoint.score.expression import ControllerMove
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note

notes = st.builds(Note, st.integers(0, 30_000), st.integers(0, 127), st.integers(1, 8000), st.integers(1, 127))
moves = st.builds(ControllerMove, st.integers(0, 40_000), st.sampled_from([1, 11]), st.integers(0, 127))

NAMES = (
    "violin 1",
    "",
    'a "quoted" name',
    "it's",
    "``",
    "日本の弦楽器",
    "Ω ½ é",
    "<TRACK",
    ">",
    "a  b",
    "|x",
    "🎻",
    "&amp;",
)

parts = st.builds(
    lambda name, channel, program, notes, moves: MidiPart(
        name, channel, program, tuple(sorted(notes)), tuple(sorted(moves, key=lambda move: move.tick))
    ),
    st.sampled_from(NAMES),
    st.integers(0, 15),
    st.none() | st.integers(0, 127),
    st.lists(notes, max_size=20),
    st.lists(moves, max_size=6),
)
