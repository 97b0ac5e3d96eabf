"""The main job in a real DAW: an unmodified Ardour leads, Hitpoint plays to its markers, Ardour records.

Tempo, tempo change and markers come from the session that Ardour itself has saved. What Ardour recorded is read back by
`reader` and by the superclocks in that session, so that nothing of Hitpoint judges Hitpoint. Needs the packages
`ardour` and `jackd2`; a host that cannot start fails these tests.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import sleep
from typing import Any, TypeVar
from xml.etree import ElementTree

import pytest

from end_to_end.daemon_process import RunningDaemon, running_daemon
from end_to_end.reader import (
    PlayedNote,
    Tick,
    Unpaired,
    landing_error_of,
    near_onsets_of,
    read_notes,
    together,
    unpaired,
)
from fakes.ardour_host import ArdourHost, LostTransportError, make_session, running_ardour
from fakes.jack_ear import Ear, listening
from fakes.patience import until

pytestmark = [pytest.mark.daw, pytest.mark.realtime]

SAMPLE_RATE = 48_000
SUPERCLOCKS_PER_SAMPLE = 5_880
STEMS = ("winds", "brass", "percussion", "strings")
PORTS = {f"Hitpoint {stem}": f"Hitpoint:Hitpoint {stem}" for stem in STEMS}
"""What JACK calls them, by track."""
TRACKS = tuple(PORTS)
MARKERS = (
    ("1m01 tense, orchestral, D minor", 130_001),
    ("HIT door slams", 672_013),
    ("END", 936_007),
)
"""At samples that are on no beat; the tempo changes between the first and the second."""
TEMPI = "0:97.5 16:112"
END_OF_TAKE = 1_180_000
"""Sample at which Ardour is stopped: five seconds after END, when all has rung out."""
PERIOD = 1024
"""Frames: 21 ms, a usual setting for writing, at which Ardour loses JACK's transport less often than at 256 (see
LostTransportError). Notes are placed on their frame whatever the period."""
ATTEMPTS = 3
"""At a take in which Ardour keeps JACK's transport."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Take:
    """What came of it."""

    session: Path
    recorded: list[PlayedNote]
    """By Ardour; the track's name is Ardour's."""
    files: list[Path]
    sent: list[PlayedNote]
    """By Hitpoint's own recorder; the track's name is the part's."""
    status: dict[str, Any]
    """Hitpoint's, when the transport had stopped."""


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Take:
    """The whole job, once."""
    return _tried(tmp_path_factory, _whole_job)


def _tried(folders: pytest.TempPathFactory, job: Callable[[Path], Made]) -> Made:
    """What `job` makes in a folder of its own; from the start again when Ardour loses JACK's transport."""
    for _ in range(ATTEMPTS - 1):
        with suppress(LostTransportError):
            return job(folders.mktemp("ardour"))
        print("Ardour lost JACK's transport; again")
    return job(folders.mktemp("ardour"))


def _whole_job(folder: Path) -> Take:
    with _ardour_and_hitpoint(folder, "--record", str(folder / "sent.mid")) as (ardour, daemon):
        _record(ardour, 0, END_OF_TAKE)
        status = daemon.status()
        files = [recording.file for recording in ardour.recordings()]
        recorded = _recorded(ardour)
    return Take(ardour.session, recorded, files, read_notes(folder / "sent.mid"), status)


@contextmanager
def _ardour_and_hitpoint(folder: Path, *arguments: str) -> Iterator[tuple[ArdourHost, RunningDaemon]]:
    """Both running and connected, standing still, with the first bars written. Hitpoint ends first."""
    with running_ardour(make_session(folder, tempi=TEMPI, tracks=TRACKS), PERIOD) as ardour:
        for name, sample in MARKERS:
            ardour.add_marker(name, sample)
        told = ("--map", str(ardour.save()), "--output", "jack", "--follow", "jack", "--seed", "7")
        with running_daemon(folder, *told, *arguments) as daemon:
            for track, port in PORTS.items():
                ardour.connect_ports(port, f"ardour:{track}/midi_in 1")
            _wait_until_written_ahead(daemon)
            yield ardour, daemon
            assert daemon.interrupt() == (0, "")


