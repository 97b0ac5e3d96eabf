"""The text of a list, whatever a program saved it as: UTF-8 or UTF-16, with or without a byte order mark."""

import codecs
from collections.abc import Iterator

from hitpoint.errors import HostError
from hitpoint.hosts.marker_files.marker_list import Source

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SAMPLE_BYTES = 4096
"""Enough to see which bytes are zero. Our choice."""


def text_of(source: Source) -> str:
    """All of the file as text. Raises HostError that names the line where it stops being text."""
    content, encoding = source.content, _zeros(source.content)
    for mark, marked in _MARKS:
        if content.startswith(mark):
            content, encoding = content[len(mark) :], marked
            break
    if not content.strip(b"\0\r\n\t "):
        raise HostError(f"{source.name} is empty. Export it again.")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].decode(encoding, "replace").count("\n") + 1
        raise source.wrong(line, "it is not UTF-8 or UTF-16 text. Export the list again as Unicode text.") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise source.wrong(line, "it is no text but a binary file. Give a marker list.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number, from 1, without trailing blanks other than tabs."""
    for number, line in enumerate(text.split("\n"), 1):
        yield number, line.rstrip(" ")


def _zeros(content: bytes) -> str:
    """UTF-16 without a mark shows by its zeros: every other byte of Latin text."""
    sample = content[:_SAMPLE_BYTES]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if high > len(sample) // 4 and low * 8 < high:
        return "utf-16-le"
    if low > len(sample) // 4 and high * 8 < low:
        return "utf-16-be"
    return "utf-8"
