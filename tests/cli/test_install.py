"""`hitpoint install` leaves a host's folder as it should be, and --uninstall exactly as it was."""

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.installed_host import RESOURCES, DyingDisk, InstalledHost, Killed, Tree
from hitpoint.cli import install
from hitpoint.cli.install_disk import Disk
from hitpoint.cli.install_hosts import HOSTS
from hitpoint.cli.main import EXIT_MISTAKE, main
from hitpoint.cli.processes import host_runs, running_programs
from hitpoint.config.places import bridge_scripts_folder
from hitpoint.errors import ConfigError, HostError
from hitpoint.hosts.reaper_settings import SURFACE, surface_of

INI = b'[REAPER]\ncsurf_0=OSC "Other" 3 8000 "127.0.0.1" 9000 1024 10 ""\ncsurf_cnt=1\nlastproject=x.rpp\n'
KEYS = b'SCR 4 0 RSabc "Custom: mine.lua" "mine.lua"\nKEY 9 66 _RSabc 0\n'
STARTUP = b"reaper.ShowConsoleMsg('mine')\nreturn 1"

REAPER_HOMES = {
    "no ini at all": {},
    "surfaces of others": {"reaper.ini": INI, "reaper-kb.ini": KEYS, "Scripts/__startup.lua": STARTUP},
    "CRLF": {"reaper.ini": INI.replace(b"\n", b"\r\n"), "reaper-kb.ini": KEYS.replace(b"\n", b"\r\n")},
    "BOM": {"reaper.ini": b"\xef\xbb\xbf" + INI, "Scripts/__startup.lua": b"\xef\xbb\xbf" + STARTUP},
    "no surfaces, no last line end": {"reaper.ini": b"[REAPER]\nx=1", "reaper-kb.ini": KEYS[:-1]},
    "empty files": {"reaper.ini": b"", "reaper-kb.ini": b"", "Scripts/__startup.lua": b""},
    "files of our names": {"Scripts/Hitpoint/hitpoint_vary.lua": b"mine", "OSC/Hitpoint.ReaperOSC": b"mine too"},
    "the very same file": {"Scripts/Hitpoint/hitpoint_core.lua": b"-- shared\nreturn {}\n"},
}


@pytest.fixture(params=sorted(RESOURCES), ids=" ".join)
def host(request: pytest.FixtureRequest, tmp_path: Path) -> InstalledHost:
    """Each host on each system that it has."""
    platform, name = request.param
    return InstalledHost(tmp_path, platform, name)


@pytest.fixture
def reaper(tmp_path: Path) -> InstalledHost:
    """REAPER with a surface, actions and a start of the person's own."""
    return filled(InstalledHost(tmp_path, "linux", "reaper"), "surfaces of others")


def filled(host: InstalledHost, kind: str) -> InstalledHost:
    for name, content in REAPER_HOMES[kind].items():
        host.put(name, content)
    return host


def but_ledgers(tree: Tree) -> Tree:
    """Without what is known of an installation, which remembers how it came about, and the folders it is kept in."""
    return {name: content for name, content in tree.items() if not name.startswith(".local")}


def test_uninstalling_leaves_exactly_what_was_there(host: InstalledHost) -> None:
    before = host.tree()
    host.install()
    assert host.tree() != before
    host.uninstall()
    assert host.tree() == before


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("kind", REAPER_HOMES)
def test_every_file_of_reapers_is_put_back_byte_for_byte(tmp_path: Path, platform: str, kind: str) -> None:
    host = filled(InstalledHost(tmp_path, platform, "reaper"), kind)
    before = host.tree()
    host.install()
    assert surface_of((host.resource / "reaper.ini").read_bytes()) == SURFACE
    host.uninstall()
    assert host.tree() == before


