import json
from typing import Any

import pytest

from hitpoint.errors import HostError
from hitpoint.hosts.host_ask import HostAsk, read_ask


def an_ask(**changed: Any) -> bytes:
    ask = {"protocol": 1, "kind": "ask", "ask": "a-1", "address": "/hitpoint/cue/vary", "arguments": '[5, 8, "brass"]'}
    return json.dumps({**ask, **changed}).encode()


def test_an_ask_has_an_address_and_arguments() -> None:
    assert read_ask(an_ask()) == HostAsk("a-1", "/hitpoint/cue/vary", [5, 8, "brass"])


@pytest.mark.parametrize("arguments", ["", "{}", "5", "[[1]]", "[null]", '[{"a": 1}]', "[" * 5000])
def test_arguments_that_are_no_list_of_texts_and_numbers_are_refused(arguments: str) -> None:
    with pytest.raises(HostError):
        read_ask(an_ask(arguments=arguments))
