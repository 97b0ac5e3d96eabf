"""Jobs over processes: what comes back, and what becomes of those that fail, and of processes that die."""

import multiprocessing
from collections.abc import Callable

import pytest

from fakes.job_work import Told, do_as_told
from hitpoint.engine.job_crew import Outcome, do_apart, do_here

REAL_WORK = [Told("a"), Told("b", "fail"), Told("c"), Told("d", "break")]


def nothing(*_: object) -> None:
    """Whoever is told does not mind."""


def apart(jobs: list[Told], processes: int = 2, died: Callable[[int, str], None] = nothing) -> dict[int, Outcome[str]]:
    return {one.place: one for one in do_apart(jobs, do_as_told, processes, nothing, died)}


def test_processes_give_what_this_process_gives_and_a_failure_stops_no_other() -> None:
    here = {one.place: one for one in do_here(REAL_WORK, do_as_told, nothing)}
    assert apart(REAL_WORK) == here
    assert [here[place].answer for place in range(4)] == ["a", None, "c", None]
    assert here[1].error == "b can't be done."
    assert here[3].error.startswith("KeyError: 'd'.")
    assert multiprocessing.active_children() == []


def test_a_job_whose_process_dies_is_tried_again_once_by_another(tmp_path) -> None:
    deaths: list[tuple[int, str]] = []
    jobs = [Told("a"), Told("b", "die once", str(tmp_path)), Told("c", "die", str(tmp_path)), Told("d")]
    found = apart(jobs, 1, lambda place, how: deaths.append((place, how)))
    assert [found[place].answer for place in range(4)] == ["a", "b", None, "d"]
    assert deaths == [(1, "SIGKILL"), (2, "SIGKILL")]
    assert "its process died 2 times (SIGKILL)" in found[2].error


def test_who_stops_listening_ends_all_processes() -> None:
    outcomes = do_apart([Told("a"), *[Told(str(n), "wait") for n in range(3)]], do_as_told, 2, nothing, nothing)
    assert next(outcomes).answer == "a"
    outcomes.close()
    assert multiprocessing.active_children() == []


def test_shares_are_told_while_a_job_is_done() -> None:
    shares: list[tuple[int, float]] = []
    list(do_here([Told("a"), Told("b")], do_as_told, lambda place, done: shares.append((place, done))))
    assert shares == [(0, 0.5), (1, 0.5)]


@pytest.mark.parametrize("processes", [1, 3])
def test_each_job_is_done_once(processes: int, tmp_path) -> None:
    jobs = [Told(f"{number}", folder=str(tmp_path)) for number in range(5)]
    found = apart(jobs, processes)
    assert sorted(found) == [0, 1, 2, 3, 4]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2", "3", "4"]
