"""The take memory: nothing is lost, nothing kept is overwritten, and what is purged is gone."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from fakes.scores import parts
from fakes.takes import a_take
from hitpoint.engine.rendered_take import write_take
from hitpoint.engine.take import NewTake, TakeMusic
from hitpoint.engine.take_database import SCHEMA_VERSION
from hitpoint.engine.take_id import ALPHABET, SHORTEST, take_names
from hitpoint.engine.take_json import music_as_bytes, music_of
from hitpoint.engine.take_store import TakeStore
from hitpoint.errors import ConfigError, ScoreError
from hitpoint.score.control_curve import BarPoint, ControlCurve, read_curve
from hitpoint.score.controls import CONTROL_RANGES, Key
from hitpoint.score.midi_file import midi_file_bytes
from hitpoint.score.midi_score import KeyChange, MidiPart, MidiScore
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

SECRET = "a lament for Kestrelwick, strings"
"""Words that stand nowhere else."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "reel1.takes.db"


def python(*arguments: str) -> "subprocess.Popen[bytes]":
    """Another process, as on another day: with another seed for hashes and another time zone."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"}
    return subprocess.Popen([sys.executable, "-c", *arguments], env=environment)


RECALL = """
import sys
from pathlib import Path
from hitpoint.engine.rendered_take import write_take
from hitpoint.engine.take_store import TakeStore
with TakeStore(Path(sys.argv[1])) as store:
    for path in sys.argv[3:]:
        write_take(Path(path), store.music(sys.argv[2]).score)