def _wait_until_written_ahead(daemon: RunningDaemon) -> None:
    """Wait until it has composed all it wants to before Play."""
    bars: list[int] = []

    def rests() -> bool:
        bars.append(daemon.status()["bars_by_model"])
        return len(bars) > 3 and bars[-1] > 0 and len(set(bars[-4:])) == 1

    until(rests, lambda: sleep(0.5))


def _record(ardour: ArdourHost, start: int, end: int) -> None:
    ardour.locate(start)
    ardour.record(TRACKS)
    ardour.play()
    ardour.wait_for_sample(end)
    ardour.stop()
    ardour.stop_recording()
    ardour.save()


def _recorded(ardour: ArdourHost, start: int = 0) -> list[PlayedNote]:
    """The notes of the recordings that begin at that sample, on the session's own ticks."""
    _, ticks = _clock(ardour.session)
    first = ticks(start / SAMPLE_RATE)
    place = f"a{start * SUPERCLOCKS_PER_SAMPLE}"
    return [
        note._replace(track_name=recording.track, tick=note.tick + first, end_tick=note.end_tick + first)
        for recording in ardour.recordings()
        if recording.start == place
        for note in read_notes(recording.file)
    ]


def test_the_session_that_ardour_saved_has_the_tempi_and_the_markers(take: Take) -> None:
    root = ElementTree.parse(take.session).getroot()
    assert [round(float(tempo.attrib["npm"]), 6) for tempo in root.iterfind("TempoMap/Tempos/Tempo")] == [97.5, 112]
    assert {name: round(at * SAMPLE_RATE) for name, at in _marker_seconds(take.session).items()} == dict(MARKERS)


@pytest.mark.parametrize("name", [name for name, _ in MARKERS])
def test_several_parts_strike_within_a_millisecond_of_the_marker(take: Take, name: str, record_property: Any) -> None:
    seconds, ticks = _clock(take.session)
    marker = ticks(_marker_seconds(take.session)[name])
    error = landing_error_of(take.recorded, seconds, marker, name)
    assert error["landed_tick"] is not None
    late_ms = float(str(error["error_ms"]))
    record_property("late_ms", late_ms)
    record_property("late_samples", late_ms * SAMPLE_RATE / 1000)
    print(f"{name}: {late_ms:+.4f} ms, {late_ms * SAMPLE_RATE / 1000:+.2f} samples")
    assert abs(late_ms) <= 1.0


@pytest.mark.parametrize("name", [name for name, _ in MARKERS])
def test_nothing_else_strikes_within_eighty_milliseconds_of_the_marker(take: Take, name: str) -> None:
    seconds, ticks = _clock(take.session)
    marker = ticks(_marker_seconds(take.session)[name])
    struck = min(together(take.recorded), key=lambda tick: abs(tick - marker))
    assert near_onsets_of(take.recorded, seconds, struck) == []


def test_ardour_has_every_note_that_hitpoint_sent_and_no_other(take: Take) -> None:
    assert len(take.sent) > 50
    missing, added = _differences(take.sent, take.recorded)
    print(f"sent {len(take.sent)}, recorded {len(take.recorded)}")
    assert missing + added == [], _listed("not recorded", missing) + _listed("recorded only", added)


def test_nothing_hangs(take: Take) -> None:
    _, ticks = _clock(take.session)
    assert [odd for file in take.files for odd in unpaired(file)] == []
    # Ardour ends what hangs when a recording ends: so everything must have ended well before.
    assert max(note.end_tick for note in take.recorded) < ticks(END_OF_TAKE / SAMPLE_RATE) - 960


def test_the_model_wrote_it_in_time_and_nothing_went_wrong(take: Take) -> None:
    print({name: take.status[name] for name in ("bars_by_model", "bars_by_fallback", "play")})
    assert take.status["bars_by_model"] > 0
    assert take.status["troubles"] == []
    assert take.status["play"]["notes_lost"] == 0