def test_the_scripts_are_where_each_host_looks_for_them(host: InstalledHost) -> None:
    host.install()
    expected = {
        "reaper": ["Scripts/Hitpoint/hitpoint_core.lua", "Scripts/__startup.lua", "OSC/Hitpoint.ReaperOSC"],
        "live": ["Remote Scripts/Hitpoint/__init__.py", "Remote Scripts/Hitpoint/surface.py"],
        "ardour": ["scripts/hitpoint_hook.lua"],
    }[host.host]
    assert all((host.resource / name).is_file() for name in expected)
    names = [path.name for path in host.resource.rglob("*")]
    assert not {"README.md", "index.xml", "x.pyc"}.intersection(names)


def test_installing_twice_changes_nothing(host: InstalledHost) -> None:
    host.install()
    before = host.tree()
    (again,) = host.install()
    assert again.plan.steps == ()
    assert host.tree() == before


def test_another_versions_files_are_replaced_and_those_it_no_longer_has_go(reaper: InstalledHost) -> None:
    before = reaper.tree()
    reaper.install()
    reaper.script("reaper/hitpoint_vary.lua", b"-- @description vary better\n")
    (reaper.scripts / "reaper" / "hitpoint_bridge.lua").unlink()
    (again,) = reaper.install()
    assert again.plan.notes == ()
    assert (reaper.resource / "Scripts/Hitpoint/hitpoint_vary.lua").read_bytes() == b"-- @description vary better\n"
    assert not (reaper.resource / "Scripts/Hitpoint/hitpoint_bridge.lua").exists()
    keys = (reaper.resource / "reaper-kb.ini").read_bytes()
    assert b"vary better" in keys
    assert b"HITPOINT_BRIDGE" not in keys
    reaper.uninstall()
    assert reaper.tree() == before


def test_a_script_that_a_person_has_changed_is_kept_beside_and_said(reaper: InstalledHost) -> None:
    reaper.install()
    changed = reaper.put("Scripts/Hitpoint/hitpoint_vary.lua", b"-- better")
    (again,) = reaper.install()
    assert changed.read_bytes() == b"-- @description vary\n"
    assert changed.with_name("hitpoint_vary.lua.yours").read_bytes() == b"-- better"
    assert "hitpoint_vary.lua.yours" in again.plan.notes[0]
    changed.write_bytes(b"-- better still")
    reaper.uninstall()
    assert not changed.exists()
    assert changed.with_name("hitpoint_vary.lua.yours").read_bytes() == b"-- better"
    assert changed.with_name("hitpoint_vary.lua.yours2").read_bytes() == b"-- better still"


def test_files_that_reaper_has_written_since_lose_only_our_lines(reaper: InstalledHost) -> None:
    reaper.install()
    ini, keys = reaper.resource / "reaper.ini", reaper.resource / "reaper-kb.ini"
    ini.write_bytes(ini.read_bytes() + b"wnd_x=5\n")
    keys.write_bytes(keys.read_bytes() + b"KEY 1 65 _HITPOINT_VARY 0\n")
    (undone,) = reaper.uninstall()
    assert ini.read_bytes() == INI + b"wnd_x=5\n"
    assert keys.read_bytes() == KEYS + b"KEY 1 65 _HITPOINT_VARY 0\n"
    assert "only Hitpoint's own lines" in " ".join(undone.plan.notes)


def test_installing_again_after_reaper_has_written_its_files_changes_nothing(reaper: InstalledHost) -> None:
    reaper.install()
    ini = reaper.resource / "reaper.ini"
    ini.write_bytes(ini.read_bytes() + b"wnd_x=5\n")
    (again,) = reaper.install()
    assert again.plan.steps == ()
    reaper.uninstall()
    assert ini.read_bytes() == INI + b"wnd_x=5\n"


def test_inis_wait_until_reaper_is_closed_and_the_rest_is_done(reaper: InstalledHost) -> None:
    before = reaper.tree()
    (first,) = reaper.install(runs=True)
    assert {path.name for path in first.plan.left} == {"reaper.ini", "reaper-kb.ini"}
    assert (reaper.resource / "Scripts/Hitpoint/hitpoint_core.lua").exists()
    assert (reaper.resource / "reaper.ini").read_bytes() == INI
    (second,) = reaper.install()
    assert {step.path.name for step in second.plan.steps} == {"reaper.ini", "reaper-kb.ini"}
    assert reaper.install(runs=True)[0].plan.left == ()
    (undoing,) = reaper.uninstall(runs=True)
    assert {path.name for path in undoing.plan.left} == {"reaper.ini", "reaper-kb.ini"}
    reaper.uninstall()
    assert reaper.tree() == before


