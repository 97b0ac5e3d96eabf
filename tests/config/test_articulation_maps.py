from pathlib import Path

import pytest

from hitpoint.config.articulation_maps import SHIPPED, articulation_map
from hitpoint.config.document import Text
from hitpoint.config.load import explain, load_settings
from hitpoint.errors import ConfigError
from hitpoint.score.articulation import ArticulationMap, Switch
from hitpoint.score.stem import INSTRUMENTS


def of_file(tmp_path: Path, content: str) -> ArticulationMap:
    path = tmp_path / "mine.yaml"
    path.write_text(content, "utf-8")
    return articulation_map(Text(str(path), 1))


def test_the_generic_map_switches_nothing_and_the_example_strings_brass_and_winds() -> None:
    generic, example = (articulation_map(Text(name, 1)) for name in SHIPPED)
    assert not any(generic.switches(instrument) for instrument in INSTRUMENTS)
    assert {one.stem for one in INSTRUMENTS if example.switches(one)} == {"strings", "brass", "winds"}


def test_a_key_has_a_name_or_a_number_and_middle_c_is_c4(tmp_path: Path) -> None:
    found = of_file(
        tmp_path,
        "violin:\n  sustain: key C-1\n  staccato: key Db1\n  tremolo: key 7\n  marcato: program 5\n"
        "  pizzicato: cc 32 9\n",
    )
    assert dict(found.entries["violin"]) == {
        "sustain": Switch("key", 0),
        "staccato": Switch("key", 25),
        "tremolo": Switch("key", 7),
        "marcato": Switch("program", 5),
        "pizzicato": Switch("cc", 32, 9),
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("violin:\n  sustain: key H0\n", "line 2: 'H0'"),
        ("violin:\n  sustain: C0\n", "line 2: 'C0' is no switch"),
        ("violin:\n  sustain: cc 1 128\n", "line 2: '128'"),
        ("violin:\n  sustain: [key, C0]\n", "line 2: 'a list"),
        ("violin:\n  sustain: key C4\n", "line 2: key C4 is a note of the violin"),
        ("strings:\n  sustain: key C3\n", "is a note of the"),
        ("violin:\n  stacato: key C0\n", "staccato"),
        ("violins:\n  sustain: key C0\n", "'violins' is no instrument"),
        ("violin: key C0\n", "line 1: violin must hold"),
        ("violin:\n  sustain: key C0\n  sustain: key D0\n", "line 3: violin.sustain is written twice"),
        ("violin: [\n", "line"),
        ("cello:\n  sustain: key C0\nviolin:\n  staccato: key C0\n", "line 4: violin has no sustain"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(ConfigError) as told:
        of_file(tmp_path, content)
    assert "mine.yaml line" in str(told.value)
    assert says in str(told.value)


@pytest.mark.parametrize(
    ("entry", "expression", "told"),
    [
        ("violin: {sustain: cc 1 5}", "[1, 11, 64]", "sustain of violin"),
        ("keys: {sustain: cc 32 0, marcato: cc 64 5}", "[64]", "marcato of keys"),
        ("violin: {sustain: cc 1 5}", "[11, 64]", None),
        ("violin: {sustain: cc 64 5}", "[1, 11, 64]", None),
        ("violin: {sustain: cc 32 5}", "[1, 11, 64]", None),
    ],
)
def test_a_controller_that_the_music_moves_is_no_switch(
    tmp_path: Path, entry: str, expression: str, told: str | None
) -> None:
    (tmp_path / "mine.yaml").write_text(entry, "utf-8")
    flags = {"output.articulations": str(tmp_path / "mine.yaml"), "output.expression": expression.strip("[]")}
    if told is None:
        load_settings(flags=flags, environment={}, user_file=tmp_path / "none.yaml")
        return
    with pytest.raises(ConfigError, match=rf"{told} in .*mine\.yaml is cc .*Choose another controller"):
        load_settings(flags=flags, environment={}, user_file=tmp_path / "none.yaml")


def test_the_setting_takes_a_name_or_a_file_and_config_shows_which(tmp_path: Path) -> None:
    nobody = tmp_path / "none.yaml"
    with pytest.raises(ConfigError, match=r"output\.articulations .*keyswitched, or a YAML file"):
        load_settings(flags={"output.articulations": "mine"}, environment={}, user_file=nobody)
    flags = {"output.articulations": "keyswitched"}
    shown = {one.key: one.value for one in explain(flags=flags, environment={}, user_file=nobody)}
    assert shown["output.articulations"] == "keyswitched"
    assert load_settings(environment={}, user_file=nobody).output.articulations.source == "generic"