"""


def test_an_id_brings_back_the_same_bytes_in_another_process(file: Path) -> None:
    take = a_take()
    with TakeStore(file) as store:
        name = store.remember(take).id
    endings = (".mid", ".rpp", ".dawproject")
    recalled = [file.with_name(f"again{ending}") for ending in endings]
    assert python(RECALL, str(file), name, *map(str, recalled)).wait(120) == 0
    for again in recalled:
        write_take(file.with_name("first" + again.suffix), take.music.score)
        assert again.read_bytes() == file.with_name("first" + again.suffix).read_bytes()


def test_everything_a_take_is_made_of_comes_back() -> None:
    for seed in range(3):
        music = a_take(seed=seed).music
        back = music_of(music_as_bytes(music))
        assert back == music
        assert midi_file_bytes(back.score) == midi_file_bytes(music.score)


@given(
    found=st.lists(parts, max_size=4),
    bpm=st.floats(11, 900),
    prompt=st.text(max_size=30),
    start=st.none() | st.integers(0, 2_000_000),
)
@examples(max_examples=30)
def test_any_music_comes_back_with_the_bytes_of_its_file(
    found: list[MidiPart], bpm: float, prompt: str, start: int | None
) -> None:
    points = (TempoPoint(0, bpm, Ramp.LINEAR_IN_TIME), TempoPoint(7001, 120.0))
    rate, markers = FrameRate.named("29.97df"), (Marker(3, prompt, "{id}"),)
    timeline = Timeline(TempoMap(points), MeterMap.constant(7, 8), markers, (), rate, start)
    score = MidiScore(timeline, tuple(found), prompt, (KeyChange(0, Key(3, "dorian")),))
    music = TakeMusic(score, Session(timeline, seed=2**70), 4, (1, 11))
    back = music_of(music_as_bytes(music))
    assert back == music
    assert midi_file_bytes(back.score) == midi_file_bytes(score)


@given(
    name=st.sampled_from(sorted(CONTROL_RANGES)),
    bars=st.lists(st.floats(-100, 100_000), min_size=1, max_size=6, unique=True).map(sorted),
    share=st.floats(0, 1),
)
@examples(max_examples=50)
def test_a_curve_whose_points_lie_between_bars_comes_back(name: str, bars: list[float], share: float) -> None:
    low, high = CONTROL_RANGES[name]
    curve = ControlCurve(name, tuple(BarPoint(bar, low + (high - low) * share) for bar in bars))
    music = a_take().music
    drawn = replace(music, session=replace(music.session, curves=(curve,)))
    assert music_of(music_as_bytes(drawn)) == drawn


def test_a_line_that_turns_within_a_bar_comes_back() -> None:
    music = a_take().music
    drawn = replace(music, session=replace(music.session, curves=(read_curve("tension", "0.2>0.9>0.4", 16),)))
    assert music_of(music_as_bytes(drawn)) == drawn


def test_the_same_take_has_one_id_and_keeps_what_was_said_of_it(file: Path) -> None:
    with TakeStore(file) as store:
        name = store.remember(a_take()).id
        store.rate(name, 4, "the end!")
        again = store.remember(a_take())
        assert (again.id, again.rating, again.note) == (name, 4, "the end!")
        assert store.remember(a_take(seed=2)).id != name
        assert len(store.all()) == 2


def test_ids_are_short_and_grow_where_another_take_has_them() -> None:
    names = take_names(b"something")
    assert [len(name) for name in names[:3]] == [SHORTEST, SHORTEST + 1, SHORTEST + 2]
    assert all(longer.startswith(name) for name, longer in pairwise(names))
    assert set("".join(names)) <= set(ALPHABET)


def test_a_taken_id_is_never_given_twice(file: Path) -> None:
    with TakeStore(file) as store:
        name = store.remember(a_take()).id
        # Another take that happens to have this one's name.
        store._database.execute("UPDATE takes SET digest = x'00' WHERE id = ?", (name,))
        longer = store.remember(a_take()).id
        assert len(longer) == SHORTEST + 1
        assert longer.startswith(name)
        assert store.id_of(name) == name
        assert store.id_of(longer) == longer


def test_an_id_is_found_by_its_first_letters_while_they_mean_one(file: Path) -> None:
    with TakeStore(file) as store:
        names = [store.remember(a_take(seed=seed)).id for seed in range(8)]
        for name in names:
            alone = next(n for n in range(1, 7) if sum(other.startswith(name[:n]) for other in names) == 1)
            assert store.id_of(name[:alone].upper()) == name
        with pytest.raises(ConfigError, match="has no take 'zzzzzz'"):
            store.facts("zzzzzz")
        with pytest.raises(ConfigError, match="has no take ''"):
            store.facts("")
        # Wildcards are letters like others.
        for words in ("%", "_"):
            with pytest.raises(ConfigError, match="has no take"):
                store.facts(words)


def test_undo_takes_back_one_step_after_another_and_then_says_that_none_is_left(file: Path) -> None:
    with TakeStore(file) as store:
        first = store.remember(a_take())
        seen = [store.rate(first.id, 2, "hm"), store.rate(first.id, 5), store.lock(first.id, ["cello"])]
        seen.append(store.keep(first.id))
        for before in (*reversed(seen[:-1]), first):
            store.undo()
            assert store.facts(first.id) == before
        with pytest.raises(ConfigError, match="nothing is left to undo"):
            store.undo()


def test_undoing_a_variation_takes_it_away(file: Path) -> None:
    with TakeStore(file) as store:
        parent = store.remember(a_take())
        child = store.remember(replace(a_take(seed=2), parent=parent.id, asked={"note": "darker"}))
        assert store.facts(child.id).parent == parent.id
        assert store.undo() == ("vary", child.id)
        assert [one.id for one in store.all()] == [parent.id]


def _with_secrets() -> NewTake:
    return replace(a_take(SECRET), asked={"note": "Kestrelwick again"}, cue="Kestrelwick 1")


def test_what_is_purged_is_in_no_byte_of_the_files(file: Path) -> None:
    with TakeStore(file) as store:
        other = store.remember(a_take(seed=3))
        # Enough of them that pages are split, freed and used again.
        names = [store.remember(replace(_with_secrets(), cue=f"Kestrelwick {n}")).id for n in range(12)]
        content = music_as_bytes(_with_secrets().music)
        store.rate(names[0], 1, "Kestrelwick note")
        store.rate(names[0], 1, "another")
        everything = b"".join(path.read_bytes() for path in file.parent.iterdir())
        assert b"Kestrelwick" in everything
        assert content[200:264] in everything
        assert store.purge(names) == tuple(names)
        everything = b"".join(path.read_bytes() for path in file.parent.iterdir())
        assert b"Kestrelwick" not in everything
        assert not any(content[at : at + 64] in everything for at in range(0, len(content) - 64, 64))
        with pytest.raises(ConfigError, match="can't be brought back"):
            store.undo()
        store.rate(other.id, 3)
        assert store.undo() == ("rate", other.id)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_an_undone_variation_leaves_no_byte_either(file: Path) -> None:
    with TakeStore(file) as store:
        parent = store.remember(a_take())
        store.remember(replace(_with_secrets(), parent=parent.id))
        store.undo()
    assert b"Kestrelwick" not in file.read_bytes()


def test_a_purge_while_another_reads_says_that_old_bytes_are_left(file: Path) -> None:
    with TakeStore(file) as store:
        name = store.remember(_with_secrets()).id
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM takes").fetchall()
    with TakeStore(file, wait_seconds=0.05) as store:
        with pytest.raises(ScoreError, match=r"purge again|in use by another process"):
            store.purge([name])
        reader.close()
        assert store.all() == ()
        store.purge([])
    assert b"Kestrelwick" not in file.read_bytes()


def test_kept_takes_are_not_purged_unless_it_is_said(file: Path) -> None:
    with TakeStore(file) as store:
        kept, other = store.remember(a_take()).id, store.remember(a_take(seed=2)).id
        store.keep(kept)
        with pytest.raises(ConfigError, match="--even-kept"):
            store.purge([other, kept])
        assert len(store.all()) == 2
        store.purge([other, kept], even_kept=True)
        assert store.all() == ()


WRITER = """
import sys
from pathlib import Path
from fakes.takes import a_take
from hitpoint.engine.take_store import TakeStore
takes = [a_take("calm, cello", seed, 1) for seed in range(int(sys.argv[2]), int(sys.argv[2]) + 12)]
with TakeStore(Path(sys.argv[1])) as store:
    for take in takes:
        store.rate(store.remember(take).id, 3)
