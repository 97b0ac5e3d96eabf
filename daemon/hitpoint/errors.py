"""Everything Hitpoint raises on purpose.

    HitpointError
    ├── ConfigError   a setting, flag or prompt that cannot be used
    ├── HostError     a DAW or its files: unreadable map, lost transport, second daemon
    ├── PortError     a MIDI, JACK or OSC port that cannot be opened or written
    ├── ModelError    a bundle that is missing, mismatched or out of context
    └── ScoreError    music that cannot be written or read: files, parts, bars

A message says what is wrong, where, and what to do about it. Libraries' own errors are translated at the
boundary (`raise … from error`); a slip of ours stays a `TypeError` or `AssertionError` and surfaces.
"""


class HitpointError(Exception):
    """A mistake that a person can mend; the command line prints it in one line and exits with 2."""


class ConfigError(HitpointError):
    """A setting, flag or prompt that cannot be used."""


class HostError(HitpointError):
    """A DAW, or a file that stands for one, that cannot be followed."""


class PortError(HitpointError):
    """A MIDI, JACK or OSC port that cannot be opened or written."""


class ModelError(HitpointError):
    """A model bundle that is missing, mismatched, or asked for more than it can hold."""


class ScoreError(HitpointError):
    """Music that cannot be read or written."""
