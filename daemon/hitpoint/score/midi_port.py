"""Names of MIDI ports: what is wanted, and how it is found among what a driver lists."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InputsWanted:
    """Where to listen."""

    port: str = ""
    """Name of an input to make, "Hitpoint in", which others connect to; empty for none."""
    sources: tuple[str, ...] = ()
    """Names, or parts of the names, of ports that exist, to listen to as well."""


def bare_name(port: str) -> str:
    """A port's own name, as drivers list it: "client:port" (JACK), "client:port 128:0" (ALSA), "port" (CoreMIDI)."""
    return _without_address(port).rpartition(":")[2]


def find_port(listed: Sequence[str], name: str) -> int | None:
    """Index of the port that is meant by a name: the one called so, else the first that has it in its name."""
    for names_of in (_full_names, _bare_names):
        for index, port in enumerate(listed):
            if name in names_of(port):
                return index
    return next((index for index, port in enumerate(listed) if name.lower() in port.lower()), None)


def _full_names(port: str) -> tuple[str, ...]:
    return port, _without_address(port)


def _bare_names(port: str) -> tuple[str, ...]:
    # WinMM adds a number to every name.
    head, _, tail = port.rpartition(" ")
    return (bare_name(port), head) if tail.isdigit() else (bare_name(port),)


def _without_address(port: str) -> str:
    """The name without ALSA's client and port numbers at its end."""
    head, _, tail = port.rpartition(" ")
    return head if head and ":" in tail and tail.replace(":", "").isdigit() else port
