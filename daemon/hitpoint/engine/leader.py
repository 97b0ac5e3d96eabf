"""Who may lead the transport."""

BUILT_IN, JACK, MIDI = "builtin", "jack", "midi"
"""The host that Hitpoint has of its own, driven over OSC, JACK's transport, or a MIDI clock."""

LEADERS = {BUILT_IN: BUILT_IN, JACK: JACK, MIDI: "midi clock"}
"""What each is called to people."""
