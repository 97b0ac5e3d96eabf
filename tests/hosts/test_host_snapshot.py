import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.snapshots import a_snapshot
from hitpoint.errors import HostError
from hitpoint.hosts.host_snapshot import read_snapshot
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.units import FrameRate

RATE = FrameRate.named("25")


def read(**changed: Any):
    return read_snapshot(json.dumps(a_snapshot(**changed)).encode(), RATE)


def test_a_project_is_taken_in_whole() -> None:
    snapshot = read(
        tempo=[{"quarter": 0, "bpm": 120, "ramp": "step"}, {"quarter": 16.5, "bpm": 90.5, "ramp": "time"}],
        meter=[{"quarter": 0, "numerator": 4, "denominator": 4}, {"quarter": 8, "numerator": 7, "denominator": 8}],
        markers=[{"id": "{b}", "quarter": 9.25, "name": "HIT door"}, {"id": "{a}", "quarter": 1, "name": "1m01 calm"}],
        regions=[{"id": "{r}", "quarter": 2, "end": 6, "name": "tense"}],
        loop={"quarter": 4, "end": 8},
    )
    timeline = snapshot.timeline
    assert timeline.tempo_map == TempoMap((TempoPoint(0, 120.0), TempoPoint(15_840, 90.5, Ramp.LINEAR_IN_TIME)))
    assert timeline.meter_map == MeterMap((MeterChange(0, Meter()), MeterChange(7680, Meter(7, 8))))
    assert timeline.markers == (Marker(960, "1m01 calm", "{a}"), Marker(8880, "HIT door", "{b}"))
    assert timeline.regions == (Region(1920, 5760, "tense", "{r}"),)
    assert snapshot.loop == Loop(3840, 7680)
    assert timeline.frame_rate == RATE
    assert (snapshot.host, snapshot.project, snapshot.serial) == ("reaper", "reel 3", 1)


def test_the_hosts_own_frame_rate_goes_before_ours() -> None:
    assert read(frame_rate="29.97df").timeline.frame_rate.drop_frame


def test_what_a_newer_script_says_besides_is_left_aside() -> None:
    assert read(colour_scheme="dark") == read()


def test_points_before_the_start_hold_from_the_start() -> None:
    tempo = [{"quarter": -4, "bpm": 100, "ramp": "step"}, {"quarter": -1, "bpm": 80, "ramp": "step"}]
    assert read(tempo=tempo).timeline.tempo_map == TempoMap.constant(80)


def test_half_a_character_which_nobody_could_be_told_is_refused() -> None:
    with pytest.raises(HostError, match=r"markers\[0\]: name"):
        read(markers=[{"id": "1", "quarter": 1, "name": "HIT \ud83c"}])


def test_a_loop_or_region_without_length_is_none() -> None:
    snapshot = read(loop={"quarter": 4, "end": 4}, regions=[{"id": "", "quarter": 3, "end": 3, "name": ""}])
    assert snapshot.loop is None
    assert snapshot.timeline.regions == ()


def test_five_thousand_markers_with_names_in_any_script_are_read() -> None:
    names = ["HIT дверь", "緊張した弦", "شديد", "🎬", ""]
    markers = [{"id": str(one), "quarter": one / 7, "name": names[one % 5]} for one in range(5000)]
    assert [marker.name for marker in read(markers=markers).timeline.markers] == [names[one % 5] for one in range(5000)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"protocol": 2}, "speaks protocol 2, this Hitpoint 1"),
        ({"kind": "hello"}, "kind 'hello'"),
        ({"host": "cubase"}, "host 'cubase'"),
        ({"tempo": []}, "REAPER's project cannot be followed"),
        ({"tempo": [{"quarter": 0, "bpm": "fast", "ramp": "step"}]}, "snapshot.tempo[0]: bpm is 'fast'"),
        ({"tempo": [{"quarter": 0, "bpm": 120, "ramp": "sine"}]}, "'sine'"),
        ({"tempo": [{"quarter": 0, "bpm": 0, "ramp": "step"}]}, "cannot be followed"),
        ({"meter": [{"quarter": 0, "numerator": 4, "denominator": 3}]}, "metre 4/3"),
        ({"markers": [{"id": "", "quarter": float("nan"), "name": ""}]}, "snapshot.markers[0]: quarter"),
        ({"markers": [{"id": "", "quarter": True, "name": ""}]}, "quarter is 'True'"),
        ({"markers": {"id": ""}}, "markers"),
        ({"markers": "none"}, "markers is 'none', where list of objects is meant"),
        ({"serial": 1.5}, "serial is '1.5', where whole number is meant"),
        ({"project": None}, "project is missing"),
        ({"frame_rate": "17"}, "frame rate '17'"),
        ({"loop": [1, 2]}, "loop is '[1, 2]', where object is meant"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(HostError) as caught:
        read(**changed)
    assert said in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000, b'{"protocol": 1}'])
def test_what_is_no_snapshot_is_refused(data: bytes) -> None:
    with pytest.raises(HostError):
        read_snapshot(data, RATE)


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(a_snapshot())), _values)
def test_whatever_a_field_holds_it_is_read_or_refused(name: str, value: Any) -> None:
    with suppress(HostError):
        read(**{name: value})


def _replaced(said: Any, choose: Callable[[int], int], value: Any) -> Any:
    """`said` with one of its leaves, chosen at random, replaced."""
    if isinstance(said, dict) and said:
        key = sorted(said)[choose(len(said))]
        return {**said, key: _replaced(said[key], choose, value)}
    if isinstance(said, list) and said:
        place = choose(len(said))
        return [*said[:place], _replaced(said[place], choose, value), *said[place + 1 :]]
    return value


@given(st.randoms(use_true_random=False), _values)
def test_whatever_lies_deep_inside_it_is_read_or_refused(random: Any, value: Any) -> None:
    said = _replaced(a_snapshot(), random.randrange, value)
    with suppress(HostError):
        read_snapshot(json.dumps(said).encode(), RATE)
