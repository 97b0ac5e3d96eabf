from dataclasses import replace
from pathlib import Path

from hitpoint.engine.kept_takes import KeptTakes, Version
from hitpoint.hosts.clip_job import Clip, ClipJob, EditedClip
from hitpoint.score.note import Note

NOTES = tuple(Note(3840 + 960 * beat, 60, 480, 80) for beat in range(4))
JOB = ClipJob("7a-1", "7a", "", (Clip("violin", "1m01 7a", "violin", 3840, 7680, NOTES),))
EDITED = EditedClip("7a", "violin", "violin", 3840, 7680, (*NOTES[:3], replace(NOTES[3], pitch=64)))


def test_an_edited_clip_comes_back_as_a_new_version_with_the_share_that_changed(tmp_path: Path) -> None:
    takes = KeptTakes(tmp_path / "takes")
    takes.keep(JOB)
    assert takes.edited(EDITED) == Version("7a", "violin", 2, 0.25)
    assert KeptTakes(tmp_path / "takes").edited(EDITED) == Version("7a", "violin", 2, 0.25), "told twice it is the same"
    assert takes.edited(replace(EDITED, notes=NOTES[:2])) == Version("7a", "violin", 3, 0.5)


def test_nothing_kept_is_overwritten(tmp_path: Path) -> None:
    takes = KeptTakes(tmp_path)
    takes.keep(JOB)
    takes.keep(replace(JOB, clips=()))
    assert takes.edited(EDITED).share == 0.25


def test_an_edit_of_a_take_that_is_not_known_is_kept_all_the_same(tmp_path: Path) -> None:
    version = KeptTakes(tmp_path).edited(replace(EDITED, take="other", part="größe/…"))
    assert (version.number, version.share) == (2, 1.0)
    assert len(list(tmp_path.rglob("2.json"))) == 1


def test_a_take_whose_name_is_a_path_stays_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "takes"
    KeptTakes(folder).edited(replace(EDITED, take="../../escaped", part="/etc/passwd"))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert len(list(folder.rglob("2.json"))) == 1