"""


@pytest.mark.slow
def test_two_processes_that_write_at_once_lose_nothing(file: Path) -> None:
    writers = [python(WRITER, str(file), str(first)) for first in (100, 200, 106)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    with TakeStore(file) as store:
        assert len(store.all()) == 30
        assert {one.rating for one in store.all()} == {3}
        assert {one.seed for one in store.all()} == {*range(100, 118), *range(200, 212)}
        for one in store.all():
            assert len(store.music(one.id).score.parts) == 1


def test_a_file_that_another_process_holds_is_named_after_a_while(file: Path) -> None:
    with TakeStore(file) as store:
        name = store.remember(a_take()).id
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with TakeStore(file, wait_seconds=0.05) as store:
        with pytest.raises(ScoreError, match=f"{file.name} is in use by another process"):
            store.remember(a_take(seed=2))
        # Who only reads waits for nobody.
        assert store.facts(name).id == name
        holder.execute("ROLLBACK")
        assert store.remember(a_take(seed=2)).id != name
    holder.close()


def _remember_many(store: TakeStore) -> None:
    for seed in range(20, 60):
        store.remember(a_take(seed=seed, bars=8))


def _read_all(file: Path) -> None:
    with TakeStore(file) as store:
        for one in store.all():
            store.music(one.id)


def test_a_full_disk_loses_nothing(file: Path) -> None:
    with TakeStore(file) as store:
        first = store.remember(a_take())
        pages = store._database.execute("PRAGMA page_count").fetchone()[0]
        store._database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(ScoreError, match="the disk is full"):
            _remember_many(store)
        count = len(store.all())
        assert all(store.music(one.id).bars for one in store.all())
        store._database.execute(f"PRAGMA max_page_count = {pages + 1000}")
        assert store.rate(first.id, 5).rating == 5
        store.remember(a_take(seed=70))
        assert len(store.all()) == count + 1


def test_where_nothing_can_be_written_takes_are_still_recalled(file: Path) -> None:
    take = a_take()
    with TakeStore(file) as store:
        name = store.remember(take).id
    content = file.read_bytes()
    # SQLite can put nothing beside the file, as on a disk that is full or may only be read.
    file.with_name(f"{file.name}-shm").mkdir()
    with TakeStore(file) as store:
        assert [one.id for one in store.all()] == [name]
        assert store.music(name) == take.music
        with pytest.raises(ScoreError, match=f"{file.name} cannot be written: its disk is full, or may only be read"):
            store.rate(name, 4)
        with pytest.raises(ScoreError, match="cannot be written"):
            store.remember(a_take(seed=2))
    assert file.read_bytes() == content


def test_what_another_process_has_not_brought_into_the_file_yet_is_not_passed_by(file: Path) -> None:
    with TakeStore(file) as store:
        name = store.remember(a_take()).id
        copy = file.with_name("copy.takes.db")
        for ending in ("", "-wal"):
            copy.with_name(copy.name + ending).write_bytes(file.with_name(file.name + ending).read_bytes())
    copy.with_name(f"{copy.name}-shm").mkdir()
    with TakeStore(copy) as store:
        assert [one.id for one in store.all()] == [name]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"title: a sheet\ncues: []\n" * 40, "not a database"),
        (b"MThd\0\0\0\x06\0\x01\0\x01\x03\xc0" * 100, "not a database"),
        (b"SQLite format 3\0" + bytes(40), "not a database|damaged"),
    ],
)
def test_a_file_that_is_no_database_is_refused_and_stays(file: Path, content: bytes, says: str) -> None:
    file.write_bytes(content)
    with pytest.raises(ScoreError, match=says):
        TakeStore(file)
    assert file.read_bytes() == content


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_that_is_cut_short_is_refused(file: Path, share: float) -> None:
    with TakeStore(file) as store:
        for seed in range(4):
            store.remember(a_take(seed=seed))
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ScoreError, match="damaged"):
        _read_all(file)


def test_damaged_notes_are_told_of_their_take(file: Path) -> None:
    with TakeStore(file) as store:
        name = store.remember(a_take()).id
        store._database.execute("UPDATE music SET content = substr(content, 1, 50)")
        with pytest.raises(ScoreError, match=f"take {name}: its notes are damaged"):
            store.music(name)


def test_another_programs_database_is_refused_and_stays(file: Path) -> None:
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    content = file.read_bytes()
    with pytest.raises(ConfigError, match="another program"):
        TakeStore(file)
    assert file.read_bytes() == content


def test_a_newer_hitpoints_file_is_refused(file: Path) -> None:
    with TakeStore(file) as store:
        store._database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(ConfigError, match=f"newer Hitpoint \\(version {SCHEMA_VERSION + 1}, this one reads"):
        TakeStore(file)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere is not a folder"):
        TakeStore(tmp_path / "nowhere" / "takes.db")


def test_seeds_and_words_of_any_kind_are_kept(file: Path) -> None:
    take = a_take()
    session = replace(take.music.session, seed=-(1 << 70))
    odd = replace(take, prompt="tense \udcff ♯ 音楽", music=replace(take.music, session=session))
    with TakeStore(file) as store:
        facts = store.remember(odd)
        assert facts.seed == -(1 << 70)
        assert facts.prompt == "tense ? ♯ 音楽"
        assert store.music(facts.id).session.seed == session.seed
