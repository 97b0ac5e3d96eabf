"""Reads the corpus's Standard MIDI Files, fast: notes by track on the model's grid, tempi and metres.

mido reads anything and is used wherever people's files come in; for ten thousand files of one normal form (format 1,
480 ticks a quarter, one program a track) this is several times faster.
Source: Standard MIDI Files 1.0, sections 2 and 3.
"""

from dataclasses import dataclass, field
from pathlib import Path
from struct import unpack

from hitpoint.errors import ScoreError
from hitpoint.score.stem import DRUM_CHANNEL


@dataclass
class Track:
    """One track that has notes."""

    program: int = 0
    drums: bool = False
    notes: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(onset, end, pitch, velocity), in file ticks, in the order they end."""


@dataclass
class Smf:
    """A whole file."""

    ticks_per_quarter: int
    tracks: list[Track] = field(default_factory=list)
    tempi: list[tuple[int, float]] = field(default_factory=list)
    """(tick, quarter notes a minute)."""
    meters: list[tuple[int, int, int]] = field(default_factory=list)
    """(tick, numerator, denominator)."""


def read_smf(path: Path) -> Smf:
    """The file at `path`. Raises ScoreError when it is not a metrical MIDI file."""
    data = path.read_bytes()
    if data[:4] != b"MThd" or len(data) < 14:
        raise ScoreError(f"{path} is not a Standard MIDI File. Check the corpus folder.")
    size, _, tracks, division = unpack(">LHHH", data[4:14])
    if division & 0x8000:
        raise ScoreError(f"{path} counts frames, not quarter notes. Leave it out of the corpus.")
    smf, at = Smf(division), 8 + size
    try:
        for _ in range(tracks):
            length = unpack(">L", data[at + 4 : at + 8])[0]
            _read_track(data, at + 8, at + 8 + length, smf)
            at += 8 + length
    except (IndexError, ValueError) as error:
        raise ScoreError(f"{path} breaks off or is damaged. Fetch it again.") from error
    return smf


def _read_track(data: bytes, at: int, stop: int, smf: Smf) -> None:
    """One loop on purpose: it runs 33 million times over the corpus."""
    track, tick, status = Track(), 0, 0
    sounding: dict[int, list[tuple[int, int]]] = {}
    while at < stop:
        byte = data[at]
        at += 1
        delta = byte & 0x7F
        while byte & 0x80:
            byte = data[at]
            at += 1
            delta = delta << 7 | byte & 0x7F
        tick += delta
        if data[at] & 0x80:
            status = data[at]
            at += 1
        kind = status & 0xF0
        if kind == 0x90 or kind == 0x80:
            pitch, velocity = data[at], data[at + 1]
            at += 2
            if kind == 0x90 and velocity:
                sounding.setdefault(pitch, []).append((tick, velocity))
                track.drums = status & 0x0F == DRUM_CHANNEL
            elif sounding.get(pitch):
                onset, loud = sounding[pitch].pop(0)
                track.notes.append((onset, tick, pitch, loud))
        elif kind == 0xF0:
            at = _read_meta(data, at, status, tick, smf)
        elif kind == 0xC0:
            track.program = data[at]
            at += 1
        else:
            at += 1 if kind == 0xD0 else 2
    if track.notes:
        smf.tracks.append(track)


def _read_meta(data: bytes, at: int, status: int, tick: int, smf: Smf) -> int:
    """Takes tempo and metre from a meta event, skips all others and system exclusive; returns where the next begins."""
    kind = data[at] if status == 0xFF else None
    at += status == 0xFF
    length = 0
    while True:
        byte = data[at]
        at += 1
        length = length << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    if kind == 0x51:
        smf.tempi.append((tick, 60e6 / int.from_bytes(data[at : at + 3], "big")))
    elif kind == 0x58:
        smf.meters.append((tick, data[at], 1 << data[at + 1]))
    return at + length
