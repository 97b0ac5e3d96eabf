"""Text into tokens: numbers, words of any script, and the few signs that music writes with."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

CUE_NUMBER = r"(?<![A-Za-z0-9])\d{1,4}[mMsS]\d{1,4}[A-Za-z]{0,2}(?![A-Za-z0-9])"
"""Reel, m (music) or s (source), number, perhaps a letter: 1m03, 2m04a, 101m01, 1s01.
Source: Rozow, "Numbering cues"; CueDB, article 31."""


class TokenKind(Enum):
    """What a token is."""

    CUE = "cue"
    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"
    """# ♯ ♭ / : = + & - and arrows; every dash is "-", every arrow "→"."""
    STOP = "stop"
    """Punctuation that ends a thought."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text."""

    kind: TokenKind
    written: str
    """As written, compatibility forms resolved (NFKC)."""
    said: str
    """The same in lower case."""
    glued: bool
    """True when nothing stands between it and the token before: the "bpm" of 72bpm."""
    start: int = 0
    """Its first character in the text as `resolved` gives it."""

    @property
    def end(self) -> int:
        """The character after its last."""
        return self.start + len(self.written)


# A word is a run of anything but spaces, digits, signs and stops, so that scripts with combining marks stay whole.
# No alternative can begin where another one can, so matching never goes back.
_TOKEN = re.compile(
    rf"(?P<cue>{CUE_NUMBER})"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sign>->|=>|[#♯♭/:=+&\-‐‑‒–—―−→⇒~])"
    r"|(?P<stop>[,;.!?()\[\]{}<>|\"“”„«»*\\^`_%$@、。・…\n])"
    r"|(?P<word>[^\s\d#♯♭/:=+&\-‐‑‒–—―−→⇒~,;.!?()\[\]{}<>|\"“”„«»*\\^`_%$@、。・…]+)"
)
_SAME_SIGN = dict.fromkeys("‐‑‒–—―−~", "-") | dict.fromkeys(("->", "=>", "⇒"), "→") | {"♯": "#"}
_KINDS = {kind.value: kind for kind in TokenKind}


def resolved(text: str) -> str:
    """`text` with compatibility forms resolved (NFKC): full-width letters and the like become the plain ones."""
    return unicodedata.normalize("NFKC", text)


def tokenise(text: str) -> list[Token]:
    """The tokens of `text`, in order."""
    tokens, end = [], -1
    for match in _TOKEN.finditer(resolved(text)):
        written = match.group().replace("’", "'")
        said = written.casefold().strip("'")
        kind = _KINDS[str(match.lastgroup)]
        if kind is TokenKind.SIGN:
            said = _SAME_SIGN.get(said, said)
        tokens.append(Token(kind, written, said, match.start() == end, match.start()))
        end = match.end()
    return tokens
