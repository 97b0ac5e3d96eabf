"""The folder that a reel is written to: files whole, a cue's together, nothing overwritten unasked."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from hitpoint.engine.reel import STEM_BETWEEN
from hitpoint.errors import ConfigError
from hitpoint.score.whole_file import write_asked


class ReelFolder:
    """Writes cues into a folder."""

    def __init__(self, folder: Path, force: bool) -> None:
        """The folder, made where its parent is there. force: whether a file that differs is replaced.

        Raises ConfigError where it is no folder, or can't be one.
        """
        self._folder, self._force = folder, force
        try:
            folder.mkdir(exist_ok=True)
        except FileExistsError:
            raise ConfigError(f"{folder} is a file, not a folder. Give -o another.") from None
        except FileNotFoundError:
            raise ConfigError(f"{folder.parent} is not a folder. Make it, or write elsewhere with -o.") from None
        except OSError as error:
            raise ConfigError(f"{folder} cannot be made: {error.strerror or error}. Give -o another.") from error

    def keep(self, files: Sequence[tuple[str, bytes]]) -> tuple[Path, ...]:
        """Write the files of one cue, all of them or none. Returns where they are.

        Raises ScoreError where one is there already and differs, or can't be written.
        """
        write_asked([(self._folder / name, content) for name, content in files], self._force)
        return tuple(self._folder / name for name, _ in files)

    def left_over(self, written: Iterable[Sequence[Path]]) -> tuple[Path, ...]:
        """Stems in the folder that an earlier render of these cues left: their parts are not among the files now.

        written: the files of each cue, its own before its stems; a cue without stems is passed by.
        """
        files = [list(paths) for paths in written]
        now = {path.name for paths in files for path in paths}
        cues = {(paths[0].stem, paths[0].suffix) for paths in files if len(paths) > 1}
        there = sorted(path for path in self._folder.iterdir() if path.name not in now)
        return tuple(path for path in there if (path.stem.rpartition(STEM_BETWEEN)[0], path.suffix) in cues)
