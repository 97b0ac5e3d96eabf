import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from hitpoint.engine.map_watch import MapWatch
from hitpoint.errors import HostError
from hitpoint.score.midi_file import write_midi_file
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

DOOR = Marker(4000, "HIT door")


def write(path: Path, age: int, *markers: Marker) -> None:
    write_midi_file(path, [], Timeline(TempoMap.constant(97.5), markers=markers))
    os.utime(path, ns=(age, age))


def watching(folder: Path, scenario: Callable[[Path, MapWatch], Awaitable[None]]) -> None:
    path = folder / "map.mid"
    write(path, 1)
    asyncio.run(scenario(path, MapWatch(path, Timeline().frame_rate)))


def test_a_file_that_stays_as_it_is_says_nothing(tmp_path: Path) -> None:
    async def scenario(_: Path, watch: MapWatch) -> None:
        assert await watch.changed() is None
        assert await watch.changed() is None

    watching(tmp_path, scenario)


def test_a_changed_file_is_read_once_and_only_when_it_stands_still(tmp_path: Path) -> None:
    async def scenario(path: Path, watch: MapWatch) -> None:
        write(path, 2, DOOR)
        assert await watch.changed() is None
        write(path, 3, DOOR)
        assert await watch.changed() is None
        timeline = await watch.changed()
        assert timeline is not None
        assert [marker.name for marker in timeline.markers] == ["HIT door"]
        assert await watch.changed() is None

    watching(tmp_path, scenario)


def test_a_file_that_is_gone_says_nothing_until_it_is_back(tmp_path: Path) -> None:
    async def scenario(path: Path, watch: MapWatch) -> None:
        path.unlink()
        assert await watch.changed() is None
        assert await watch.changed() is None
        write(path, 5, DOOR)
        assert await watch.changed() is None
        assert await watch.changed() is not None

    watching(tmp_path, scenario)


def test_a_broken_file_is_told_once_and_read_again_when_it_is_mended(tmp_path: Path) -> None:
    async def scenario(path: Path, watch: MapWatch) -> None:
        path.write_bytes(b"MThd and no more")
        await watch.changed()
        with pytest.raises(HostError, match=r"map\.mid.* The timeline stays as it was\."):
            await watch.changed()
        assert await watch.changed() is None
        write(path, 7, DOOR)
        await watch.changed()
        assert await watch.changed() is not None

    watching(tmp_path, scenario)
