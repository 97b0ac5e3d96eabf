"""Who may lead the transport."""

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
