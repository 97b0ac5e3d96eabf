"""What is struck together by rule and not by a model lies in hands, under bows and on frets."""

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.planner.voicing import in_reach
from hitpoint.score.note import Note
from hitpoint.score.playability import violations_of
from hitpoint.score.player_limits import PLAYERS
from hitpoint.score.stem import INSTRUMENTS, Instrument

played = st.sampled_from([one for one in INSTRUMENTS if one.name in PLAYERS and not one.drums])


@given(played, st.data())
def test_as_many_keys_as_a_player_holds_from_the_lowest_on(instrument: Instrument, data: st.DataObject) -> None:
    keys = data.draw(st.sets(st.integers(instrument.low, instrument.high), min_size=1, max_size=6))
    held = in_reach(instrument, sorted(keys))
    assert set(held) <= keys
    assert held[0] == min(keys)
    notes = [Note(0, key, 480, 80) for key in held]
    assert violations_of("it", instrument.name, notes, lambda tick: tick / 960) == []
