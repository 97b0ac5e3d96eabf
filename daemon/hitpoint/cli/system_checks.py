"""The usual troubles of each system with MIDI and with time: what Linux allows, what ports macOS and Windows have."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from hitpoint.cli.machine_checks import Finding, Health
from hitpoint.engine.port_names import CLOCK, STEMS, port_name
from hitpoint.errors import PortError

LEAST_PRIORITY = 50
"""What the play process asks for. Source: engine/realtime.py, by test."""


def system_troubles(client: str, clock: bool = False, platform: str = sys.platform) -> Iterator[Finding]:
    """What is usual trouble on this system. client: the beginning of our ports' names. clock: MIDI clock is sent."""
    if platform == "linux":
        yield alsa_sequencer()
        yield priority_limit()
    elif platform == "darwin":
        yield core_midi(client)
    elif platform == "win32":
        yield loopback_ports(client, clock)


def alsa_sequencer(device: Path = Path("/dev/snd/seq")) -> Finding:
    """Whether ALSA's sequencer is there, through which virtual ports go."""
    if device.exists():
        return Finding("ALSA sequencer", Health.OK, str(device))
    advice = "Load it: sudo modprobe snd-seq (containers and some servers have none); or use JACK: output.kind jack."
    return Finding("ALSA sequencer", Health.WARN, f"no {device}: no virtual ports by ALSA", advice)


def priority_limit(limit: Callable[[], int] | None = None) -> Finding:
    """How high a real-time priority the system lets a person's programs have."""
    highest = (limit or _priority_limit)()
    if highest < 0 or highest >= LEAST_PRIORITY:
        return Finding("rtprio limit", Health.OK, "none" if highest < 0 else str(highest))
    advice = "Put `@audio - rtprio 95` into /etc/security/limits.d/audio.conf, join the group audio, log in again."
    return Finding("rtprio limit", Health.WARN, f"{highest}, Hitpoint asks for {LEAST_PRIORITY}", advice)


def core_midi(client: str) -> Finding:
    """What to know of macOS's ports: nothing has to be made."""
    found = f"Hitpoint makes its own ports ({client} …) while it runs: no IAC bus is needed"
    return Finding("CoreMIDI", Health.OK, found)


def loopback_ports(client: str, clock: bool = False, listed: Callable[[], Sequence[str]] | None = None) -> Finding:
    """Whether Windows has loopback ports of our names, as it has no virtual ones. clock: one for the clock, too."""
    check = "loopback ports"
    wanted = [port_name(client, stem) for stem in STEMS]
    example = port_name(client, "strings")
    advice = f'Make them with loopMIDI (tobias-erichsen.de), one for each stem you use, named like "{example}".'
    try:
        # WinMM adds a number to every name.
        there = {name for port in (listed or _listed)() for name in (port, port.rpartition(" ")[0])}
    except PortError as error:
        return Finding(check, Health.WARN, str(error), advice)
    found = [name for name in wanted if name in there]
    clock_port = port_name(client, CLOCK)
    if clock and clock_port not in there:
        advice = "Make one of that name with loopMIDI (tobias-erichsen.de), or set output.clock: false."
        return Finding(check, Health.WARN, f'none is called "{clock_port}", for MIDI clock', advice)
    if found:
        return Finding(check, Health.OK, ", ".join(found))
    return Finding(check, Health.WARN, f"none is called like Hitpoint's ({example} …)", advice)


def _priority_limit() -> int:
    # -1 stands for none. Only Linux has this limit, and not for its administrator. Source: getrlimit(2), sched(7).
    if sys.platform != "linux" or os.geteuid() == 0:
        return -1
    import resource

    return int(resource.getrlimit(resource.RLIMIT_RTPRIO)[0])


def _listed() -> Sequence[str]:
    from hitpoint.outputs.midi_ports import listed_ports

    return listed_ports()
