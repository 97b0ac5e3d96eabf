"""Names of files that every system takes, made from what people call things.

Characters that Windows, macOS or a shell's folder can't have (< > : " / \\ | ? * and control characters) become `_`;
spaces in a row become one, those at either end go, dots at the end and the first of a hidden file too; a name that is a
device's on Windows (CON, NUL, COM1 …) gets a `_`. Letters of every script stay, in Unicode's composed form. A name is
at most LONGEST_BYTES long. Names that would be one where upper and lower case are, get (2), (3) … in order.

Source: Microsoft, "Naming Files, Paths, and Namespaces"; POSIX; 255 bytes are a name's most on ext4 and APFS.
"""

import re
import unicodedata
from collections.abc import Sequence

LONGEST_BYTES = 150
"""In UTF-8: leaves room for a part's name, an ending, and what marks a file that is being written. Our choice."""
UNNAMED = "untitled"

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')
_NO_LETTER = re.compile(r"[\ud800-\udfff]")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)


def safe_name(text: str) -> str:
    """`text` as a file's name, without an ending. Never empty."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    name = _FORBIDDEN.sub("_", spaced).lstrip(". ")
    name = name.encode("utf-8")[:LONGEST_BYTES].decode("utf-8", "ignore").rstrip(". ")
    if _DEVICE.match(name):
        name = f"_{name}"
    return name or UNNAMED


def shown_name(name: str) -> str:
    """The name of a file that is there, as it can be shown and written down: bytes that are no UTF-8, as archives of
    older systems bring them, become a sign that says so."""
    return _NO_LETTER.sub("\N{REPLACEMENT CHARACTER}", name)


def distinct_names(texts: Sequence[str]) -> list[str]:
    """A name for each, no two the same on a system that takes upper and lower case for one."""
    taken: set[str] = set()
    names = []
    for text in texts:
        name, number = safe_name(text), 1
        while (said := name if number == 1 else f"{name} ({number})").casefold() in taken:
            number += 1
        taken.add(said.casefold())
        names.append(said)
    return names
