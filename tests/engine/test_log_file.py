import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from hitpoint.config.settings import LogSettings
from hitpoint.engine.log_file import Log, machine_facts


def settings(path: Path, level: str = "info") -> LogSettings:
    return LogSettings(level=level, file=path, megabytes=0.01, files=2, prompts=False)


def test_a_line_has_time_process_level_and_message(tmp_path, capsys):
    log = Log(settings(tmp_path / "new" / "hitpoint.log"))
    log.write("control", logging.WARNING, "shown to you", "kept for others")
    log.write("control", logging.INFO, "not shown", "kept too")
    log.close()
    lines = (tmp_path / "new" / "hitpoint.log").read_text().splitlines()
    assert [line.split(maxsplit=2)[2] for line in lines] == [
        "control WARNING kept for others",
        "control INFO kept too",
    ]
    assert capsys.readouterr().err == "hitpoint: shown to you\n"


def test_what_is_below_the_level_is_left_out(tmp_path, capsys):
    log = Log(settings(tmp_path / "hitpoint.log", "error"))
    log.write("play", logging.WARNING, "late", "late")
    log.close()
    assert (tmp_path / "hitpoint.log").read_text() == ""
    assert capsys.readouterr().err == ""


def test_what_is_told_in_another_way_is_not_shown_a_second_time(tmp_path, capsys):
    log = Log(settings(tmp_path / "log"))
    for told in ("no MIDI input", "no page"):
        log.write("control", logging.WARNING, told, told, hold=True)
    log.write("control", logging.ERROR, "control failed", "control failed", hold=True)
    assert capsys.readouterr().err == "hitpoint: control failed\n"
    log.let_go("  note: no MIDI input")
    log.let_go()
    log.close()
    assert capsys.readouterr().err == "hitpoint: no page\n"
    assert [line.rpartition(" WARNING ")[2] for line in (tmp_path / "log").read_text().splitlines()][:2] == [
        "no MIDI input", "no page",
    ]  # fmt: skip


def test_the_files_do_not_grow_beyond_what_is_allowed(tmp_path):
    log = Log(settings(tmp_path / "hitpoint.log"))
    for number in range(1000):
        log.write("control", logging.INFO, "", f"line {number} {'x' * 60}")
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["hitpoint.log", "hitpoint.log.1"]
    assert all(file.stat().st_size <= 10_000 for file in files)
    assert "line 999 " in files[0].read_text()


def test_a_place_that_cannot_be_written_is_told_and_nothing_else(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    log = Log(settings(tmp_path / "file" / "hitpoint.log"))
    log.write("control", logging.INFO, "", "nothing")
    log.close()
    assert "log.file" in capsys.readouterr().err


def test_a_disk_that_is_full_is_told_once_in_one_line(tmp_path, capsys, monkeypatch):
    def no_room(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    log = Log(settings(tmp_path / "hitpoint.log"))
    log.write("control", logging.INFO, "", "before")
    with monkeypatch.context() as full:
        full.setattr(RotatingFileHandler, "shouldRollover", no_room)
        for _ in range(3):
            log.write("control", logging.INFO, "", "lost")
    log.write("control", logging.INFO, "", "after")
    log.close()
    [line] = capsys.readouterr().err.splitlines()
    assert "hitpoint.log" in line
    assert "No space left" in line
    assert [line.split()[-1] for line in (tmp_path / "hitpoint.log").read_text().splitlines()] == ["before", "after"]


@pytest.mark.skipif(sys.platform == "win32", reason="terminals go away in another way")
def test_a_terminal_that_has_gone_away_ends_nothing(tmp_path, monkeypatch):
    read, write = os.pipe()
    os.close(read)
    log = Log(settings(tmp_path / "hitpoint.log"))
    terminal = os.fdopen(write, "w")
    with monkeypatch.context() as gone:
        gone.setattr(sys, "stderr", terminal)
        log.write("control", logging.WARNING, "shown to nobody", "kept")
    log.close()
    assert "kept" in (tmp_path / "hitpoint.log").read_text()
    with pytest.raises(BrokenPipeError):
        terminal.close()


def test_a_bug_report_says_which_versions():
    assert all(word in machine_facts() for word in ("Hitpoint 0.", "Python 3.", "numpy ", "onnxruntime "))
