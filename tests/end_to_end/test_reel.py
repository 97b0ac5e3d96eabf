"""A reel as a person renders it, read back with a reader that shares nothing with Hitpoint: are its hits met?"""

import os
import re
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import mido
import pytest

from end_to_end import reader
from fakes.patience import PATIENCE_SECONDS, until
from hitpoint.cli.main import main

RATES = {"24": (24, Fraction(24)), "29.97": (30, Fraction(30000, 1001))}
"""Labels a second, and frames."""
START = {"24": 86400, "29.97": 108000}
"""01:00:00:00."""
SPOTTED = {
    "24": (
        ("tense, strings, brass, 132 bpm, D minor", 15, (51, 55, 200, 311)),
        ("calm, solo cello, piano, 52 bpm, 3/4", 20, (0, 173, 400)),
        ("calm to furious over 6 bars, orchestral, 7/8", 14, (97, 301, 336)),
    ),
    "29.97": (
        ("heroic, brass, timpani, 96 bpm", 14, (77, 103, 250, 419)),
        ("ominous, choir, strings, 40 bpm", 18, (145, 333)),
        ("joyful, drums, bass, piano, 168 bpm, 6/8", 12, (59, 60, 222)),
    ),
}
"""Prompt, seconds, and the frames of the hits from the cue's start; the last but one cue is as slow as cues are."""
LOUDEST_PLAIN = 112
"""Velocity above which only accents are."""


def label(frame: int, labels: int) -> str:
    seconds, frames = divmod(frame, labels)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"


def write_sheet(path: Path, rate: str, times: int = 1) -> None:
    labels, _ = RATES[rate]
    lines, at = [f'frame_rate: "{rate}"', "cues:"], START[rate]
    for number, (prompt, seconds, frames) in enumerate(SPOTTED[rate] * times, 1):
        hits = ", ".join(f'{{at: "{label(at + frame, labels)}", name: "{frame}"}}' for frame in frames)
        end = at + seconds * labels
        lines.append(
            f'  - {{number: 1m{number:02}, start: "{label(at, labels)}", end: "{label(end, labels)}", '
            f'prompt: "{prompt}", hits: [{hits}]}}'
        )
        at = end + 100
    path.write_text("\n".join(lines))


@pytest.mark.slow
@pytest.mark.parametrize("rate", sorted(RATES))
def test_every_hit_of_a_reel_has_an_accent_within_a_frame_and_the_files_clock_is_the_sheets(rate, tmp_path):
    write_sheet(tmp_path / "reel.yaml", rate)
    assert main(["render", "--sheet", str(tmp_path / "reel.yaml"), "-o", str(tmp_path / "cues")]) == 0
    rate_, off, clocks, begins = RATES[rate][1], [], [], {}
    for number, (_, _, frames) in enumerate(SPOTTED[rate], 1):
        path = tmp_path / "cues" / f"1m0{number}.mid"
        notes, seconds = reader.read_notes(path), reader.clock_of(path)
        assert reader.unpaired(path) == []
        accents = reader.together([note for note in notes if note.velocity > LOUDEST_PLAIN])
        tick = 0
        marked = {}
        begins[path.stem] = next(
            f"{event.hours:02}:{event.minutes:02}:{event.seconds:02}:{event.frames:02}"
            for event in mido.MidiFile(path).tracks[0]
            if event.type == "smpte_offset"
        )
        for message in mido.MidiFile(path).tracks[0]:
            tick += message.time
            if message.type == "marker":
                marked[message.text] = seconds(tick)
        for frame in frames:
            at = float(frame / rate_)
            clocks.append(abs(marked[f"HIT {frame}"] - at) * 1000)
            off.append(min(((seconds(accent) - at) * float(rate_) for accent in accents), key=abs))
    within = sum(abs(frames) <= 1 for frames in off)
    furthest = max(off, key=abs)
    print(f"\n{rate}: {within}/{len(off)} within a frame, furthest {furthest:+.3f}; clock within {max(clocks):.3f} ms")
    assert within == len(off)
    assert max(clocks) <= 1.0
    said = re.findall(r'number: (\S+), start: "([\d:]+)"', (tmp_path / "reel.yaml").read_text())
    assert begins == dict(said)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
def test_ctrl_c_leaves_whole_files_and_no_process(tmp_path):
    # So many cues that a slow machine, too, is in the midst of them when the first file is there.
    write_sheet(tmp_path / "reel.yaml", "24", times=80)
    arguments = ["render", "--sheet", "reel.yaml", "--jobs", "2", "-o", "cues"]
    with subprocess.Popen(
        [sys.executable, "-m", "hitpoint.cli.main", *arguments],
        cwd=tmp_path, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        until(lambda: list((tmp_path / "cues").glob("*.mid")))
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
        # Shells say 130 of both. Python ends by the signal itself, though it was caught, where it came while
        # a dataclass was made, as it is when the first take is kept.
        assert process.returncode in (130, -signal.SIGINT)
        assert err.startswith("hitpoint: interrupted: ")
        assert len(err.splitlines()) == 1
    # Python's own tracker of shared memory ends a moment after all others.
    until(lambda: not _is_there(process.pid))
    files = list((tmp_path / "cues").iterdir())
    assert files
    assert all(path.suffix == ".mid" and reader.read_notes(path) for path in files)


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
