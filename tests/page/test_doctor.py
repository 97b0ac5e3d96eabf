"""The doctor's findings, or one line that says why there are none."""

import asyncio
import sys
from typing import Any

import pytest

from hitpoint.errors import HostError
from hitpoint.page.doctor import Doctor


def findings(*command: str) -> list[dict[str, Any]]:
    return asyncio.run(Doctor(command=command).findings())


def test_what_the_command_finds_is_told():
    assert findings(sys.executable, "-c", """print('{"checks": [{"check": "ports"}]}')""") == [{"check": "ports"}]


@pytest.mark.parametrize("says", ["", "no JSON", "[]", "{}"])
def test_a_command_that_says_nothing_of_use_is_told(says: str):
    with pytest.raises(HostError, match="`hitpoint doctor` at a terminal"):
        findings(sys.executable, "-c", f"print({says!r})")


def test_a_command_that_cannot_be_started_is_told():
    with pytest.raises(HostError, match="no process can be started"):
        findings("/no/such/program")
