"""What ReaPack is given, and what the scripts say of themselves."""

import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from fakes.reaper_app import SCRIPTS, ReaperApp
from hitpoint import __version__
from hitpoint.hosts.protocol import PROTOCOL

INDEX = ElementTree.parse(SCRIPTS / "index.xml").getroot()
(PACKAGE,) = INDEX.iter("reapack")
TYPES = {"script", "data"}
"""Of ReaPack's, those that we need: scripts lie beside each other, data under Data/."""


def sources() -> dict[str, ElementTree.Element]:
    return {source.get("file", ""): source for source in INDEX.iter("source")}


def header(path: Path, tag: str) -> str:
    found = re.search(rf"^-- @{tag} (.+)$", path.read_text(), re.MULTILINE)
    return found[1] if found else ""


def test_the_package_is_what_reapack_reads() -> None:
    assert (INDEX.tag, INDEX.get("version"), INDEX.get("name")) == ("index", "1", "Hitpoint")
    assert [category.get("name") for category in INDEX.findall("category")] == ["Hitpoint"]
    assert (PACKAGE.get("name"), PACKAGE.get("type")) == ("hitpoint_bridge.lua", "script")
    (version,) = PACKAGE.iter("version")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", version.get("time", ""))


def test_every_file_is_in_it_once_and_every_file_in_it_is_there() -> None:
    files = {path.name for path in SCRIPTS.iterdir() if path.name != "index.xml"}
    assert sources().keys() == files
    assert len(list(INDEX.iter("source"))) == len(files)


def test_what_people_run_are_actions_and_the_rest_is_not() -> None:
    for name, source in sources().items():
        assert source.get("main") == ("main" if header(SCRIPTS / name, "description") else None), name


def test_the_pattern_file_goes_where_data_goes() -> None:
    kinds = {name: source.get("type", PACKAGE.get("type")) for name, source in sources().items()}
    assert set(kinds.values()) == TYPES
    assert [name for name, kind in kinds.items() if kind == "data"] == ["Hitpoint.ReaperOSC"]


def test_every_address_is_whole_and_of_this_version() -> None:
    for name, source in sources().items():
        assert re.fullmatch(rf"https://[^/]+/.*{re.escape(__version__)}/.*{re.escape(name)}", source.text or ""), name


def test_what_is_published_is_found_under_the_address_that_it_was_made_for(tmp_path: Path) -> None:
    made = ["make", "-C", str(SCRIPTS.parents[1]), "reapack", "AT=https://example.org/h/", f"REAPACK={tmp_path}/p"]
    subprocess.run(made, check=True, capture_output=True)
    published = ElementTree.parse(tmp_path / "p" / "index.xml").getroot()
    files = {source.get("file", ""): source.text for source in published.iter("source")}
    assert files == {name: f"https://example.org/h/{name}" for name in sources()}
    for name in files:
        assert (tmp_path / "p" / name).read_bytes() == (SCRIPTS / name).read_bytes()


def test_without_an_address_nothing_is_published(tmp_path: Path) -> None:
    made = ["make", "-C", str(SCRIPTS.parents[1]), "reapack", f"REAPACK={tmp_path}/p"]
    said = subprocess.run(made, capture_output=True, text=True, check=False)
    assert said.returncode != 0
    assert "AT=https://" in said.stderr
    assert not (tmp_path / "p").exists()


def test_all_say_the_same_version(tmp_path: Path) -> None:
    (version,) = PACKAGE.iter("version")
    assert version.get("name") == __version__
    for path in SCRIPTS.glob("*.lua"):
        if header(path, "description"):
            assert header(path, "version") == __version__, path.name
    core = (SCRIPTS / "hitpoint_core.lua").read_text()
    assert f'core.VERSION = "{__version__}"' in core
    assert f"core.PROTOCOL = {PROTOCOL}\n" in core
    app = ReaperApp(tmp_path)
    app.run(SCRIPTS / "hitpoint_bridge.lua")
    assert app.ext_state["Hitpoint", "bridge"] == __version__


def test_the_header_for_reapacks_own_tool_lists_the_same() -> None:
    text = (SCRIPTS / "hitpoint_bridge.lua").read_text()
    listed = re.findall(r"^--   \[(main|nomain|data)\] (\S+)$", text, re.MULTILINE)
    found = {("hitpoint_bridge.lua" if name == "." else name): kind for kind, name in listed}
    assert found == {
        name: source.get("type") or ("main" if source.get("main") else "nomain") for name, source in sources().items()
    }
    for path in SCRIPTS.glob("*.lua"):
        assert ("-- @noindex\n" in path.read_text()) == (path.name != "hitpoint_bridge.lua"), "one package, not ten"


def test_what_reapack_has_fetched_is_copied_to_where_reaper_looks(tmp_path: Path) -> None:
    pattern = (SCRIPTS / "Hitpoint.ReaperOSC").read_bytes()
    (tmp_path / "Data").mkdir()
    (tmp_path / "Data" / "Hitpoint.ReaperOSC").write_bytes(pattern)
    ReaperApp(tmp_path).run(SCRIPTS / "hitpoint_bridge.lua")
    copied = tmp_path / "OSC" / "Hitpoint.ReaperOSC"
    assert copied.read_bytes() == pattern
    copied.write_bytes(b"# a person's own")
    app = ReaperApp(tmp_path)
    app.run(SCRIPTS / "hitpoint_bridge.lua")
    app.check()
    assert copied.read_bytes() == b"# a person's own"
