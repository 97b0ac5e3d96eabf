"""The log: a file that rotates, and what of it is shown at the terminal. Process: the supervisor, its only writer.

Neither a full disk nor a terminal that has gone away may end the music: nothing here raises.
"""

import logging
import sys
from contextlib import suppress
from importlib import metadata
from logging.handlers import RotatingFileHandler
from pathlib import Path
from platform import platform, python_version
from typing import TextIO

from hitpoint import __version__
from hitpoint.config.places import log_file
from hitpoint.config.settings import LogSettings

_LIBRARIES = ("JACK-Client", "mido", "numpy", "onnxruntime", "python-osc", "python-rtmidi")
_FORMAT = "%(asctime)s %(name)s %(levelname)s %(message)s"


class Log(logging.Handler):
    """Takes the supervisor's own records, and others' lines by `write`. A file that can't be written is told once."""

    def __init__(self, settings: LogSettings) -> None:
        super().__init__()
        self.path = settings.file or log_file()
        self._level = logging.getLevelName(settings.level.upper())
        self._file = _opened(self.path, settings)
        self._held: list[str] = []

    def write(self, process: str, level: int, shown: str, filed: str, *, hold: bool = False) -> None:
        """A line. Below `log.level` it is left out; at the terminal warnings and worse are shown, one to `hold` when
        `let_go` is called."""
        if level < self._level:
            return
        if hold and level == logging.WARNING:
            self._held.append(shown)
        elif level >= logging.WARNING:
            show(f"hitpoint: {shown}", sys.stderr)
        if self._file is not None:
            self._file.emit(logging.LogRecord(process, level, "", 0, "%s", (filed,), None))

    def let_go(self, told: str = "") -> None:
        """Show what was held and is not `told` anyway."""
        for line in self._held:
            if line not in told:
                show(f"hitpoint: {line}", sys.stderr)
        self._held.clear()

    def emit(self, record: logging.LogRecord) -> None:
        """A record of this process."""
        text = record.getMessage()
        self.write("supervisor", record.levelno, text, text)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
        super().close()


def show(text: str, stream: TextIO) -> None:
    """Write a line to the terminal, while somebody reads there."""
    with suppress(OSError):
        print(text, file=stream, flush=True)


def machine_facts() -> str:
    """What a bug report must say first: versions and the kind of machine."""
    found = []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"no {name}")
    return f"Hitpoint {__version__}, Python {python_version()}, {platform()}; {', '.join(found)}"


class _File(RotatingFileHandler):
    """Tells once that it cannot be written, as on a full disk. The next line may go right."""

    _told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002
        if not self._told:
            self._told = True
            _tell_of(Path(self.baseFilename), sys.exc_info()[1])


def _opened(path: Path, settings: LogSettings) -> RotatingFileHandler | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _File(path, maxBytes=round(settings.megabytes * 1e6), backupCount=settings.files - 1, encoding="utf-8")
    except OSError as error:
        _tell_of(path, error)
        return None
    file.setFormatter(logging.Formatter(_FORMAT))
    return file


def _tell_of(path: Path, error: BaseException | None) -> None:
    cause = error.strerror if isinstance(error, OSError) else None
    show(f"hitpoint: no log is kept: {path}: {cause or error}. See `log.file`.", sys.stderr)
