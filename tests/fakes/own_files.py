"""A folder of MIDI files as a person has them."""

from pathlib import Path

from fakes.small_corpus import write_piece


def write_own_files(folder: Path, files: int = 6) -> Path:
    """Files of one kind, each another, some in a folder within."""
    (folder / "more").mkdir(parents=True)
    for number in range(files):
        place = folder / "more" if number % 2 else folder
        write_piece(place / f"cue-{number}.mid", bars=8 + number, velocity=60 + number, transposition=number % 5)
    return folder