@pytest.mark.parametrize("kind", ["surfaces of others", "files of our names", "no ini at all"])
def test_killed_anywhere_it_can_be_undone_or_gone_on_with(tmp_path: Path, kind: str) -> None:
    whole = filled(InstalledHost(tmp_path / "whole", "linux", "reaper"), kind)
    before = whole.tree()
    disk = DyingDisk(left=-1)
    whole.install(disk)
    after, changes = whole.tree(), disk.changes
    assert changes > 10
    for killed_before in range(changes):
        undone = filled(InstalledHost(tmp_path / f"undone{killed_before}", "linux", "reaper"), kind)
        with pytest.raises(Killed):
            undone.install(DyingDisk(killed_before))
        undone.uninstall()
        assert but_ledgers(undone.tree()) == but_ledgers(before)
        gone_on = filled(InstalledHost(tmp_path / f"gone_on{killed_before}", "linux", "reaper"), kind)
        with pytest.raises(Killed):
            gone_on.install(DyingDisk(killed_before))
        gone_on.install()
        assert but_ledgers(gone_on.tree()) == but_ledgers(after)
        gone_on.uninstall()
        assert gone_on.tree() == before


@pytest.mark.parametrize("kind", ["surfaces of others", "files of our names"])
def test_killed_while_uninstalling_it_can_be_undone_or_installed_again(tmp_path: Path, kind: str) -> None:
    whole = filled(InstalledHost(tmp_path / "whole", "linux", "reaper"), kind)
    before = whole.tree()
    whole.install()
    after, disk = whole.tree(), DyingDisk(left=-1)
    whole.uninstall(disk)
    for killed_before in range(disk.changes):
        host = filled(InstalledHost(tmp_path / f"{killed_before}", "linux", "reaper"), kind)
        host.install()
        with pytest.raises(Killed):
            host.uninstall(DyingDisk(killed_before))
        host.install()
        assert but_ledgers(host.tree()) == but_ledgers(after)
        with suppress(Killed):
            host.uninstall(DyingDisk(killed_before))
        host.uninstall()
        assert but_ledgers(host.tree()) == but_ledgers(before)


