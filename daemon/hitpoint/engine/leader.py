"""Who may lead the transport."""

BUILT_IN, JACK, MIDI, TIMECODE = "builtin", "jack", "midi", "mtc"
"""The host that Hitpoint has of its own, driven over OSC, JACK's transport, a MIDI clock, or MIDI time code."""

REAPER, LIVE, ABLETON_OSC = "reaper", "live", "abletonosc"
"""Hosts whose bridges tell control where they are."""
TOLD = (REAPER, LIVE, ABLETON_OSC)

LEADERS = {
    BUILT_IN: BUILT_IN,
    JACK: JACK,
    MIDI: "midi clock",
    TIMECODE: "midi time code",
    REAPER: "REAPER",
    LIVE: "Live",
    ABLETON_OSC: "Live (AbletonOSC)",
}
"""What each is called to people."""
