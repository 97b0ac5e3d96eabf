"""Who may lead the transport, and in which order of trust."""

from collections.abc import Sequence
from math import inf

from hitpoint.scheduler.performance import LeaderHeard, SourceHeard

BUILT_IN, JACK, MIDI, TIMECODE, LINK = "builtin", "jack", "midi", "mtc", "link"
"""The host that Hitpoint has of its own, driven over OSC, JACK's transport, a MIDI clock, MIDI time code, or an Ableton
Link session, which leads in tempo and phase, while the place is our own."""

REAPER, LIVE, ABLETON_OSC = "reaper", "live", "abletonosc"
"""Hosts whose bridges tell control where they are."""
TOLD = (REAPER, LIVE, ABLETON_OSC)

LEADERS = {
    BUILT_IN: BUILT_IN,
    JACK: JACK,
    MIDI: "midi clock",
    TIMECODE: "midi time code",
    LINK: "Ableton Link",
    REAPER: "REAPER",
    LIVE: "Live",
    ABLETON_OSC: "Live (AbletonOSC)",
}
"""What each is called to people."""

SILENT_SECONDS = {
    # A clock that stands may send nothing, and one that rolls is bridged for as long.
    MIDI: 2.0,
    # Less than after so long it has stopped: to stop is, for time code, to fall silent.
    TIMECODE: 0.2,
    # Hosts that stand are told again and again by control, while they are there.
    REAPER: 2.0,
    LIVE: 2.0,
    ABLETON_OSC: 2.0,
    LINK: inf,
    JACK: inf,
    BUILT_IN: inf,
}
"""After so long a silence each is not there for the others; infinite for who always is. Our choice, but for time code:
less than `TimecodeEstimate.stopped_seconds`."""


NEVER_HEARD, SILENT, HERE = "never heard", "silent", "here"
"""States that one of several has besides those of whoever follows it."""


def order_of(follow: Sequence[str]) -> tuple[str, ...]:
    """Everybody who may lead, most trusted first: as asked; of several the last one is always there."""
    if len(follow) == 1 or SILENT_SECONDS[follow[-1]] == inf:
        return tuple(follow)
    return (*follow, BUILT_IN)


def why(heard: LeaderHeard) -> str:
    """Why it leads, in words: "REAPER is silent for 3.2 s: midi time code leads"."""
    title = LEADERS[heard.leader]
    above: list[SourceHeard] = []
    for source in heard.sources:
        if source.name == heard.leader:
            if source.state == SILENT:
                return f"{title} leads, though silent for {source.silent_seconds:.1f} s: nobody else rolls"
            break
        above.append(source)
    if not above:
        return f"{title} leads: nobody is trusted more"
    return f"{', '.join(f'{LEADERS[source.name]} {_why_not(source)}' for source in above)}: {title} leads"


def _why_not(source: SourceHeard) -> str:
    if source.state == NEVER_HEARD:
        return "was not heard yet"
    if source.state == SILENT:
        return f"is silent for {source.silent_seconds:.1f} s"
    return "stands" if source.state == "stopped" else "is not steady yet"
