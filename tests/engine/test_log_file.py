import logging
from pathlib import Path

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


def test_a_bug_report_says_which_versions():
    assert all(word in machine_facts() for word in ("Hitpoint 0.", "Python 3.", "numpy ", "onnxruntime "))
