import pytest

from hitpoint.errors import ConfigError
from hitpoint.score.stinger import LONGEST_BEATS, Shape, read_stinger, stinger_parts


@pytest.mark.parametrize(
    ("text", "shape", "instruments", "beats"),
    [
        ("hit, brass, timpani", Shape.HIT, ("brass", "timpani"), 2),
        ("strings, RISE, 4 beats", Shape.RISE, ("strings",), 4),
        ("fall, solo harp, 1 beat", Shape.FALL, ("harp",), 1),
        ("Roll, timpani, drums", Shape.ROLL, ("timpani", "drums"), 4),
    ],
)
def test_a_stinger_is_read_from_words(text: str, shape: Shape, instruments: tuple[str, ...], beats: int) -> None:
    stinger = read_stinger(text)
    assert (stinger.shape, stinger.instruments, stinger.beats) == (shape, instruments, beats)


@pytest.mark.parametrize(
    "text",
    ["", "hit", "brass", "hit, rise, brass", "hit, kazoo", "hit, brass, tense", "hit, brass, D minor", "hit, no brass",
     "hit, brass, 2 beats, 3 beats", "hit, brass, 0 beats", f"hit, brass, {LONGEST_BEATS + 1} beats"],
)  # fmt: skip
def test_what_is_no_stinger_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="must"):
        read_stinger(text)


def test_its_parts_are_its_own() -> None:
    names = [part.name for part in stinger_parts(read_stinger("hit, strings"))]
    assert names == ["stinger violin 1", "stinger violin 2", "stinger viola", "stinger cello", "stinger contrabass"]
