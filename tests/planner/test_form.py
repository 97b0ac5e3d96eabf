"""Laws of form: A comes back, what returns was said before, and nothing depends on an end that is far away."""

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.planner.form import GROUP, LEAST_BARS, Phrase, phrase_in
from hitpoint.planner.phrases import PHRASE_BARS

seeds = st.integers(0, 2**64 - 1)


def letters(bars: int | None, seed: int, until: int = 64) -> list[Phrase]:
    """The phrases of a cue of so many bars, or of endless music up to some bar."""
    found = []
    for bar in range(0, until if bars is None else bars, PHRASE_BARS):
        phrase = phrase_in(bar, None if bars is None else bars - 1 - bar, seed)
        if phrase is not None:
            found.append(phrase)
    return found


@given(st.integers(1, LEAST_BARS - 1), seeds)
def test_a_short_cue_has_no_form(bars: int, seed: int) -> None:
    assert all(phrase_in(bar, bars - 1 - bar, seed) is None for bar in range(bars))


@given(st.none() | st.integers(LEAST_BARS, 200), seeds)
def test_what_returns_was_said_first_by_a_phrase_that_was_new(bars: int | None, seed: int) -> None:
    phrases = letters(bars, seed)
    for phrase in phrases:
        first = phrases[phrase.first]
        assert first.first == first.number == phrase.first <= phrase.number
        assert first.letter == phrase.letter
    assert phrases[0].letter == "A"
    assert all((phrase.letter == "A") == (not phrase.contrasts) for phrase in phrases)


@given(seeds)
def test_sixteen_bars_say_something_else_and_something_again(seed: int) -> None:
    phrases = letters(16, seed)
    assert len(phrases) == 4
    assert {phrase.letter for phrase in phrases} >= {"A", "B"}
    assert any(phrase.returns for phrase in phrases)


@given(st.integers(20, 200), seeds)
def test_a_longer_cue_comes_home(bars: int, seed: int) -> None:
    last = letters(bars, seed)[-2:]
    assert any(phrase.letter == "A" for phrase in last)


@given(seeds)
def test_a_rondo_goes_on_and_on(seed: int) -> None:
    phrases = letters(None, seed, until=4000)
    for group in range(0, len(phrases), GROUP):
        assert any(phrase.letter == "A" for phrase in phrases[group : group + GROUP])
    assert phrases[-GROUP:] == letters(None, seed, until=4000)[-GROUP:]


@given(st.integers(20, 60), st.integers(0, 60), seeds)
def test_an_end_that_moves_changes_the_last_phrase_at_most(bars: int, more: int, seed: int) -> None:
    short, long, endless = letters(bars, seed), letters(bars + more, seed), letters(None, seed, bars + more)
    assert short[:-1] == long[: len(short) - 1] == endless[: len(short) - 1]


def test_there_are_several_forms() -> None:
    assert len({"".join(phrase.letter for phrase in letters(16, seed)) for seed in range(40)}) >= 4


@given(st.none() | st.integers(LEAST_BARS, 100), seeds)
def test_a_line_is_said_again_from_the_start_of_a_phrase_and_never_to_its_end(bars: int | None, seed: int) -> None:
    for phrase in letters(bars, seed):
        own = range(phrase.number * PHRASE_BARS, (phrase.number + 1) * PHRASE_BARS)
        said = [phrase.says_again(bar) for bar in own]
        assert said == sorted(said, reverse=True)
        assert not said[-1]
        assert any(said) == phrase.returns
        assert [phrase.first_of(bar) // PHRASE_BARS for bar in own] == [phrase.first] * PHRASE_BARS
