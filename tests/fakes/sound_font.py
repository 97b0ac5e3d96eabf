"""A SoundFont of one sine wave, a few thousand bytes: every key plays it at its pitch, for as long as it is held."""

import math
import struct
from pathlib import Path

RATE = 44_100
PERIOD = 100
"""Samples a turn: 441 Hz, which is A4 and 4 cents."""
TURNS = 8
_LOUD = 12_000
_AFTER = 46
"""Silent samples after each, as the format asks for. Source: SoundFont 2.04, section 7.10."""
_SAMPLE_MODES, _SAMPLE_ID, _INSTRUMENT = 54, 53, 41
_LOOPS = 1
_DRUMS = 128


def sound_font_bytes() -> bytes:
    wave = [round(_LOUD * math.sin(2 * math.pi * at / PERIOD)) for at in range(PERIOD * TURNS)] + [0] * _AFTER
    info = _chunk(b"ifil", struct.pack("<HH", 2, 4)) + _chunk(b"isng", b"EMU8000\0") + _chunk(b"INAM", b"Sine\0\0")
    end = PERIOD * TURNS
    presets = [("sine", 0, 0, 0), ("drums", 0, _DRUMS, 1), ("EOP", 0, 0, 2)]
    pdta = b"".join(
        (
            _chunk(b"phdr", b"".join(_preset(*preset) for preset in presets)),
            _chunk(b"pbag", struct.pack("<6H", 0, 0, 1, 0, 2, 0)),
            _chunk(b"pmod", bytes(10)),
            _chunk(b"pgen", struct.pack("<6H", _INSTRUMENT, 0, _INSTRUMENT, 0, 0, 0)),
            _chunk(b"inst", struct.pack("<20sH", b"sine", 0) + struct.pack("<20sH", b"EOI", 1)),
            _chunk(b"ibag", struct.pack("<4H", 0, 0, 2, 0)),
            _chunk(b"imod", bytes(10)),
            _chunk(b"igen", struct.pack("<6H", _SAMPLE_MODES, _LOOPS, _SAMPLE_ID, 0, 0, 0)),
            _chunk(b"shdr", _sample("sine", 0, end, PERIOD, end - PERIOD) + _sample("EOS", 0, 0, 0, 0)),
        )
    )
    content = b"sfbk" + _list(b"INFO", info)
    content += _list(b"sdta", _chunk(b"smpl", struct.pack(f"<{len(wave)}h", *wave))) + _list(b"pdta", pdta)
    return _chunk(b"RIFF", content)


def a_sound_font(path: Path) -> Path:
    """Written there."""
    path.write_bytes(sound_font_bytes())
    return path


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _list(name: bytes, content: bytes) -> bytes:
    return _chunk(b"LIST", name + content)


def _preset(name: str, program: int, bank: int, bag: int) -> bytes:
    return struct.pack("<20sHHHIII", name.encode(), program, bank, bag, 0, 0, 0)


def _sample(name: str, start: int, end: int, loop: int, loop_end: int) -> bytes:
    return struct.pack("<20sIIIIIBbHH", name.encode(), start, end, loop, loop_end, RATE, 69, 0, 0, 1)
