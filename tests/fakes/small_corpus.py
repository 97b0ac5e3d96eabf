"""A corpus of a few little pieces, made up on the spot."""

import json
from hashlib import sha256
from pathlib import Path

import mido

PROGRAMS = (40, 42, 0)
"""Violin, cello, piano."""


def write_piece(path: Path, bars: int = 8, velocity: int = 80, transposition: int = 0) -> None:
    """Three parts in 4/4, C major: scales in eighths and quarters, tonic chords; ppq 480, as the corpus has it."""
    file = mido.MidiFile(type=1, ticks_per_beat=480)
    head = mido.MidiTrack([mido.MetaMessage("time_signature", numerator=4, denominator=4)])
    head.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(96)))
    file.tracks.append(head)
    steps = (0, 2, 4, 5, 7, 9, 11, 12)
    for part, (program, length) in enumerate(zip(PROGRAMS, (240, 480, 960), strict=True)):
        track = mido.MidiTrack([mido.Message("program_change", program=program, channel=part)])
        for index in range(bars * 1920 // length):
            pitch = 48 + 12 * (part == 0) + steps[(index * (part + 1)) % 8] + transposition
            keys = [48 + key + transposition for key in (0, 4, 7)] if program == 0 else [pitch]
            for key in keys:
                track.append(mido.Message("note_on", note=key, velocity=velocity, channel=part))
            for number, key in enumerate(keys):
                time = length if number == 0 else 0
                track.append(mido.Message("note_off", note=key, time=time, channel=part))
        file.tracks.append(track)
    file.save(path)


def write_corpus(folder: Path, pieces: int = 6, bars: int = 8) -> Path:
    """A folder with a manifest and pieces in all three splits."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number in range(pieces):
        path = folder / f"piece-{number}.mid"
        write_piece(path, bars, velocity=80 if number == 0 else 60 + number, transposition=number % 3)
        lines.append(json.dumps(_record(path, number, ("train", "valid", "test")[max(0, number - pieces + 3)])))
    (folder / "manifest.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _record(path: Path, number: int, split: str) -> dict[str, object]:
    return {
        "id": f"made_up/piece-{number}",
        "source": "made_up" if number % 2 else "other",
        "path": path.name,
        "split": split,
        "licence": "CC0-1.0",
        "attribution": "nobody",
        "source_url": "https://example.org",
        "tempo_source": "marked" if number else "default",
        "features": {"velocity_mean": 80 if number == 0 else 60 + number},
        "sha256": sha256(path.read_bytes()).hexdigest(),
    }
