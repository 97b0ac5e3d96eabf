"""The takes that were kept in a host, and the versions that people have made of them there. Nothing is overwritten.

One file a take, as its job has it, so that a take is traced and compared however late an edit comes back. One a
version, with what a person has made of a part.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.clip_job import ClipJob, EditedClip, read_job, share_changed
from hitpoint.score.note import Note
from hitpoint.score.whole_file import write_whole


@dataclass(frozen=True, slots=True)
class Version:
    """A part of a take that a person has edited in a host."""

    take: str
    part: str
    number: int
    """2 for the first edit: 1 is the take itself."""
    share: float
    """Of its notes that were changed, added or taken away, 0 to 1; 1 where the take is not known."""


class KeptTakes:
    """Process: control. Touches the disk: call it on other threads than the loop's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbering = Lock()

    def keep(self, job: ClipJob) -> None:
        """Remember a take before a host gets it. Raises HitpointError when it cannot be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HostError(f"{self._folder} cannot be made: {error.strerror or error}. Check the path.") from error
        path = self._folder / f"{job.take}.json"
        if not path.exists():
            write_whole(path, job.as_bytes())

    def edited(self, clip: EditedClip) -> Version:
        """Keep what a person has made of a clip as the next version; one that is known already stays that version."""
        versions = self._folder / f"{_file_name(clip.take)}-{_file_name(clip.part)}-{clip.start}"
        versions.mkdir(parents=True, exist_ok=True)
        content = json.dumps(asdict(clip), ensure_ascii=False).encode()
        share = share_changed(self._notes(clip), clip.notes)
        with self._numbering:
            number = 2
            while (path := versions / f"{number}.json").exists():
                if path.read_bytes() == content:
                    return Version(clip.take, clip.part, number, share)
                number += 1
            write_whole(path, content)
        return Version(clip.take, clip.part, number, share)

    def _notes(self, edited: EditedClip) -> tuple[Note, ...]:
        try:
            job = read_job((self._folder / f"{_file_name(edited.take)}.json").read_bytes())
        except (OSError, HitpointError):
            return ()
        found = (clip for clip in job.clips if clip.part == edited.part and clip.start == edited.start)
        return next((clip.notes for clip in found), ())


def _file_name(words: str) -> str:
    """A name from outside as a part of a file's: what a project says must not lead out of our folder."""
    return "".join(letter if letter.isalnum() else "_" for letter in words)[:80]
