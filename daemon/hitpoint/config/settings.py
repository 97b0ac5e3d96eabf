"""The settings as values, each with what reads it. What it means to a person, and its default: defaults.yaml."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from hitpoint.config.articulation_maps import articulation_map
from hitpoint.config.readers import (
    address,
    bound_controls,
    direction,
    file_path,
    frame_rate,
    host,
    list_of,
    number,
    one_of,
    optional,
    ranked,
    some_of,
    stinger,
    switch,
    table_of,
    timecode,
    whole,
    words,
)
from hitpoint.score.articulation import ArticulationMap
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.expression import EXPRESSIVE
from hitpoint.score.stinger import Stinger
from hitpoint.timeline.units import FrameRate


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """Where the notes go."""

    kind: Annotated[str, one_of("auto", "jack", "rtmidi", "osc", "null")]
    client_name: Annotated[str, words]
    """The ports are this and a stem: "Hitpoint strings"."""
    offsets_ms: Annotated[dict[str, float], table_of(number(-1000, 1000))]
    """By part or stem; negative is earlier."""
    expression: Annotated[tuple[int, ...], some_of(*EXPRESSIVE)]
    """Controllers that follow the intensity, and 64 for the pedal; empty for none."""
    articulations: Annotated[ArticulationMap, articulation_map]
    """What selects how notes are played."""
    record: Annotated[Path | None, optional(file_path)]
    clock: Annotated[bool, switch]
    """True to lead others by MIDI clock."""
    transport: Annotated[str, one_of("own", "jack")]
    """Whose transport is moved by what is asked of the built-in host."""
    link: Annotated[bool, switch]
    """True to lead an Ableton Link session."""


@dataclass(frozen=True, slots=True)
class InputSettings:
    """What is heard by MIDI."""

    ports: Annotated[tuple[str, ...], list_of(words)]
    """Names of ports that exist, to listen to besides our own."""
    song_position: Annotated[str, one_of("auto", "sixteenths", "clock_pulses")]
    """What the clock's song position counts."""


@dataclass(frozen=True, slots=True)
class OscSettings:
    """Control and notes over UDP."""

    host: Annotated[str, host]
    port: Annotated[int, whole(0, 65535)]
    """0 for any free one."""
    lan: Annotated[bool, switch]
    reply_port: Annotated[int | None, optional(whole(1, 65535))]
    """None answers to the port that asked."""
    notes: Annotated[tuple[str, int], address]
    """Where notes go when they go by OSC."""
    dialect: Annotated[str, one_of("hitpoint", "reaper")]


@dataclass(frozen=True, slots=True)
class MidiSettings:
    """MIDI that comes in."""

    bindings: Annotated[tuple[BoundControl, ...], bound_controls]
    """What controls drive from the start."""


AUTO, OFF = "auto", "off"
"""Of a bridge: where its host usually keeps its files, or not at all. Anything else is the host's folder. Of the
SoundFont: one of this machine's, or none; anything else is its file."""


@dataclass(frozen=True, slots=True)
class BridgeSettings:
    """Our scripts inside hosts."""

    reaper: Annotated[str, words]
    """AUTO, OFF, or REAPER's resource folder."""
    ardour: Annotated[str, words]
    """AUTO, OFF, or Ardour's settings folder."""
    live: Annotated[bool, switch]
    """True to hear Live's script."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What writes the music."""

    bundle: Annotated[str, words]
    """A name, or a path."""
    guidance: Annotated[float, number(0, 4)]
    """How far notes are pulled towards what bars are asked to be, beyond what the model does by itself; 0 for not."""


@dataclass(frozen=True, slots=True)
class PageSettings:
    """The control page."""

    enabled: Annotated[bool, switch]
    host: Annotated[str, host]
    port: Annotated[int, whole(0, 65535)]
    """TCP; 0 for any free one."""
    lan: Annotated[bool, switch]
    soundfont: Annotated[str, words]
    """AUTO, OFF, or a file."""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """The file that a bug report needs."""

    level: Annotated[str, one_of("debug", "info", "warning", "error")]
    file: Annotated[Path | None, optional(file_path)]
    """None for the usual place."""
    megabytes: Annotated[float, number(0.01, 1000)]
    files: Annotated[int, whole(2, 100)]
    prompts: Annotated[bool, switch]
    """True to keep people's own words in it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked."""

    output: OutputSettings
    input: InputSettings
    osc: OscSettings
    midi: MidiSettings
    bridges: BridgeSettings
    model: ModelSettings
    page: PageSettings
    log: LogSettings
    follow: Annotated[tuple[str, ...], ranked("builtin", "jack", "midi", "mtc", "link", "reaper", "live", "abletonosc")]
    """Who leads; of several, the most trusted first."""
    frame_rate: Annotated[FrameRate, frame_rate]
    timecode_start: Annotated[str, timecode]
    """HH:MM:SS:FF at the project's start."""
    look_ahead_seconds: Annotated[float, number(1, 120)]
    commit_seconds: Annotated[float, number(0.25, 30)]
    stingers: Annotated[dict[str, Stinger], table_of(stinger)]
    """By name."""
    states: Annotated[dict[str, str], table_of(direction)]
    """Words by name."""
    seed: Annotated[int, whole(0, 2**63 - 1)]
