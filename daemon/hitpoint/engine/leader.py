"""Who may lead the transport."""

BUILT_IN, JACK = "builtin", "jack"
"""The host that Hitpoint has of its own, driven over OSC, or JACK's transport."""
