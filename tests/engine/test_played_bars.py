from hypothesis import given
from hypothesis import strategies as st

from hitpoint.engine.played_bars import PlayedBars
from hitpoint.score.request import Source

bars = st.lists(st.lists(st.sampled_from(Source), min_size=1, max_size=8))


@given(bars)
def test_every_part_of_every_bar_is_counted_once(sources: list[list[Source]]) -> None:
    played = PlayedBars()
    for one in sources:
        played = played.after(one)
    assert played.bars == len(sources)
    assert played.by_model + played.by_fallback == sum(map(len, sources))
    assert played.late == sum(1 for one in sources if set(one) != {Source.MODEL})
