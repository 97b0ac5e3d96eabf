"""The take memory as the page asks for it: the file is opened for each question, and held no longer.

So the page keeps nobody from purging, what is purged is nowhere in its process, and a file that comes later is seen.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hitpoint.engine.cue_text import SIGN
from hitpoint.engine.take import TakeFacts, TakeMusic
from hitpoint.engine.take_export import stem_files
from hitpoint.engine.take_log import STATUSES
from hitpoint.engine.take_store import MAKING, TakeStore
from hitpoint.errors import ConfigError
from hitpoint.page.messages import TakeContent
from hitpoint.page.state import told
from hitpoint.page.takes import PLAYERS
from hitpoint.score.midi_file import midi_file_bytes
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.spotting import spot
from hitpoint.score.stem import DRUM_CHANNEL, instrument_for_program

WAIT_SECONDS = 1.0
"""How long another process may hold the file: a person looks at the page and waits."""
FIRST_STATUS = STATUSES[0]


class PageTakes:
    """path: of the memory, which need not be there. Process: page; thread: any. Blocks for the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> dict[str, Any]:
        """Every take's facts, the newest first. Raises HitpointError where the file can't be used."""
        found, last = [], None
        if self._path.exists():
            with self._store() as store:
                found = [_facts(one) for one in reversed(store.all())]
                last = store.last_step
        none = "" if found else f"No take is in {self._path.name} yet. {self._how()}"
        told = None if last is None else {"kind": last[0], "take": last[1], "gone": last[0] in MAKING}
        return {"takes": found, "file": self._path.name, "none": none, "last": told, "players": list(PLAYERS)}

    def made_for(self) -> Mapping[str, int]:
        """How many takes there are by what the cue was like that each was made for."""
        if not self._path.exists():
            return {}
        with self._store() as store:
            return Counter(str(one.asked[SIGN]) for one in store.all() if SIGN in one.asked)

    def facts(self, name: str) -> dict[str, Any]:
        """All that is known of a take but its notes."""
        with self._store(name) as store:
            return _facts(store.facts(name))

    def music(self, name: str) -> dict[str, Any]:
        """What sounds. Raises ConfigError where there is no such take, ScoreError for a damaged one."""
        with self._store(name) as store:
            music = store.music(name)
        return {"id": name, **_told(music)}

    def whole(self, name: str) -> TakeContent:
        """All that control must know of it."""
        with self._store(name) as store:
            cue, music = store.facts(name).cue, store.music(name)
        return TakeContent(name, cue, music.bars, music.score, music.session)

    def keep(self, name: str) -> dict[str, Any]:
        """What `hitpoint takes keep` does; one that is kept stays so, and nothing is logged."""
        with self._store(name) as store:
            known = store.facts(name)
            return _facts(known if known.kept else store.keep(name))

    def midi(self, name: str) -> tuple[str, bytes]:
        """Its MIDI file, byte for byte as `hitpoint takes render` writes it."""
        with self._store(name) as store:
            cue, music = store.facts(name).cue, store.music(name)
        return f"{_file_name(cue, name)}.mid", midi_file_bytes(music.score)

    def stems(self, name: str) -> tuple[str, bytes]:
        """The MIDI files of its stems that `hitpoint takes export` writes, in a zip file. The same take gives the same
        bytes."""
        with self._store(name) as store:
            facts, music = store.facts(name), store.music(name)
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as zipped:
            for file, content in stem_files(facts, music).items():
                # A file in it has the oldest date there is, not that of now.
                zipped.writestr(ZipInfo(file), content, ZIP_DEFLATED)
        return f"{_file_name(facts.cue, name)}-stems.zip", packed.getvalue()

    def rate(self, name: str, rating: int | None, note: str | None) -> dict[str, Any]:
        """What `hitpoint takes rate` does."""
        with self._store(name) as store:
            return _facts(store.rate(name, rating, note))

    def lock(self, name: str, parts: list[str], on: bool) -> dict[str, Any]:
        """What `hitpoint takes lock` does. Raises ConfigError for a part that the take has not."""
        with self._store(name) as store:
            unknown = [part for part in parts if part not in store.facts(name).parts]
            if unknown:
                raise ConfigError(f"take {name} has no part {unknown[0][:40]!r}.")
            return _facts(store.lock(name, parts, on))

    def undo(self, forget: str) -> dict[str, Any]:
        """What `hitpoint takes undo` does, but no take is forgotten but `forget`, and that only where nobody has it."""
        with self._store() as store:
            if forget and store.id_of(forget) == forget and (status := store.facts(forget).status) != FIRST_STATUS:
                raise ConfigError(f"take {forget} is {status.lower()} by now. `hitpoint takes undo` forgets it.")
            kind, name = store.undo(forget)
        return {"undone": kind, "take": name}

    @contextmanager
    def _store(self, name: str | None = None) -> Iterator[TakeStore]:
        """The memory. name: a take that it must have, by its whole id."""
        if not self._path.exists():
            raise ConfigError(f"{self._path.name} is not there. {self._how()}")
        with TakeStore(self._path, WAIT_SECONDS) as store:
            # The beginning of another's id is not meant: who sends it has seen a take that is gone.
            if name is not None and store.id_of(name) != name:
                raise ConfigError(f"take {name} is not there any more.")
            yield store

    def _how(self) -> str:
        return "`hitpoint render` keeps what it writes: with --sheet beside the sheet, else in your own memory."


def _file_name(cue: str, name: str) -> str:
    """What a take's files are called: letters that every header and disk has."""
    letters = "".join(letter for letter in cue if letter.isascii() and letter.isalnum())
    return "-".join(filter(None, (letters, name)))


def _facts(facts: TakeFacts) -> dict[str, Any]:
    # A browser's numbers do not hold every seed.
    return {**facts.as_json(), "seed": str(facts.seed)}


def _told(music: TakeMusic) -> dict[str, Any]:
    return {
        "bars": music.bars,
        "end": music.score.timeline.meter_map.bar(music.bars).start,
        "timeline": told("timeline", music.score.timeline, None),
        "hits": told("spotting", spot(music.session.timeline, music.session.direction), None)["hits"],
        "parts": [_part(part) for part in music.score.parts],
    }


def _part(part: MidiPart) -> dict[str, Any]:
    drums = part.channel == DRUM_CHANNEL
    instrument = None if part.program is None and not drums else instrument_for_program(part.program or 0, drums)
    return {
        "name": part.name,
        "stem": "" if instrument is None else instrument.stem,
        "program": part.program,
        "drums": drums,
        "notes": [[note.tick, note.pitch, note.duration, note.velocity] for note in sorted(part.notes)],
    }
