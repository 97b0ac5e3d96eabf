"""Bars as people name them: "5-8", "5", "3,5-6", counted from 1."""

from hitpoint.errors import ConfigError


def bars_in(text: str, count: int) -> tuple[int, ...]:
    """Indices, counted from 0 and rising, of the bars that `text` names. count: bars there are.

    Raises ConfigError for what names no bars, and for bars that are not there.
    """
    chosen: set[int] = set()
    for piece in text.split(","):
        first, dash, last = (word.strip() for word in piece.partition("-"))
        if not (first.isdecimal() and len(first) < 8 and (not dash or (last.isdecimal() and len(last) < 8))):
            raise ConfigError(f"--bars {text!r} names no bars. Give them as 5-8, 5 or 3,5-6.")
        low, high = int(first), int(last or first)
        if low > high:
            raise ConfigError(f"--bars {text!r} runs backwards. Give the first bar first.")
        if low < 1 or high > count:
            raise ConfigError(f"--bars {text!r} is outside the file, which has bars 1 to {count}.")
        chosen |= set(range(low - 1, high))
    return tuple(sorted(chosen))
