"""Reads a .ReaperOSC pattern file as REAPER does, and says what REAPER would pass over in silence."""

from dataclasses import dataclass, field

COUNTS = (
    "DEVICE_TRACK_COUNT", "DEVICE_SEND_COUNT", "DEVICE_RECEIVE_COUNT", "DEVICE_FX_COUNT", "DEVICE_FX_PARAM_COUNT",
    "DEVICE_FX_INST_PARAM_COUNT", "DEVICE_MARKER_COUNT", "DEVICE_REGION_COUNT",
)  # fmt: skip
KEYS = {
    *COUNTS, "PLAY", "STOP", "PAUSE", "RECORD", "REPEAT", "METRONOME", "REPLACE", "AUTO_REC_ARM", "SOLO_RESET",
    "ANY_SOLO", "REWIND", "FORWARD", "REWIND_FORWARD_BYMARKER", "REWIND_FORWARD_SETLOOP", "GOTO_MARKER", "GOTO_REGION",
    "TIME", "BEAT", "SAMPLES", "FRAMES", "PLAY_RATE", "TEMPO", "LOOP_START_TIME", "LOOP_END_TIME", "MARKER_NAME",
    "MARKER_NUMBER", "MARKER_TIME", "REGION_NAME", "REGION_NUMBER", "REGION_TIME", "REGION_LENGTH", "LAST_MARKER_NAME",
    "LAST_MARKER_NUMBER", "LAST_MARKER_TIME", "LAST_REGION_NAME", "LAST_REGION_NUMBER", "LAST_REGION_TIME",
    "LAST_REGION_LENGTH", "MARKERID_NAME", "MARKERID_TIME", "MARKERID_NUMBER", "REGIONID_NAME", "REGIONID_TIME",
    "REGIONID_LENGTH", "REGIONID_NUMBER", "VKB_MIDI_NOTE", "VKB_MIDI_CC", "VKB_MIDI_PROGRAM", "VKB_MIDI_PITCH",
    "ACTION", "ACTION_SOFT", "ACTION_RELATIVE", "MIDIACTION", "MIDILISTACTION", "DEVICE_MARKER_BANK_SELECT",
    "DEVICE_PREV_MARKER_BANK", "DEVICE_NEXT_MARKER_BANK", "DEVICE_REGION_BANK_SELECT", "DEVICE_PREV_REGION_BANK",
    "DEVICE_NEXT_REGION_BANK",
}  # fmt: skip
"""Of REAPER's Default.ReaperOSC: those that are not about tracks, effects or the display."""
FLAGS = "nfbtrsi"
LONGEST_LINE, LONGEST_PATTERN, MOST_WILDCARDS = 4096, 512, 16


@dataclass
class PatternFile:
    """What REAPER makes of one."""

    counts: dict[str, int] = field(default_factory=dict)
    patterns: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Key: (flag, address) of each."""
    wrong: list[str] = field(default_factory=list)
    """What would be passed over, or would hide something else."""


def read_patterns(text: str) -> PatternFile:
    """All of a pattern file."""
    found, addresses = PatternFile(), set[str]()
    for number, line in enumerate(text.splitlines(), 1):
        tokens = line.split()
        if not tokens or tokens[0].startswith("#"):
            continue
        key, values = tokens[0], tokens[1:]
        if len(line) > LONGEST_LINE:
            found.wrong.append(f"line {number} is too long")
        if key not in KEYS:
            found.wrong.append(f"line {number}: no key {key}")
        elif not values:
            found.wrong.append(f"line {number}: {key} has no value")
        elif key in COUNTS and values[0].isdigit():
            found.counts[key] = int(values[0])
            values = values[1:]
        for value in values:
            flag, address = value[:1], value[1:]
            if flag not in FLAGS or not address.startswith("/") or len(value) > LONGEST_PATTERN:
                found.wrong.append(f"line {number}: {value} is no pattern")
            elif address in addresses:
                found.wrong.append(f"line {number}: {address} is used twice")
            elif address.count("@") > MOST_WILDCARDS:
                found.wrong.append(f"line {number}: {address} has too many wildcards")
            addresses.add(address)
            found.patterns.setdefault(key, []).append((flag, address))
    return found
