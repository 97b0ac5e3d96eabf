"""The README says what is so."""

import re
from pathlib import Path

import pytest

from hitpoint.cli.machine_checks import BUILD_ADVICE
from hitpoint.cli.main import SUBCOMMANDS
from hitpoint.hosts.address_table import address_table
from hitpoint.hosts.sheet import timeline_of
from hitpoint.hosts.sheet_reader import read_sheet
from hitpoint.score.direction import parse

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def between(name: str) -> str:
    """What stands between a comment and its end."""
    return README.split(f"<!-- {name} -->\n", 1)[1].split(f"<!-- /{name} -->", 1)[0]


def test_the_address_table_is_the_one_that_the_listener_checks_by() -> None:
    assert between("addresses") == address_table(), "run: make readme"


def test_every_command_it_names_exists() -> None:
    assert set(re.findall(r"`hitpoint (\w+)", README)) <= set(SUBCOMMANDS)
    assert set(re.findall(r"^hitpoint (\w+)", README, re.MULTILINE)) <= set(SUBCOMMANDS)


def test_every_make_target_it_names_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make (\w+)`", README)) | set(re.findall(r"^make (\w+)", README, re.MULTILINE)) <= targets


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_file_it_links_to_is_there(target: str) -> None:
    assert (ROOT / target).is_file()


def test_the_packages_for_building_from_source_are_the_doctors() -> None:
    packages = re.findall(r"build-essential[\w \-]+", BUILD_ADVICE)[0].strip()
    assert packages in README


def test_its_sheet_can_be_followed(tmp_path: Path) -> None:
    sheet = re.findall(r"```yaml\n(title:.*?)```", README, re.DOTALL)[0]
    (tmp_path / "door.yaml").write_text(sheet, encoding="utf-8")
    assert [marker.name[:8] for marker in timeline_of(read_sheet(tmp_path / "door.yaml")).markers][1:] == [
        "HIT door",
        "END",
    ]


def test_its_prompts_are_understood() -> None:
    prompts = [*re.findall(r'render "([^"]+)"', README), *re.findall(r"prompt: (.+)", README)]
    assert prompts
    for prompt in prompts:
        assert parse(prompt).unknown == (), prompt
