"""Lines that come back are counted, in another key, octave or part too; those that merely go on are not."""

from fakes.made_cues import QUARTER, made_score
from fakes.small_corpus import write_corpus
from hitpoint.score.note import Note
from hitpoint.training.corpus import Split
from hitpoint.training.dataset import load, prepare
from hitpoint.training.judge.played import played_score
from hitpoint.training.judge.returns import APART, BARS, returned, returns_of_cues, returns_of_people

BAR = 4 * QUARTER
SCALE = (0, 2, 4, 5, 7, 9, 11, 12)


def line(bar: int, steps: list[int], tonic: int = 60) -> list[Note]:
    """A quarter for each step of the major scale."""
    return [Note(BAR * bar + QUARTER * beat, tonic + SCALE[step], QUARTER, 64) for beat, step in enumerate(steps)]


def other(bar: int) -> list[Note]:
    """A bar that is like no other: each has its own rhythm."""
    ticks = [0, 60 * (bar + 1), QUARTER + 60 * (bar + 1), 3 * QUARTER]
    return [Note(BAR * bar + tick, 60 + SCALE[place], 60, 64) for place, tick in enumerate(ticks)]


def counted(*parts: list[Note]) -> list[int]:
    names = ("violin", "cello", "piano")
    score = made_score({name: sorted(notes) for name, notes in zip(names, parts, strict=False)})
    return [int(count) for count in returned(played_score(score, BARS))]


def plain(*without: int) -> list[Note]:
    return [note for bar in range(BARS) if bar not in without for note in other(bar)]


def test_music_that_goes_on_says_nothing_again() -> None:
    assert counted(plain()) == [0, BARS, 0, BARS]


def test_a_bar_that_comes_back_is_counted_in_another_key_and_octave_too() -> None:
    for tonic in (60, 67, 72, 75):
        assert counted([*plain(0, 8), *line(0, [0, 2, 4, 3]), *line(8, [0, 2, 4, 3], tonic)])[:2] == [1, BARS]
    assert counted([*plain(0, 8), *line(0, [0, 2, 4, 3]), *line(8, [0, 2, 4, 5])])[:2] == [0, BARS]


def test_what_comes_back_at_once_is_not_counted() -> None:
    for later, found in ((1, 0), (APART - 1, 0), (APART, 1)):
        assert counted([*plain(0, later), *line(0, [0, 1, 2, 0]), *line(later, [0, 1, 2, 0])])[0] == found
    same = [note for bar in range(BARS) for note in line(bar, [0, 1, 2, 0])]
    assert counted(same)[0] == 0


def test_a_line_that_another_part_takes_up_comes_back() -> None:
    high = [*plain(0), *line(0, [4, 3, 2, 0])]
    low = line(9, [4, 3, 2, 0], 48)
    assert counted(high, low) == [0, BARS, 1, BARS]


def test_bars_of_few_notes_say_too_little() -> None:
    assert counted([*plain(0, 8), *line(0, [0, 2]), *line(8, [0, 2])]) == [0, BARS - 2, 0, BARS - 2]


def test_shares_are_by_bar_of_all_cues() -> None:
    cue = played_score(made_score({"violin": sorted([*plain(0, 8), *line(0, [0, 2, 4]), *line(8, [0, 2, 4])])}), BARS)
    found = returns_of_cues([[cue, cue]])
    assert found["cues"] == 2
    assert found["top"]["share"] == found["any"]["share"] == round(1 / BARS, 4)


def test_people_are_counted_by_whole_stretches_and_short_pieces_are_left_out(tmp_path) -> None:
    found = []
    for bars in (BARS - 1, 2 * BARS + 3):
        corpus = write_corpus(tmp_path / f"{bars}", pieces=6, bars=bars)
        prepare(corpus, tmp_path / f"{bars} prepared", 1, lambda *_: None)
        found.append(returns_of_people(load(tmp_path / f"{bars} prepared", Split.TRAIN)))
    assert found[0] == {"pieces": 0}
    # Its scales go round and round: every bar is the one before again.
    assert (found[1]["pieces"], found[1]["top"]["share"]) == (4, 0)
