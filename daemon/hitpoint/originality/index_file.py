"""The file of an index: a line of JSON, then flat arrays that are mapped, not read. Written whole or not at all."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from hitpoint.errors import ConfigError, ScoreError
from hitpoint.originality.index import Index, Piece
from hitpoint.originality.information import Information
from hitpoint.score.whole_file import write_whole

INDEX = "index.bin"
"""Beside the files of a bundle: the index of what its model was trained on."""
OPENING = b"hitpoint-index\n"
FORMAT = 1
"""Of the file and of the hashes in it; raised when either changes."""
MOST_BYTES = 40_000_000
"""Of a file. Larger catalogues are told to be split."""
ALIGNED = 64
_DIGEST = 64
_AGAIN = "Make it again with `hitpoint index`."


def write_index(path: Path, index: Index) -> Index:
    """Write it, and return it with its id. Raises ScoreError when it is too large or cannot be written."""
    body, arrays = bytearray(), {}
    packed = zlib.compress(json.dumps([asdict(piece) for piece in index.pieces], ensure_ascii=False).encode(), 9)
    for name, array in {**_arrays(index), "pieces": np.frombuffer(packed, np.uint8)}.items():
        body += bytes(-len(body) % ALIGNED)
        arrays[name] = {"at": len(body), "type": array.dtype.newbyteorder("<").str, "shape": list(array.shape)}
        body += array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
    head = {"format": FORMAT, "count": len(index.pieces), "baseline": index.baseline, "arrays": arrays}
    head_line = json.dumps({**head, "bytes": len(body)}).encode() + b"\n"
    digest = sha256(head_line + body).hexdigest().encode()
    start = len(OPENING) + _DIGEST + 1 + len(head_line)
    content = OPENING + digest + b"\n" + head_line + bytes(-start % ALIGNED) + body
    if len(content) > MOST_BYTES:
        raise ScoreError(
            f"{path}: the index would have {len(content):,} bytes, more than {MOST_BYTES:,}. Split the folder."
        )
    write_whole(path, content)
    return read_index(path)


def is_free(path: Path) -> bool:
    """Whether an index may be written there: over nothing, an empty file or another index, of whatever format, whole
    or not. Raises ConfigError where that can't be seen."""
    if not path.exists():
        return True
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(OPENING)) in (b"", OPENING)
    except OSError as error:
        raise _unreadable(path, error) from error


def read_index(path: Path) -> Index:
    """The index in a file, mapped; its digest is checked first (0.1 s for the largest). Raises ConfigError."""
    try:
        with path.open("rb") as file:
            if file.read(len(OPENING)) != OPENING:
                raise ConfigError(f"{path} is not an index. {_AGAIN}")
            digest = file.read(_DIGEST + 1).decode("latin-1").strip()
            head_line = file.readline(4_000_000)
            start = file.tell()
            file.seek(-start % ALIGNED, 1)
            found = sha256(head_line)
            while block := file.read(1 << 20):
                found.update(block)
    except OSError as error:
        raise _unreadable(path, error) from error
    if found.hexdigest() != digest:
        raise ConfigError(f"{path} is damaged or breaks off. {_AGAIN}")
    head = json.loads(head_line)
    if head["format"] != FORMAT:
        raise ConfigError(f"{path} has format {head['format']}, this version reads {FORMAT}. {_AGAIN}")
    return _mapped(path, start + -start % ALIGNED, head, digest)


def _unreadable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(f"{path} cannot be read: {error.strerror or error}. Check the path.")


def _mapped(path: Path, start: int, head: Mapping[str, Any], digest: str) -> Index:
    whole = np.memmap(path, np.uint8, "r", start)
    arrays = {}
    for name, said in head["arrays"].items():
        kind = np.dtype(said["type"])
        size = int(np.prod(said["shape"])) * kind.itemsize
        arrays[name] = np.asarray(whole[said["at"] : said["at"] + size]).view(kind).reshape(said["shape"])
    pieces = json.loads(zlib.decompress(arrays.pop("pieces").tobytes()))
    tables = [arrays.pop(name) for name in ("intervals", "ratios")]
    return Index(
        digest[:16], tuple(Piece(**piece) for piece in pieces), head["baseline"], Information(*tables), **arrays
    )


def _arrays(index: Index) -> dict[str, np.ndarray]:
    tables = index.information
    return {
        "intervals": tables.intervals,
        "ratios": tables.ratios,
        "bucket_starts": index.bucket_starts,
        "places": index.places,
        "pitch_bytes": index.pitch_bytes,
        "whole_bytes": index.whole_bytes,
        "piece_starts": index.piece_starts,
    }
