"""YAML as sheets are written: every value quoted, so that no timecode is a number; short things in one line."""

import json
import re
from collections.abc import Iterator

from hitpoint.config.document import Items, Table, Text, Written, parse_document

_BROKEN_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What JSON leaves bare in quotes but YAML does not. Source: YAML 1.2, c-printable and b-char."""
_PLAIN_KEY = re.compile(r"[A-Za-z_]\w*")


def quoted(text: str) -> str:
    """`text` in double quotes, read back the same."""
    return _BROKEN_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def flow(written: Written) -> str:
    """A value in one line."""
    if isinstance(written, Text):
        return quoted(written.text)
    if isinstance(written, Items):
        return f"[{', '.join(flow(item) for item in written.items)}]"
    return f"{{{', '.join(f'{_key(key)}: {flow(value)}' for key, value in written.entries.items())}}}"


def sheet_text(sheet: Table) -> str:
    """A whole sheet: a line a key, cues in blocks, hits one a line."""
    return "\n".join(_sheet_lines(sheet)) + "\n"


def table_of(line: str) -> Table:
    """What `flow` wrote of a table."""
    return parse_document(line, "a marker's detail") if line else Table({}, 1)


def _sheet_lines(sheet: Table) -> Iterator[str]:
    for key, value in sheet.entries.items():
        if key == "cues" and isinstance(value, Items):
            yield "cues:"
            for cue in value.items:
                if isinstance(cue, Table):
                    yield from _cue_lines(cue)
        else:
            yield f"{_key(key)}: {flow(value)}"


def _cue_lines(cue: Table) -> Iterator[str]:
    opening = "  - "
    for key, value in cue.entries.items():
        if key == "hits" and isinstance(value, Items) and value.items:
            yield f"{opening}hits:"
            for hit in value.items:
                yield f"      - {flow(hit)}"
        else:
            yield f"{opening}{_key(key)}: {flow(value)}"
        opening = "    "


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else quoted(key)
