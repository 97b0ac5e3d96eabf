"""Settings come together in one order, and every mistake is told at once."""

from pathlib import Path

import pytest

from hitpoint.config.load import defaults, explain, load_settings, readers
from hitpoint.config.settings import Settings
from hitpoint.errors import ConfigError
from hitpoint.score.bound_control import BoundControl

MANUAL = Path(__file__).parents[2] / "daemon" / "hitpoint" / "config" / "defaults.yaml"


def loaded(tmp_path: Path, yaml: str = "", *, environment: dict[str, str] | None = None, **flags: str) -> Settings:
    """Settings from a file given with --config, with nothing of this machine in them."""
    file = tmp_path / "given.yaml"
    file.write_text(yaml, encoding="utf-8")
    named = {name.replace("__", "."): text for name, text in flags.items()}
    return load_settings(file, named, environment or {}, tmp_path / "none.yaml")


def mistakes(tmp_path: Path, yaml: str = "", **given: object) -> str:
    """What a person is told."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, yaml, **given)  # type: ignore[arg-type]
    return str(caught.value)


def test_the_defaults_are_whole_and_right(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert (settings.output.kind, settings.osc.host, settings.osc.port) == ("auto", "127.0.0.1", 19790)
    assert (settings.frame_rate.name, settings.output.record) == ("24", None)


def test_every_setting_is_in_the_manual_page_with_a_comment_above_it() -> None:
    lines = MANUAL.read_text(encoding="utf-8").splitlines()
    origins = explain(environment={}, user_file=Path("none.yaml"))
    assert {origin.key for origin in origins} == set(readers())
    for origin in origins:
        name = origin.key.rpartition(".")[2]
        indent = "  " if "." in origin.key else ""
        above = [lines[i - 1] for i, line in enumerate(lines) if line.startswith(f"{indent}{name}:")]
        assert any(line.strip().startswith("#") for line in above), origin.key


def test_a_list_of_controllers_is_read_from_a_file_and_from_a_flag(tmp_path: Path) -> None:
    assert loaded(tmp_path).output.expression == (1, 11, 64)
    assert loaded(tmp_path, "output: {expression: [11]}").output.expression == (11,)
    assert loaded(tmp_path, "output: {expression: [64, 1]}").output.expression == (1, 64)
    assert loaded(tmp_path, "output:\n  expression: []\n").output.expression == ()
    assert loaded(tmp_path, output__expression="11, 1").output.expression == (1, 11)
    assert "not with '7' in it" in mistakes(tmp_path, "output: {expression: [1, 7]}")


def test_later_sources_win_and_each_is_named(tmp_path: Path) -> None:
    user = tmp_path / "user.yaml"
    user.write_text("seed: 1\nosc:\n  port: 1\n", encoding="utf-8")
    given = tmp_path / "given.yaml"
    given.write_text("osc:\n  port: 2\n  reply_port: 7\nlog: {level: debug}\n", encoding="utf-8")
    environment = {"HITPOINT_OSC_REPLY_PORT": "8", "HITPOINT_LOG_LEVEL": "error", "PATH": "/bin"}
    origins = {o.key: o for o in explain(given, {"log.level": "info"}, environment, user)}
    assert (origins["seed"].value, origins["seed"].source) == (1, f"{user} line 1")
    assert (origins["osc.port"].value, origins["osc.port"].source) == (2, f"{given} line 2")
    assert (origins["osc.reply_port"].value, origins["osc.reply_port"].source) == (8, "HITPOINT_OSC_REPLY_PORT")
    assert (origins["log.level"].value, origins["log.level"].source) == ("info", "command line")
    assert origins["follow"].source == "defaults"


def test_every_mistake_is_told_at_once_with_its_line_and_the_nearest_key(tmp_path: Path) -> None:
    told = mistakes(
        tmp_path,
        "output:\n  knd: jack\n  kind: jak\nosc:\n  port: 99999\nframe_rate: 26\nseeed: 1\nmodel: small-2\n",
        environment={"HITPOINT_OSC_PROT": "1"},
        log__lvel="info",
    )
    assert told.startswith("8 mistakes")
    for said in (
        "line 2: output.knd is not a setting. Did you mean 'output.kind'?",
        "line 3: output.kind must be one of auto, jack, rtmidi, osc, null, not 'jak'. Did you mean 'jack'?",
        "line 5: osc.port must be a whole number from 0 to 65535, not '99999'",
        "line 6: frame_rate frame rate '26' is not one of",
        "line 7: seeed is not a setting. Did you mean 'seed'?",
        "line 8: model holds settings of its own",
        "HITPOINT_OSC_PROT is not a setting. Did you mean 'HITPOINT_OSC_PORT'?",
        "command line: log.lvel is not a setting. Did you mean 'log.level'?",
    ):
        assert said in told
    assert "\n" not in told


def test_a_key_written_twice_is_a_mistake(tmp_path: Path) -> None:
    assert "line 3: osc.port is written twice" in mistakes(tmp_path, "osc:\n  port: 1\n  port: 2\n")


def test_the_network_is_opened_only_on_purpose(tmp_path: Path) -> None:
    assert "osc.lan: true" in mistakes(tmp_path, "osc: {host: 0.0.0.0}")
    assert loaded(tmp_path, "osc: {host: 0.0.0.0, lan: true}").osc.host == "0.0.0.0"
    assert loaded(tmp_path, "osc: {host: localhost}").osc.host == "127.0.0.1"
    assert "IP address" in mistakes(tmp_path, "osc: {host: example.org, lan: true}")


def test_tables_come_from_files_and_from_the_environment(tmp_path: Path) -> None:
    assert loaded(tmp_path, "output:\n  offsets_ms:\n    violin 1: -60.5\n").output.offsets_ms == {"violin 1": -60.5}
    environment = {"HITPOINT_OUTPUT_OFFSETS_MS": "{strings: -30, brass: 5}"}
    assert loaded(tmp_path, environment=environment).output.offsets_ms == {"strings": -30.0, "brass": 5.0}
    assert "offsets_ms brass must be a number" in mistakes(tmp_path, "output: {offsets_ms: {brass: loud}}")
    assert "must be a table" in mistakes(tmp_path, "output: {offsets_ms: 5}")


def test_stingers_are_described_in_words_and_shown_as_written(tmp_path: Path) -> None:
    assert [*loaded(tmp_path).stingers] == ["impact", "rise", "fall", "roll"]
    own = loaded(tmp_path, "stingers: {boom: 'hit, drums, 1 beat'}").stingers
    assert {name: (stinger.shape.value, stinger.beats) for name, stinger in own.items()} == {"boom": ("hit", 1)}
    assert "stingers boom must name players" in mistakes(tmp_path, "stingers: {boom: 'hit, thunder'}")
    origins = {origin.key: origin for origin in explain(environment={}, user_file=tmp_path / "none.yaml")}
    assert origins["stingers"].value["fall"] == "fall, violin, harp, 2 beats"


@pytest.mark.parametrize("nothing", ["null", "~", "", "none"])
def test_what_may_be_nothing_can_be_set_to_nothing(tmp_path: Path, nothing: str) -> None:
    assert loaded(tmp_path, f"output:\n  record: {nothing}\n").output.record is None


def test_addresses_are_host_and_port(tmp_path: Path) -> None:
    assert loaded(tmp_path, "osc: {notes: '127.0.0.1:8000'}").osc.notes == ("127.0.0.1", 8000)
    assert loaded(tmp_path, "osc: {notes: '[::1]:8000'}").osc.notes == ("::1", 8000)
    assert "HOST:PORT" in mistakes(tmp_path, "osc: {notes: 8000}")
    assert "osc.notes 10.0.0.7 is not this machine" in mistakes(tmp_path, "osc: {notes: '10.0.0.7:8000'}")


def test_no_value_is_guessed_from_its_looks(tmp_path: Path) -> None:
    assert loaded(tmp_path, "frame_rate: 25").frame_rate.name == "25"
    assert "whole number" in mistakes(tmp_path, "seed: 1.5")
    assert "true or false" in mistakes(tmp_path, "osc: {lan: maybe}")


def test_notes_must_be_handed_over_before_they_are_written_ahead(tmp_path: Path) -> None:
    assert "commit_seconds 9 must be less" in mistakes(tmp_path, "commit_seconds: 9\nlook_ahead_seconds: 8\n")


def test_a_section_with_all_its_lines_commented_out_is_fine(tmp_path: Path) -> None:
    assert loaded(tmp_path, "osc:\n  # port: 1\n").osc.port == 19790


def test_a_config_file_must_exist_but_the_persons_need_not(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(tmp_path / "gone.yaml", {}, {}, tmp_path / "none.yaml")


@pytest.mark.parametrize("content", [b"a: [", b"\xff\xfd", b"- 1\n", b"seed: *gone\n", b"[" * 3000])
def test_broken_files_are_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "given.yaml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"given\.yaml"):
        load_settings(tmp_path / "given.yaml", {}, {}, tmp_path / "none.yaml")


def test_the_manual_page_is_plain_yaml() -> None:
    assert defaults().repeated == ()


def test_midi_bindings_are_a_list_of_what_drives_what(tmp_path: Path) -> None:
    assert loaded(tmp_path).midi.bindings == ()
    written = "{source: cc 1, target: /hitpoint/undo}", "{source: note 2, target: /x, how: jump}"
    bound = loaded(tmp_path, f"midi:\n  bindings: [{', '.join(written)}]\n").midi.bindings
    assert bound == (BoundControl("cc 1", "/hitpoint/undo"), BoundControl("note 2", "/x", "jump"))
    for written, said in (
        ("cc 1", "must be a list of"),
        ("[cc 1]", "line 1 must be {source: "),
        ("[{source: cc 1}]", "must have a source and a target"),
        ("[{source: cc 1, traget: x}]", "Did you mean 'target'?"),
    ):
        assert said in mistakes(tmp_path, f"midi: {{bindings: {written}}}")


def test_the_time_code_of_the_projects_start_is_read_and_mistakes_are_told(tmp_path: Path) -> None:
    assert loaded(tmp_path).timecode_start == "01:00:00:00"
    assert loaded(tmp_path, 'timecode_start: "9:59:30;12"').timecode_start == "09:59:30:12"
    assert loaded(tmp_path, timecode_start="00:00:00:00", follow="mtc").follow == ("mtc",)
    for wrong in ("24:00:00:00", "01:00:00:30", "soon"):
        assert "timecode_start must be a time code like 01:00:00:00" in mistakes(tmp_path, f'timecode_start: "{wrong}"')


def test_who_is_led_by_a_midi_clock_leads_nobody_by_one(tmp_path: Path) -> None:
    assert "output.clock" in mistakes(tmp_path, "output: {clock: true}\nfollow: midi\n")
    assert loaded(tmp_path, "output: {clock: true}\nfollow: jack\n").output.clock
    assert not loaded(tmp_path, "follow: midi\n").output.clock


def test_several_that_may_lead_are_named_in_their_order_of_trust(tmp_path: Path) -> None:
    assert loaded(tmp_path, "follow: [reaper, mtc, builtin]\n").follow == ("reaper", "mtc", "builtin")
    assert loaded(tmp_path, follow="reaper,mtc").follow == ("reaper", "mtc")
    assert loaded(tmp_path, follow="builtin").follow == ("builtin",)


def test_of_several_each_must_be_able_to_lead(tmp_path: Path) -> None:
    assert "mtc would never lead. Name builtin last" in mistakes(tmp_path, "follow: [builtin, mtc]\n")
    assert "link is always there, so that mtc would never lead. Name link last" in mistakes(
        tmp_path, "follow: [link, mtc]\n"
    )
    assert loaded(tmp_path, "follow: [reaper, link]\n").follow == ("reaper", "link")
    assert "builtin would never lead. Name jack last" in mistakes(tmp_path, "follow: [mtc, jack, builtin]\n")
    assert "must not name mtc twice" in mistakes(tmp_path, "follow: [mtc, mtc]\n")
    assert "must name at least one of builtin, jack" in mistakes(tmp_path, "follow: []\n")
    assert "output.clock" in mistakes(tmp_path, "output: {clock: true}\nfollow: [reaper, midi]\n")


def test_who_leads_jack_follows_nobody_and_plays_to_jack(tmp_path: Path) -> None:
    assert loaded(tmp_path, "output: {transport: jack}\n").output.transport == "jack"
    assert "takes follow: builtin" in mistakes(tmp_path, "output: {transport: jack}\nfollow: jack\n")
    assert "takes follow: builtin" in mistakes(tmp_path, "output: {transport: jack}\nfollow: [mtc, builtin]\n")
    assert "takes output.kind: jack" in mistakes(tmp_path, "output: {transport: jack, kind: osc}\n")


def test_who_is_led_by_a_link_session_leads_none(tmp_path: Path) -> None:
    assert "output.link" in mistakes(tmp_path, "output: {link: true}\nfollow: link\n")
    assert loaded(tmp_path, "output: {link: true}\nfollow: mtc\n").output.link
    assert not loaded(tmp_path, "follow: link\n").output.link
