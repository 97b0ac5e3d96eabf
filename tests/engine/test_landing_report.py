from hitpoint.engine.landing_report import landed
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

TIMELINE = Timeline(TempoMap.constant(120.0))


def part(name: str, *ticks: int) -> MidiPart:
    return MidiPart(name, 0, 40, tuple(Note(tick, 60, 100, 80) for tick in ticks))


def test_the_nearest_strike_of_two_parts_is_where_it_landed():
    parts = [part("violin", 0, 950, 1920), part("cello", 0, 1000, 1920)]
    (report,) = landed(TIMELINE, parts, [Marker(1000, "HIT door")])
    assert report.landed_tick == 1920
    assert report.error_ticks == 920
    assert report.error_ms == 479.1667
    assert report.error_frames == 11.5


def test_one_part_alone_is_no_strike_where_there_are_two():
    parts = [part("violin", 1000), part("cello", 5000)]
    (report,) = landed(TIMELINE, parts, [Marker(1000, "HIT")])
    assert report.landed_tick is None


def test_early_is_negative():
    parts = [part("violin", 959), part("cello", 959)]
    (report,) = landed(TIMELINE, parts, [Marker(960, "HIT")])
    assert report.error_ticks == -1
    assert report.error_ms is not None
    assert report.error_ms < 0