def test_killed_while_another_version_is_put_there_it_can_be_undone(tmp_path: Path) -> None:
    killed_before, killed = 0, True
    while killed:
        host = filled(InstalledHost(tmp_path / f"{killed_before}", "linux", "reaper"), "surfaces of others")
        before = host.tree()
        host.install()
        host.script("reaper/hitpoint_vary.lua", b"-- @description vary better\n")
        host.script("reaper/hitpoint_bridge.lua", b"-- @description bridge 2\n")
        (host.scripts / "reaper" / "hitpoint_core.lua").unlink()
        disk = DyingDisk(killed_before // 2)
        with suppress(Killed):
            host.install(disk)
        killed = disk.changes == disk.left
        if killed_before % 2:
            (again,) = host.install()
            assert again.plan.notes == ()
        host.uninstall()
        assert host.tree() == before
        killed_before += 1
    assert killed_before > 12


def test_half_a_file_of_a_killed_write_goes(reaper: InstalledHost) -> None:
    before = reaper.tree()
    reaper.install()
    reaper.put("Scripts/Hitpoint/hitpoint_vary.lua.hitpoint-unfinished", b"hal")
    reaper.uninstall()
    assert reaper.tree() == before


def test_a_folder_that_cannot_be_written_is_named_and_what_was_done_can_be_undone(reaper: InstalledHost) -> None:
    class ReadOnly(Disk):
        def write(self, path: Path, content: bytes) -> None:
            if "OSC" in path.parts:
                raise HostError(f"{path} cannot be written: Permission denied. Give yourself the right to.")
            super().write(path, content)

    before = reaper.tree()
    with pytest.raises(HostError, match="OSC"):
        reaper.install(ReadOnly())
    reaper.uninstall()
    assert reaper.tree() == before


def test_what_the_system_refuses_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(HostError, match=r"cannot be written: .*--uninstall takes it back"):
        Disk().write(tmp_path / "file" / "below", b"")
    with pytest.raises(HostError, match="cannot be read"):
        Disk().read(tmp_path)


def test_a_link_stays_a_link_and_rights_stay(reaper: InstalledHost, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "reaper.ini"
    real.parent.mkdir()
    real.write_bytes(INI)
    real.chmod(0o600)
    (reaper.resource / "reaper.ini").unlink()
    (reaper.resource / "reaper.ini").symlink_to(real)
    reaper.install()
    assert (reaper.resource / "reaper.ini").is_symlink()
    assert surface_of(real.read_bytes()) == SURFACE
    assert real.stat().st_mode & 0o777 == 0o600
    reaper.uninstall()
    assert real.read_bytes() == INI


def test_what_python_compiled_from_ours_goes_with_it(tmp_path: Path) -> None:
    host = InstalledHost(tmp_path, "win32", "live")
    before = host.tree()
    host.install()
    host.put("Remote Scripts/Hitpoint/__pycache__/surface.cpython-311.pyc", b"compiled")
    host.uninstall()
    assert host.tree() == before


def test_two_hosts_in_one_home_leave_nothing_in_any_order(tmp_path: Path) -> None:
    reaper, ardour = (InstalledHost(tmp_path, "linux", name) for name in ("reaper", "ardour"))
    before = reaper.tree()
    reaper.install()
    ardour.install()
    reaper.uninstall()
    ardour.uninstall()
    assert reaper.tree() == before


def test_every_ardour_that_is_there_gets_it(tmp_path: Path) -> None:
    host = InstalledHost(tmp_path, "linux", "ardour")
    (host.home / ".config/ardour7").mkdir()
    before = host.tree()
    assert len(host.install()) == 2
    assert (host.home / ".config/ardour7/scripts/hitpoint_hook.lua").is_file()
    host.uninstall()
    assert host.tree() == before


def test_a_moved_library_is_taken_from_resource_on_any_system(tmp_path: Path) -> None:
    host = InstalledHost(tmp_path, "linux", "live", given="Library of mine")
    host.install()
    assert (host.resource / "Remote Scripts/Hitpoint/__init__.py").is_file()


@pytest.mark.parametrize(
    ("platform", "name", "says"),
    [
        ("linux", "reaper", "Start REAPER once"),
        ("win32", "ardour", "Start Ardour once"),
        ("linux", "live", "no Ableton"),
    ],
)
def test_a_host_that_is_not_there_is_said(tmp_path: Path, platform: str, name: str, says: str) -> None:
    host = InstalledHost(tmp_path, "darwin", name)
    host.platform = platform
    with pytest.raises(HostError, match=says):
        next(host.plan())


def test_a_resource_that_is_no_folder_is_said(reaper: InstalledHost) -> None:
    reaper.given = "nowhere"
    with pytest.raises(ConfigError, match="--resource"):
        next(reaper.plan())


def test_a_broken_ledger_is_named(reaper: InstalledHost) -> None:
    (one,) = reaper.install()
    one.kept_in.write_bytes(b'{"ledger": 1, "entries": 7}')
    with pytest.raises(HostError, match=one.kept_in.name):
        next(reaper.plan())


def test_running_programs_are_listed_on_linux_and_hosts_among_them_known(tmp_path: Path) -> None:
    for number, name in enumerate(("reaper", "ardour-7.3.0~ds", "bash")):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "comm").write_text(f"{name}\n")
    programs = running_programs("linux", tmp_path)
    assert host_runs("reaper", programs)
    assert host_runs("ardour", programs)
    assert not host_runs("live", programs)
    assert host_runs("live", {"ableton live 12 suite"})
    assert not host_runs("live", {"liveness"})


def test_running_programs_are_listed_on_the_other_systems_by_their_own_commands() -> None:
    tasks = ['"reaper.exe","4711","Console","1","250,000 K"', '"Ableton Live 12 Suite.exe","1","Console","1","9 K"', ""]
    on_windows = running_programs("win32", listed=lambda *_: tasks)
    assert host_runs("reaper", on_windows)
    assert host_runs("live", on_windows)
    paths = ["/Applications/REAPER.app/Contents/MacOS/REAPER", "/sbin/launchd", "/Applications/Ardour8.app/x/Ardour8"]
    on_a_mac = running_programs("darwin", listed=lambda *_: paths)
    assert host_runs("reaper", on_a_mac)
    assert host_runs("ardour", on_a_mac)
    assert not host_runs("live", on_a_mac)


def test_what_bridge_and_hitpoint_told_each_other_stays_and_is_said(reaper: InstalledHost) -> None:
    reaper.install()
    told = reaper.put("Hitpoint/snapshot.json", b"{}")
    (undone,) = reaper.uninstall()
    assert told.exists()
    assert str(told.parent) in undone.plan.notes[-1]


steps = st.tuples(st.sampled_from(["install", "other version", "uninstall"]), st.none() | st.integers(0, 15))


@given(st.sampled_from(sorted(REAPER_HOMES)), st.lists(steps, max_size=6))
@settings(max_examples=40)
def test_whatever_is_done_and_wherever_it_dies_nothing_is_left_in_the_end(
    kind: str, script: list[tuple[str, int | None]]
) -> None:
    with TemporaryDirectory() as folder:
        host = filled(InstalledHost(Path(folder), "linux", "reaper"), kind)
        before = host.tree()
        for what, dies_before in script:
            disk = None if dies_before is None else DyingDisk(dies_before)
            words = b"-- @description another\n" if what == "other version" else b"-- @description vary\n"
            host.script("reaper/hitpoint_vary.lua", words)
            with suppress(Killed):
                host.uninstall(disk) if what == "uninstall" else host.install(disk)
        host.uninstall()
        assert but_ledgers(host.tree()) == but_ledgers(before)
        assert not list(host.home.glob(".local/state/hitpoint/installs/*"))


def arguments(folder: Path, *more: str) -> tuple[str, ...]:
    return ("install", "reaper", "--resource", str(folder), *more)


def test_the_command_says_in_json_what_it_did_and_a_dry_run_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(install, "running_programs", frozenset)
    host = InstalledHost(tmp_path, "linux", "reaper")
    monkeypatch.setattr(install, "bridge_scripts_folder", lambda: host.scripts)
    before = host.tree()
    assert main(arguments(host.resource, "--dry-run", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["installations"][0]["steps"]
    assert host.tree() == before
    assert main(arguments(host.resource)) == 0
    assert "What is left to you" in capsys.readouterr().out
    monkeypatch.setattr(install, "running_programs", lambda: frozenset({"reaper"}))
    assert main(arguments(host.resource, "--uninstall")) == install.EXIT_UNFINISHED
    assert "Close REAPER and run `hitpoint install reaper --uninstall" in capsys.readouterr().out
    monkeypatch.setattr(install, "running_programs", frozenset)
    assert main(arguments(host.resource, "--uninstall", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["complete"] is True
    assert host.tree() == before


def test_a_mistake_is_one_line_and_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(tmp_path / "nowhere")) == EXIT_MISTAKE
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("name", HOSTS)
def test_the_real_scripts_install_and_uninstall(tmp_path: Path, name: str) -> None:
    folder = bridge_scripts_folder() / name
    if not any(path.is_file() for path in folder.rglob("*")):
        pytest.skip(f"no bridge for {name} yet")
    host = InstalledHost(tmp_path, "darwin", name)
    host.scripts = bridge_scripts_folder()
    before = host.tree()
    host.install()
    assert host.tree() != before
    host.uninstall()
    assert host.tree() == before
