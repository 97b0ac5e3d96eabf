"""The bundle in the repository says whose music it learned from."""

import gzip
import json
from pathlib import Path

SMALL = Path(__file__).parents[2] / "models" / "small-2"
CLEARED = {"CC0-1.0", "LicenseRef-Public-Domain", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "BSD-3-Clause"}


def pieces() -> list[dict[str, str]]:
    """One record for each training piece."""
    lines = gzip.decompress((SMALL / "data.jsonl.gz").read_bytes()).decode().splitlines()
    return [json.loads(line) for line in lines]


def test_every_piece_has_a_cleared_licence_and_its_credit() -> None:
    assert {piece["licence"] for piece in pieces()} <= CLEARED
    assert all(piece["id"] and piece["source"] and piece["attribution"] and piece["sha256"] for piece in pieces())


def test_no_piece_is_listed_twice_and_the_card_counts_them() -> None:
    ids = [piece["id"] for piece in pieces()]
    assert len(ids) == len(set(ids))
    assert f"{len(ids)} pieces" in (SMALL / "card.md").read_text(encoding="utf-8")


def test_every_source_is_credited_on_the_card() -> None:
    card = (SMALL / "card.md").read_text(encoding="utf-8")
    assert all(f"| {source} |" in card for source in {piece["source"] for piece in pieces()})
