"""The manifest is the truth about the corpus, and its mistakes are told by line."""

from pathlib import Path

import pytest

from fakes.small_corpus import write_corpus
from hitpoint.errors import ConfigError
from hitpoint.training.corpus import Split, read_manifest, style_of, verify


def test_each_piece_is_in_the_split_the_manifest_says(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path)
    assert [len(read_manifest(corpus, split)) for split in Split] == [4, 1, 1]


def test_what_the_source_did_not_say_is_known(tmp_path: Path) -> None:
    first, second, *_ = read_manifest(write_corpus(tmp_path), Split.TRAIN)
    assert (first.tempo_known, first.velocities_known) == (False, False)
    assert (second.tempo_known, second.velocities_known) == (True, True)


def test_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"has no manifest\.jsonl"):
        read_manifest(tmp_path, Split.TRAIN)


def test_a_broken_line_is_told_by_its_number(tmp_path: Path) -> None:
    manifest = write_corpus(tmp_path) / "manifest.jsonl"
    manifest.write_text(manifest.read_text() + "{nonsense\n")
    with pytest.raises(ConfigError, match="line 7"):
        read_manifest(tmp_path, Split.TEST)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    entry = read_manifest(write_corpus(tmp_path), Split.VALID)[0]
    verify(entry)
    entry.path.write_bytes(entry.path.read_bytes() + b"x")
    with pytest.raises(ConfigError, match="not the file that the manifest describes"):
        verify(entry)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    entry = read_manifest(write_corpus(tmp_path), Split.VALID)[0]
    entry.path.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        verify(entry)


@pytest.mark.parametrize(
    ("source", "families", "genre", "tracks", "style"),
    [
        ("groove", ["percussion"], ["drums", "rock"], 1, "drum groove"),
        ("mutopia", ["piano"], ["Baroque"], 2, "keyboard"),
        ("mutopia", ["choir", "piano"], ["Romantic"], 3, "song"),
        ("nifc_polish", ["choir", "strings", "organ"], ["Sacred", "Mass"], 9, "choral"),
        ("nifc_polish", ["strings", "winds"], None, 12, "orchestral"),
        ("nifc_polish", ["strings", "winds"], None, 3, None),
        ("mutopia", ["strings"], None, 4, "chamber strings"),
        ("mutopia", ["brass", "winds"], None, 5, "band"),
        ("mutopia", ["guitar"], None, 1, None),
        ("made up", None, None, None, None),
    ],
)
def test_a_style_is_said_where_the_manifest_tells_it(
    source: str, families: list[str] | None, genre: list[str] | None, tracks: int | None, style: str | None
) -> None:
    assert style_of({"source": source, "families": families, "genre": genre, "n_tracks": tracks}) == style
