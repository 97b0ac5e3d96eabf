"""The text of a file, whatever a program saved it as: UTF-8 or UTF-16, with or without a byte order mark."""

import codecs
from dataclasses import dataclass

from hitpoint.errors import ConfigError

_SAMPLE_BYTES = 4096
"""Enough to see which bytes are zero. Our choice."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file holds its text."""

    name: str
    """As Python calls it, the mark apart."""
    mark: bytes = b""
    """The byte order mark that it begins with; empty without one."""

    def written(self, text: str) -> bytes:
        """The file of that text."""
        return self.mark + text.encode(self.name)


_MARKED = (
    Encoding("utf-8", codecs.BOM_UTF8),
    Encoding("utf-16-le", codecs.BOM_UTF16_LE),
    Encoding("utf-16-be", codecs.BOM_UTF16_BE),
)


def encoding_of(content: bytes) -> Encoding:
    """What the file's mark says; without one, what its zeros show: every other byte of Latin text in UTF-16 is one."""
    for marked in _MARKED:
        if content.startswith(marked.mark):
            return marked
    sample = content[:_SAMPLE_BYTES]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if high > len(sample) // 4 and low * 8 < high:
        return Encoding("utf-16-le")
    if low > len(sample) // 4 and high * 8 < low:
        return Encoding("utf-16-be")
    return Encoding("utf-8")


def plain_text(content: bytes, name: str) -> str:
    """All of a file as text, without its mark, with its own line ends. `name` is for messages.

    Raises ConfigError that names the line where it stops being text.
    """
    encoding = encoding_of(content)
    content = content[len(encoding.mark) :]
    try:
        text = content.decode(encoding.name)
    except UnicodeDecodeError as error:
        line = content[: error.start].decode(encoding.name, "replace").count("\n") + 1
        raise ConfigError(f"{name} line {line}: it is not UTF-8 or UTF-16 text. Save it as Unicode text.") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ConfigError(f"{name} line {line}: it is no text but a binary file. Give a text file.")
    return text
