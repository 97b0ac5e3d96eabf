"""Jobs spread over a Dask cluster that runs already. The only user of `distributed`, an optional extra.

The cluster is the user's own: nothing is started, and nothing is uploaded but the jobs. Each worker needs the same
version of Hitpoint and the same model; a job says which, and fails where they differ. A worker that dies is Dask's to
see to: it gives the job to another, and gives it up after its own `allowed-failures`.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any

from hitpoint.engine.job_crew import Outcome, Work, reason_of
from hitpoint.errors import ConfigError

CONNECT_SECONDS = 10.0
"""To reach the scheduler. Our choice."""


def do_on_dask(
    jobs: Sequence[Any], work: Work, address: str, share: Callable[[int, float], None]
) -> Generator[Outcome[Any], None, None]:
    """Do the jobs on the cluster whose scheduler is at `address`. Yields each outcome as it comes.

    share: told a job's place, and 1 when it is done. Raises ConfigError where the extra is missing or nobody answers.
    What is not done yet is taken back when this ends early.
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
    with client:
        # Pure or not, a job is one of this call: no answer of another call, perhaps of another version, is taken.
        futures = {
            client.submit(_done, work, place, job, pure=False, key=f"hitpoint-{place}-{id(jobs):x}"): place
            for place, job in enumerate(jobs)
        }
        for future in distributed.as_completed(futures):
            place = futures[future]
            share(place, 1.0)
            yield _outcome(future, place)
            future.release()


def _done(work: Work, place: int, job: Any) -> Outcome[Any]:
    """One job, on a worker."""
    try:
        return Outcome(place, work(job, lambda _: None))
    except Exception as error:
        return Outcome(place, None, reason_of(error))


def _outcome(future: Any, place: int) -> Outcome[Any]:
    error = future.exception()
    if error is None:
        outcome: Outcome[Any] = future.result()
        return outcome
    # The worker died too often, or has no Hitpoint: it is the cluster's trouble, not the cue's.
    text = " ".join(str(error).split())[:300]
    return Outcome(place, None, f"the Dask cluster could not do it ({type(error).__name__}: {text}).")
