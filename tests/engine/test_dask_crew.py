"""Jobs over a Dask cluster: what one process gives, and what is told where there is no cluster."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.job_work import Told, do_as_told
from hitpoint.cli.main import EXIT_MISTAKE, main
from hitpoint.engine import dask_crew
from hitpoint.engine.dask_crew import do_on_dask
from hitpoint.engine.job_crew import do_here
from hitpoint.errors import ConfigError


def nothing(*_: object) -> None:
    """Whoever is told does not mind."""


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"pip install 'hitpoint\[dask\]'"):
        next(do_on_dask([Told("a")], do_as_told, "tcp://127.0.0.1:9", nothing, nothing))


@pytest.mark.slow
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_an_address_where_nobody_answers_is_named(monkeypatch, address) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(dask_crew, "CONNECT_SECONDS", 1.0)
    with pytest.raises(ConfigError, match=f"dask:{address}: no Dask scheduler answers there"):
        next(do_on_dask([Told("a")], do_as_told, address, nothing, nothing))


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a cluster of two worker processes."""
    distributed = pytest.importorskip("distributed")
    import dask

    few = dask.config.set({"distributed.scheduler.allowed-failures": 1})
    with (
        few,
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1", silence_logs=50
        ) as local,
    ):
        yield local.scheduler_address


@pytest.mark.slow
def test_a_cluster_gives_what_this_process_gives_and_a_failure_stops_no_other(cluster) -> None:
    jobs = [Told("a"), Told("b", "fail"), Told("c"), Told("d", "break")]
    found = {one.place: one for one in do_on_dask(jobs, do_as_told, cluster, nothing, nothing)}
    assert found == {one.place: one for one in do_here(jobs, do_as_told, nothing)}


@pytest.mark.slow
def test_a_job_that_kills_its_workers_is_given_up_and_the_others_are_done(cluster, tmp_path) -> None:
    jobs = [Told("a"), Told("b", "die", str(tmp_path)), Told("c", "die once", str(tmp_path))]
    found = {one.place: one for one in do_on_dask(jobs, do_as_told, cluster, nothing, nothing)}
    assert (found[0].answer, found[1].answer, found[2].answer) == ("a", None, "c")
    assert "the Dask cluster could not do it, twice (KilledWorker" in found[1].error


@pytest.mark.slow
def test_a_reel_from_a_cluster_is_byte_for_byte_the_reel_from_here(cluster, tmp_path, capsys) -> None:
    sheet = tmp_path / "reel.yaml"
    sheet.write_text(
        'frame_rate: "25"\ncues:\n'
        '  - {number: 1m01, start: "01:00:00:00", end: "01:00:06:00", motif: m, prompt: "calm, piano, 90 bpm"}\n'
        '  - {number: 1m02, start: "01:00:10:00", end: "01:00:18:00", motif: m, prompt: "tense, strings",\n'
        '     hits: [{at: "01:00:13:07", name: door}]}\n'
        '  - {number: 1m03, start: "01:00:20:00", end: "01:00:28:00"}\n'
    )
    for folder, jobs in (("here", "1"), ("apart", "2"), ("cluster", f"dask:{cluster}")):
        assert main(["render", "--sheet", str(sheet), "--jobs", jobs, "-o", str(tmp_path / folder)]) == 1
        assert "cue 1m03: it has no prompt" in capsys.readouterr().err
    here = _contents(tmp_path / "here")
    assert sorted(here) == ["1m01.mid", "1m02.mid"]
    assert _contents(tmp_path / "apart") == here
    assert _contents(tmp_path / "cluster") == here


@pytest.mark.slow
def test_the_command_says_in_one_line_that_nobody_answers(tmp_path, capsys, monkeypatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(dask_crew, "CONNECT_SECONDS", 1.0)
    sheet = tmp_path / "reel.yaml"
    sheet.write_text('frame_rate: "25"\ncues:\n  - {number: 1m01, start: "01:00:00:00", prompt: calm}\n')
    status = main(["render", "--sheet", str(sheet), "--jobs", "dask:tcp://127.0.0.1:9", "-o", str(tmp_path / "x")])
    captured = capsys.readouterr()
    assert (status, captured.out) == (EXIT_MISTAKE, "")
    assert captured.err.startswith("hitpoint: --jobs dask:tcp://127.0.0.1:9: no Dask scheduler answers")


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
