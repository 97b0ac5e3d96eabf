from hitpoint.engine.take_journal import TakeJournal
from hitpoint.scheduler.performance import Played
from hitpoint.score.expression import ControllerMove
from hitpoint.score.note import Note

REPORTS = [
    Played(1, 0, 960, (("violin 1", Note(0, 60, 480, 80)), ("cello", Note(480, 48, 240, 70)))),
    Played(1, 960, 1920, (), (ControllerMove(960, 11, 90), ControllerMove(1000, 1, 64))),
    Played(1, 1920, 2880, (("piano", Note(1920, 60, 9, 80)),), (), (("piano", Note(1980, 128, 400, 127)),)),
    Played(2, 0, 100, (("弦楽", Note(5, 61, 1, 1)),)),
]


def test_what_was_reported_reads_back(tmp_path):
    journal = TakeJournal(tmp_path / "take")
    assert journal.read() == []
    for played in REPORTS:
        journal.add(played)
    assert TakeJournal(tmp_path / "take").read() == REPORTS


def test_a_report_that_was_cut_short_costs_only_itself(tmp_path):
    path = tmp_path / "take"
    for played in REPORTS:
        TakeJournal(path).add(played)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        complete = sum(1 for count in range(1, len(lines) + 1) if sum(map(len, lines[:count])) <= size)
        assert TakeJournal(path).read() == REPORTS[:complete]


def test_a_folder_that_is_gone_is_no_trouble(tmp_path):
    TakeJournal(tmp_path / "gone" / "take").add(REPORTS[0])
