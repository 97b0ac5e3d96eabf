"""A progress bar on stderr, for people only: nothing is drawn where stderr is not a terminal."""

import sys
from typing import TextIO

WIDTH = 30


class Progress:
    """Draws itself over one line; `close` ends the line."""

    def __init__(self, what: str, stream: TextIO | None = None) -> None:
        self._what = what
        self._stream = stream or sys.stderr
        self._drawn = ""

    def show(self, done: float, of: float, note: str = "") -> None:
        """Draw `done` of `of`, with a few words after it."""
        if not self._stream.isatty():
            return
        share = min(1.0, done / of) if of else 1.0
        bar = "█" * round(share * WIDTH)
        line = f"{self._what} {bar:░<{WIDTH}} {share:4.0%} {note}"
        # Blanks over what the last line had more.
        print("\r" + line.ljust(len(self._drawn)), end="", file=self._stream, flush=True)
        self._drawn = line

    def close(self) -> None:
        """End the line, if one was drawn."""
        if self._drawn:
            print(file=self._stream, flush=True)
            self._drawn = ""
