"""Carries out a plan: the one place where installing touches the disk. Each file is there whole, old or new, always."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hitpoint.cli.install_ledger import Ledger, missing_folders, read_ledger
from hitpoint.cli.install_plan import Plan
from hitpoint.errors import HostError

UNFINISHED = ".hitpoint-unfinished"
"""What a file is called that is not wholly written yet."""


class Disk:
    """Files as installing needs them. Everything raises HostError in words."""

    def read(self, path: Path) -> bytes | None:
        """A file's content; None where there is no file."""
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise HostError(f"{path} cannot be read: {error.strerror or error}. Give yourself the right to.") from error

    def write(self, path: Path, content: bytes) -> None:
        """Put a whole file there, making its folder; a link stays one, and the file's rights stay."""
        real = path.resolve()
        unfinished = real.with_name(real.name + UNFINISHED)
        try:
            real.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(content)
            with suppress(FileNotFoundError):
                os.chmod(unfinished, real.stat().st_mode)
            os.replace(unfinished, real)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink()
            raise HostError(f"{path} cannot be written: {error.strerror or error}. {_AGAIN}") from error

    def remove(self, path: Path) -> None:
        """Take a file away, if it is there."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise HostError(f"{path} cannot be removed: {error.strerror or error}. {_AGAIN}") from error

    def remove_folder(self, folder: Path) -> None:
        """Take a folder away if nothing is in it but what Python compiled from ours."""
        with suppress(OSError):
            if [path.name for path in folder.iterdir()] == ["__pycache__"]:
                for compiled in (folder / "__pycache__").glob("*.pyc"):
                    compiled.unlink()
                (folder / "__pycache__").rmdir()
            folder.rmdir()


_AGAIN = "Give yourself the right to, then run this again: it goes on from here, and --uninstall takes it back."


def carry_out(plan: Plan, known: Ledger, kept_in: Path, disk: Disk) -> None:
    """Do what the plan says. known: the ledger until now; kept_in: its file.

    May die anywhere: what is known then covers all that was done, so that both installing and uninstalling go on.
    """
    after = plan.ledger
    if plan.steps or (after != known and after.entries):
        made = missing_folders([kept_in])
        after = replace(after, folders=tuple(dict.fromkeys((*after.folders, *made))))
        gone = tuple(entry for entry in known.entries if after.entry(entry.path) is None)
        _keep(replace(after, entries=(*gone, *after.entries)), kept_in, disk)
    for step in plan.steps:
        # Of one that died while writing.
        disk.remove(step.path.resolve().with_name(step.path.resolve().name + UNFINISHED))
        if step.content is None:
            disk.remove(step.path)
        else:
            disk.write(step.path, step.content)
    own = tuple(folder for folder in after.folders if folder in kept_in.parents)
    # The ledger goes after all that it knows of, but for the folders that it lies in.
    _remove_folders((folder for folder in plan.folders if folder not in own), disk)
    if not after.entries:
        _hand_over(own, kept_in, disk)
    _keep(after, kept_in, disk)
    if not after.entries:
        _remove_folders(own, disk)


def _remove_folders(folders: Iterable[Path], disk: Disk) -> None:
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        disk.remove_folder(folder)


def _hand_over(folders: tuple[Path, ...], kept_in: Path, disk: Disk) -> None:
    """Another installation's ledger lies in the folders that this one's was the first to need: it takes them away."""
    other = next((path for path in sorted(kept_in.parent.glob("*.json")) if path != kept_in), None)
    heir = read_ledger(other, disk.read(other)) if other is not None else None
    if other is not None and heir is not None:
        _keep(replace(heir, folders=tuple(dict.fromkeys((*folders, *heir.folders)))), other, disk)


def _keep(ledger: Ledger, kept_in: Path, disk: Disk) -> None:
    if not ledger.entries:
        disk.remove(kept_in)
    elif disk.read(kept_in) != ledger.as_bytes():
        disk.write(kept_in, ledger.as_bytes())
