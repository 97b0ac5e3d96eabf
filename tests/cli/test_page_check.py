import socket
from dataclasses import replace

from hitpoint.cli.machine_checks import Health
from hitpoint.cli.page_check import page
from hitpoint.config.load import load_settings


def test_a_port_that_another_holds_is_told_and_stops_nothing() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        where = replace(load_settings().page, port=other.getsockname()[1])
        assert page(where, running="").health is Health.WARN
        assert "page.port" in page(where, running="").advice
        assert page(where, running="Hitpoint runs").health is Health.OK
    assert page(where, running="").health is Health.OK


def test_a_page_that_is_not_wanted_is_no_trouble() -> None:
    assert "not served" in page(replace(load_settings().page, enabled=False), running="").found
