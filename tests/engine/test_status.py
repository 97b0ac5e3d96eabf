import os

from hitpoint.engine.crew_pipes import Life
from hitpoint.engine.status import lives_told


def test_control_tells_its_own_process_and_its_supervisors_where_it_has_one() -> None:
    assert lives_told({})["processes"] == {"control": os.getpid()}
    crew = lives_told({"control": Life(0), "play": Life(7, 2, 0.5)})
    assert crew["processes"]["supervisor"] == os.getppid()
    assert crew["processes"]["play"] == 7
    assert (crew["restarts"]["play"], crew["restart_seconds"]["play"]) == (2, 0.5)


def test_where_control_runs_in_the_supervisor_there_is_one_process_of_both() -> None:
    assert lives_told({"play": Life(7)})["processes"] == {"control": os.getpid(), "play": 7}
