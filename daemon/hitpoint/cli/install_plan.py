"""What installing and uninstalling would do, as values: nothing here touches a disk but to read it.

A file that is wholly ours is put there; one that somebody has changed is first kept beside it as NAME.yours. A file
that is the host's only gets our lines. Undone, each file is what it was before, byte for byte, unless somebody has
changed it since: then only our own lines are taken out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hitpoint.cli.install_ledger import Entry, Ledger, digest, missing_folders
from hitpoint.errors import HostError
from hitpoint.hosts.reaper_settings import without_actions, without_start, without_surface

Reader = Callable[[Path], bytes | None]
"""The content of a file; None where there is none."""

TAKE_OUT: Mapping[str, Callable[[bytes], bytes]] = {
    "surface": without_surface,
    "actions": without_actions,
    "start": without_start,
}
"""By the edit's name, how our lines leave a file."""

CLOSED_ONLY = frozenset({"surface", "actions"})
"""Edits of files that the host writes anew when it ends: made while it runs they would be lost."""


@dataclass(frozen=True, slots=True)
class WholeFile:
    """A file of ours."""

    path: Path
    content: bytes


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A file of the host's that gets lines of ours."""

    path: Path
    edit: str
    """Its name in TAKE_OUT."""
    put: Callable[[bytes], bytes]
    """The content with our lines; the same when they are there already."""


@dataclass(frozen=True, slots=True)
class Step:
    """A file gets this content, or goes."""

    path: Path
    content: bytes | None
    """None: it goes."""
    says: str
    """What is done, in words."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, in order."""

    steps: tuple[Step, ...]
    ledger: Ledger
    """What must be known to undo it. For an uninstallation: what is still to be undone after it."""
    folders: tuple[Path, ...] = ()
    """Those to be taken away when they are empty, innermost first."""
    left: tuple[Path, ...] = ()
    """Files that can only be edited when the host is closed."""
    notes: tuple[str, ...] = ()
    """What a person should know."""


class _Draft:
    """A plan in the making."""

    def __init__(self, read: Reader, runs: bool) -> None:
        self.read = read
        self.runs = runs
        self.steps: list[Step] = []
        self.entries: list[Entry] = []
        self.left: list[Path] = []
        self.notes: list[str] = []

    def waits(self, edit: str) -> bool:
        return self.runs and edit in CLOSED_ONLY

    def keep_yours(self, path: Path, content: bytes) -> Path:
        """Keep what somebody made of our file beside it. Returns where."""
        number = 1
        while True:
            kept = path.with_name(f"{path.name}.yours{number if number > 1 else ''}")
            there = self.read(kept)
            if there is None:
                self.steps.append(Step(kept, content, "keep what was there as"))
            if there is None or there == content:
                self.notes.append(f"{path} was not ours, or changed by somebody: it is kept as {kept.name}")
                return kept
            number += 1


def plan_install(wanted: Sequence[WholeFile | EditedFile], known: Ledger, read: Reader, runs: bool) -> Plan:
    """What makes a host's folder hold what is wanted and nothing else of ours.

    known: what was done there before, of any version. runs: whether the host does. Raises HostError for a file of the
    host's that cannot be edited.
    """
    draft = _Draft(read, runs)
    paths = {item.path for item in wanted}
    for entry in reversed(known.entries):
        if entry.path not in paths and not _is_kept(entry):
            _undo(entry, draft)
    draft.entries += [entry for entry in known.entries if _is_kept(entry)]
    for item in wanted:
        if isinstance(item, WholeFile):
            _put(item, known.entry(item.path), draft)
        else:
            _edit(item, known.entry(item.path), draft)
    entries = {entry.path: entry for entry in draft.entries}
    made = missing_folders(step.path for step in draft.steps if step.content is not None)
    folders = tuple(dict.fromkeys((*known.folders, *made)))
    ledger = replace(known, entries=tuple(entries.values()), folders=folders)
    return Plan(tuple(draft.steps), ledger, (), tuple(draft.left), tuple(draft.notes))


def plan_uninstall(known: Ledger, read: Reader, runs: bool) -> Plan:
    """What puts back all that was there before."""
    draft = _Draft(read, runs)
    for entry in reversed(known.entries):
        _undo(entry, draft)
    # Those that wait are still ours to undo; the folders too, as some may not be empty until then.
    ledger = replace(known, entries=tuple(reversed(draft.entries)))
    return Plan(tuple(draft.steps), ledger, known.folders[::-1], tuple(draft.left), tuple(draft.notes))


def _put(item: WholeFile, known: Entry | None, draft: _Draft) -> None:
    there = draft.read(item.path)
    if known is not None and not known.is_ours(there) and there in (None, known.before):
        # As if we had never been there: it was undone, or what was known in advance was never done.
        known = None if there is not None else known
    before = there if known is None else known.before
    ours = _with(known, item.content)
    if there == item.content:
        draft.entries.append(Entry(item.path, before, ours))
        return
    if there is not None and (known is None or not known.is_ours(there)):
        kept = draft.keep_yours(item.path, there)
        if known is None:
            # It goes again when the file itself is put back.
            draft.entries.append(Entry(kept, None, (digest(there),)))
    draft.entries.append(Entry(item.path, before, ours))
    draft.steps.append(Step(item.path, item.content, "write" if there is None else "replace"))


def _edit(item: EditedFile, known: Entry | None, draft: _Draft) -> None:
    there = draft.read(item.path)
    content = there or b""
    try:
        wanted, rest = item.put(content), TAKE_OUT[item.edit](content)
    except HostError as error:
        raise HostError(f"{item.path}: {error}") from error
    if wanted == content:
        if known is not None or rest != content:
            draft.entries.append(known or Entry(item.path, rest or None, (digest(wanted),), item.edit))
        return
    if draft.waits(item.edit):
        draft.left.append(item.path)
        draft.entries += [known] if known is not None else []
        return
    # Lines of ours that are there already are not what was there before us.
    before = there if rest == content else (rest or None)
    if known is not None and known.is_ours(there):
        before = known.before
    draft.entries.append(Entry(item.path, before, _with(known, wanted), item.edit))
    draft.steps.append(Step(item.path, wanted, "add Hitpoint's lines to"))


def _undo(entry: Entry, draft: _Draft) -> None:
    there = draft.read(entry.path)
    if there == entry.before or (there is None and not entry.edit):
        return
    if draft.waits(entry.edit):
        draft.left.append(entry.path)
        draft.entries.append(entry)
    elif entry.is_ours(there):
        draft.steps.append(_back(entry))
    elif entry.edit:
        _take_out(entry, there or b"", draft)
    elif there is not None and not _is_kept(entry):
        draft.keep_yours(entry.path, there)
        draft.steps.append(_back(entry))


def _take_out(entry: Entry, content: bytes, draft: _Draft) -> None:
    rest = TAKE_OUT[entry.edit](content)
    if rest == content:
        return
    gone = not rest.strip() and entry.before is None
    draft.steps.append(Step(entry.path, None if gone else rest, "take Hitpoint's lines out of"))
    draft.notes.append(f"{entry.path} has changed since: only Hitpoint's own lines are taken out")


def _back(entry: Entry) -> Step:
    return Step(entry.path, entry.before, "remove" if entry.before is None else "put back")


def _is_kept(entry: Entry) -> bool:
    """Whether this is what somebody had in place of a file of ours, kept beside it."""
    return ".yours" in entry.path.suffix


def _with(known: Entry | None, content: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(known.ours if known is not None else ()), digest(content))))
