"""Text is read in whatever Unicode it was saved in, and what is none is told by its line."""

import codecs
from pathlib import Path

import pytest

from hitpoint.config.document import Text, read_document
from hitpoint.config.plain_text import encoding_of, plain_text
from hitpoint.errors import ConfigError

TEXT = 'title: "The Door, Tür"\r\nframe_rate: 25\r\n'


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_text_is_read_in_any_unicode_and_written_back_alike(tmp_path: Path, mark: bytes, encoding: str) -> None:
    content = mark + TEXT.encode(encoding)
    assert plain_text(content, "f") == TEXT
    assert encoding_of(content).written(TEXT) == content
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    assert read_document(path).entries["title"] == Text("The Door, Tür", 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a: 1\nb: \xff\xfd\n", "f line 2: it is not UTF-8 or UTF-16 text"),
        (b"a: 1\nb: 2\nc: \0\n", "f line 3: it is no text but a binary file"),
        (codecs.BOM_UTF16_LE + "a\nb".encode("utf-16-le") + b"\0", "f line 2: it is not UTF-8 or UTF-16"),
    ],
)
def test_what_is_no_text_is_told_by_its_line(content: bytes, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        plain_text(content, "f")
