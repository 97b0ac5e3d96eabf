"""The bundles in the repository say whose music they learned from."""

import gzip
import json
from pathlib import Path

import pytest

BUNDLES = sorted(card.parent for card in (Path(__file__).parents[2] / "models").glob("*/card.md"))
CLEARED = {"CC0-1.0", "LicenseRef-Public-Domain", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "BSD-3-Clause"}


each_bundle = pytest.mark.parametrize("bundle", BUNDLES, ids=lambda folder: folder.name)


def pieces(bundle: Path) -> list[dict[str, str]]:
    """One record for each training piece."""
    lines = gzip.decompress((bundle / "data.jsonl.gz").read_bytes()).decode().splitlines()
    return [json.loads(line) for line in lines]


@each_bundle
def test_every_piece_has_a_cleared_licence_and_its_credit(bundle: Path) -> None:
    assert {piece["licence"] for piece in pieces(bundle)} <= CLEARED
    assert all(piece["id"] and piece["source"] and piece["attribution"] and piece["sha256"] for piece in pieces(bundle))


@each_bundle
def test_no_piece_is_listed_twice_and_the_card_counts_them(bundle: Path) -> None:
    ids = [piece["id"] for piece in pieces(bundle)]
    assert len(ids) == len(set(ids))
    assert f"{len(ids)} pieces" in (bundle / "card.md").read_text(encoding="utf-8")


@each_bundle
def test_every_source_is_credited_on_the_card(bundle: Path) -> None:
    card = (bundle / "card.md").read_text(encoding="utf-8")
    assert all(f"| {source} |" in card for source in {piece["source"] for piece in pieces(bundle)})
