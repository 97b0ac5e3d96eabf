"""What a script inside a host would tell."""

from typing import Any


def a_snapshot(**changed: Any) -> dict[str, Any]:
    """A small project, with some of its fields as they are given here."""
    return {
        "protocol": 1,
        "kind": "snapshot",
        "host": "reaper",
        "host_version": "7.22/linux-x86_64",
        "bridge_version": "0.2.0",
        "serial": 1,
        "project": "reel 3",
        "frame_rate": None,
        "tempo": [{"quarter": 0.0, "bpm": 120.0, "ramp": "step"}],
        "meter": [{"quarter": 0.0, "numerator": 4, "denominator": 4}],
        "markers": [{"id": "{1}", "quarter": 8.5, "name": "HIT door"}],
        "regions": [{"id": "{2}", "quarter": 0.0, "end": 16.0, "name": "tense, brass"}],
        "loop": None,
        **changed,
    }
