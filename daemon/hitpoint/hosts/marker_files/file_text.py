"""The text of a list, whatever a program saved it as, and its lines."""

from collections.abc import Iterator

from hitpoint.config.plain_text import plain_text
from hitpoint.errors import ConfigError, HostError
from hitpoint.hosts.marker_files.marker_list import Source


def text_of(source: Source) -> str:
    """All of the file as text. Raises HostError that names the line where it stops being text."""
    if not source.content.strip(b"\xef\xbb\xbf\xff\xfe\0\r\n\t "):
        raise HostError(f"{source.name} is empty. Export it again.")
    try:
        text = plain_text(source.content, source.name)
    except ConfigError as error:
        raise HostError(str(error)) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number, from 1, without trailing blanks other than tabs."""
    for number, line in enumerate(text.split("\n"), 1):
        yield number, line.rstrip(" ")
