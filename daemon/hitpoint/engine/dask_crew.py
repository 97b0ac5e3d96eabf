"""Jobs spread over a Dask cluster that runs already. The only user of `distributed`, an optional extra.

The cluster is the user's own: nothing is started, and nothing is uploaded but the jobs. Each worker needs the same
version of Hitpoint and the same model; a job says which, and fails where they differ. Where a worker dies Dask gives
its jobs to others, as often as its own `allowed-failures` says; a job that it then gives up may only have shared a
worker with the one that kills it, so each is tried once more, alone, when all others are done.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any

from hitpoint.engine.job_crew import Outcome, Work, reason_of
from hitpoint.errors import ConfigError

CONNECT_SECONDS = 10.0
"""To reach the scheduler. Our choice."""
LONGEST_REASON = 160
"""Characters of what Dask says that are passed on."""


def do_on_dask(
    jobs: Sequence[Any],
    work: Work,
    address: str,
    share: Callable[[int, float], None],
    died: Callable[[int, str], None],
) -> Generator[Outcome[Any], None, None]:
    """Do the jobs on the cluster whose scheduler is at `address`. Yields each outcome as it comes.

    share: told a job's place, and 1 when it is done. died: told the place of a job that Dask gave up, and why, when it
    is to be tried again. Raises ConfigError where the extra is missing or nobody answers. What is not done yet is taken
    back when this ends early.
    """
    try:
        import distributed
    except ImportError as error:
        raise ConfigError(
            "--jobs dask:… needs Dask, which is not installed. Install it: pip install 'hitpoint[dask]'."
        ) from error
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ConfigError(f"--jobs dask:{address}: no Dask scheduler answers there ({reason}). Start one.") from error

    def begun(place: int, attempt: int) -> Any:
        # A key of this call's own: no answer of another call, perhaps of another version, is taken for this one's.
        key = f"hitpoint-{client.id}-{place}-{attempt}"
        return client.submit(_done, work, place, jobs[place], pure=False, key=key)

    with client:
        places = {begun(place, 1): place for place in range(len(jobs))}
        given_up: list[int] = []
        for future in distributed.as_completed(list(places), loop=client.loop):
            # Let go of one by one, so that the cluster need not keep all files until the last is done.
            place = places.pop(future)
            outcome, reason = _answer(future)
            if outcome is None:
                given_up.append(place)
                died(place, reason)
            else:
                share(place, 1.0)
                yield outcome
        for place in given_up:
            outcome, reason = _answer(begun(place, 2)) if client.status == "running" else (None, "it went away")
            share(place, 1.0)
            yield outcome or Outcome(place, None, f"the Dask cluster could not do it, twice ({reason}).")


def _done(work: Work, place: int, job: Any) -> Outcome[Any]:
    """One job, on a worker."""
    try:
        return Outcome(place, work(job, lambda _: None))
    except Exception as error:
        return Outcome(place, None, reason_of(error))


def _answer(future: Any) -> tuple[Outcome[Any] | None, str]:
    """What came of it, waited for; or None, and what went wrong with the cluster: a dead worker, no Hitpoint there."""
    try:
        return future.result(), ""
    except Exception as error:
        text = " ".join(str(error).split())
        return None, f"{type(error).__name__}: {text[:LONGEST_REASON]}"
