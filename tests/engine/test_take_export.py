"""A take is handed on whole, or not at all."""

from errno import ENOSPC
from os import strerror
from pathlib import Path

import pytest

from fakes.takes import a_take
from hitpoint.engine.take_export import export_take
from hitpoint.engine.take_store import TakeStore
from hitpoint.errors import ScoreError


def test_a_disk_that_is_full_before_all_is_written_gets_no_part_of_a_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, write = tmp_path / "out", Path.write_bytes
    out.mkdir()

    def full(path: Path, content: bytes) -> int:
        if ".json" in path.name:
            raise OSError(ENOSPC, strerror(ENOSPC))
        return write(path, content)

    with TakeStore(tmp_path / "takes.db") as store:
        facts = store.remember(a_take("calm, violin, cello, piano, D minor", cue="1m03"))
        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(ScoreError, match="No space left"):
            export_take(out, facts, store.music(facts.id))
        assert list(out.iterdir()) == []
        monkeypatch.undo()
        assert set(export_take(out, facts, store.music(facts.id))) == set(out.iterdir())