def test_stopped_in_the_middle_and_played_from_elsewhere_it_meets_the_hit_and_nothing_hangs(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    late_ms, odd, status = _tried(tmp_path_factory, _stop_and_play_from_elsewhere)
    assert abs(late_ms) <= 1.0
    assert odd == []
    assert status["troubles"] == []


def _stop_and_play_from_elsewhere(folder: Path) -> tuple[float, list[Unpaired], dict[str, Any]]:
    """How late the hit was in the second take, what hangs in either, and Hitpoint's status."""
    middle, elsewhere, hit = 200_000, 450_000, dict(MARKERS)["HIT door slams"]
    with (
        _ardour_and_hitpoint(folder) as (ardour, daemon),
        listening(ardour.server, PORTS, folder) as ear,
    ):
        _record(ardour, 0, middle)
        _wait_until_silent(ear)
        _record(ardour, elsewhere, hit + SAMPLE_RATE)
        _wait_until_silent(ear)
        status = daemon.status()
        first, second = _recorded(ardour), _recorded(ardour, elsewhere)
        odd = [odd for recording in ardour.recordings() for odd in unpaired(recording.file)]
    assert first
    seconds, ticks = _clock(ardour.session)
    error = landing_error_of(second, seconds, ticks(hit / SAMPLE_RATE))
    return float(str(error["error_ms"])), odd, status


def _wait_until_silent(ear: Ear) -> None:
    """What sounds at a stop is ended then or never."""
    assert ear.heard()
    until(lambda: not ear.sounding(), lambda: sleep(0.05))


def _marker_seconds(session: Path) -> dict[str, float]:
    root = ElementTree.parse(session).getroot()
    per_second = int(root.find("TempoMap").attrib["superclocks-per-second"])  # type: ignore[union-attr]
    marks = [place for place in root.iterfind("Locations/Location") if place.attrib["flags"] == "IsMark"]
    return {mark.attrib["name"]: int(mark.attrib["start"][1:]) / per_second for mark in marks}


def _clock(session: Path) -> tuple[Callable[[Tick], float], Callable[[float], Tick]]:
    """Ardour's clock from the superclock it wrote beside each tempo: ticks (960) to seconds, and back."""
    element = ElementTree.parse(session).getroot().find("TempoMap")
    assert element is not None
    steps = []
    for tempo in element.iterfind("Tempos/Tempo"):
        assert tempo.attrib["type"] == "Tempo::Constant"
        quarters, ticks = map(int, tempo.attrib["quarters"].split(":"))
        starts = int(tempo.attrib["sclock"]) / int(element.attrib["superclocks-per-second"])
        steps.append((quarters * 960 + Fraction(ticks, 2), starts, 60 / float(tempo.attrib["npm"]) / 960))

    def seconds_at(tick: Tick) -> float:
        start, seconds, length = [step for step in steps if step[0] <= tick][-1]
        return seconds + float(tick - start) * length

    def tick_at(seconds: float) -> Tick:
        start, begins, length = [step for step in steps if step[1] <= seconds][-1]
        return start + Fraction((seconds - begins) / length)

    return seconds_at, tick_at


def _differences(sent: list[PlayedNote], recorded: list[PlayedNote]) -> tuple[list[PlayedNote], list[PlayedNote]]:
    """What was sent and not recorded, and the other way round. Ardour keeps 1920ths: a tick apart is the same."""
    waiting = sorted(recorded, key=lambda note: note.tick)
    missing = []
    for note in sorted(sent, key=lambda note: note.tick):
        same = [other for other in waiting if _same(note, other)]
        if same:
            waiting.remove(same[0])
        else:
            missing.append(note)
    return missing, waiting


def _listed(what: str, notes: list[PlayedNote]) -> str:
    return f"{len(notes)} {what}:\n" + "".join(
        f"  {note.track_name}: {float(note.tick):g} to {float(note.end_tick):g}, {note.pitch} at {note.velocity}\n"
        for note in notes[:20]
    )


def _same(sent: PlayedNote, recorded: PlayedNote) -> bool:
    return (
        (sent.pitch, sent.velocity) == (recorded.pitch, recorded.velocity)
        and abs(sent.tick - recorded.tick) <= 1
        and abs(sent.end_tick - recorded.end_tick) <= 1
    )
