"""Bars of parts of any file written anew: whatever lies outside is not touched, and what is asked to stay stays."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from struct import pack

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fakes.fake_model import FakeModel
from fakes.midi_bytes import PlainEvent, plain_events, random_file
from hitpoint.engine.infill import Infiller
from hitpoint.engine.infill_file import OpenFile, Wanted, infill, open_file
from hitpoint.errors import ScoreError
from hitpoint.score.articulation import STACCATO, SUSTAIN, ArticulationMap, Switch, SwitchAt
from hitpoint.score.direction import parse
from hitpoint.score.file_part import FilePart, parts_in
from hitpoint.score.keep import Keep
from hitpoint.score.midi_events import parse_events
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.score.playability import violations_of
from hitpoint.score.stem import instrument_named
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

SEEDS = st.integers(0, 10**9)
several = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
BAR = 3840
FLUTE = instrument_named("flute")


def opened(folder: Path, content: bytes) -> OpenFile:
    path = folder / "a.mid"
    path.write_bytes(content)
    return open_file(path)


def filled(file: OpenFile, wanted: Wanted, end_bias: float = 0.5, holes: bool = True) -> bytes:
    return infill(file, wanted, Infiller(FakeModel(512, end_bias), holes=holes), lambda *_: None).content


def answered(file: OpenFile, wanted: Wanted, end_bias: float, holes: bool = True) -> bytes | None:
    """None where it is refused, as random music lies anywhere: there may be no register that its instrument has, or no
    note there."""
    try:
        return filled(file, wanted, end_bias, holes)
    except ScoreError as error:
        keyless = wanted.keep is not None and "cannot be written" in str(error)
        if not keyless and "no notes in these bars" not in str(error):
            raise
        return None


def some_wanted(file: OpenFile, random: Random) -> Wanted | None:
    """Some bars of some parts."""
    able = [part for part in file.parts if part.instrument is not None]
    if not able:
        return None
    parts = tuple(random.sample(able, random.randint(1, len(able))))
    first = random.randrange(len(file.bars))
    bars = tuple(range(first, min(len(file.bars), first + random.randint(1, 4))))
    amount = random.choice((1.0, 1.0, 0.5, 0.1))
    return Wanted(bars, parts, amount=amount, keep=random.choice((None, *Keep)), seed=str(random.random()))


def outside(content: bytes, file: OpenFile, wanted: Wanted) -> list[PlainEvent]:
    """Every event but the notes that begin in the bars of the parts; those by the reading of the plain events."""
    spans = [(file.bars[bar].start, file.bars[bar].end) for bar in wanted.bars]
    resolution = file.events.ticks_per_quarter
    chosen = {(part.track, part.channel) for part in wanted.parts}
    kept: list[PlainEvent] = []
    sounding: dict[tuple[int, int, int], list[bool]] = {}
    for event in plain_events(content):
        if event.data[0] & 0xE0 == 0x80 and (event.track, event.data[0] & 15) in chosen:
            key = event.track, event.data[0] & 15, event.data[1]
            if event.data[0] & 0xF0 == 0x90 and event.data[2] > 0:
                tick = (2 * event.tick * 960 + resolution) // (2 * resolution)
                inside = any(start <= tick < end for start, end in spans)
                sounding.setdefault(key, []).append(inside)
            else:
                waiting = sounding.get(key)
                inside = waiting.pop(0) if waiting else False
            if inside:
                continue
        kept.append(event)
    return kept


@several
@example(seed=57)  # a note that nothing ends: an end of ours would have ended it
@given(seed=SEEDS)
def test_every_event_outside_the_bars_of_the_parts_stays_at_its_tick_and_in_its_order(
    tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    file = opened(tmp_path, random_file(random))
    wanted = some_wanted(file, random)
    if wanted is None:
        return
    content = answered(file, wanted, random.choice((-1.0, 0.5, 2.0)), random.random() < 0.5)
    if content is None:
        return
    before = outside(file.events.as_bytes(), file, wanted)
    after = outside(content, file, wanted)
    assert [event for event in after if not closing(event)] == [event for event in before if not closing(event)]
    # The end of a track may only move where a new note lies behind it.
    latest = {event.track: event.tick for event in plain_events(content) if not closing(event)}
    for old, new in zip(filter(closing, before), filter(closing, after), strict=True):
        assert new == old or (new.tick > old.tick and new.tick == latest[new.track])


def closing(event: PlainEvent) -> bool:
    return event.data == b"\xff\x2f\x00"


@several
@given(seed=SEEDS)
def test_new_notes_overlap_no_key_and_lie_inside_the_bars_and_the_range(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    file = opened(tmp_path, random_file(random))
    wanted = some_wanted(file, random)
    if wanted is None:
        return
    content = answered(file, wanted, -1)
    if content is None:
        return
    after = {part.track * 16 + part.channel: part for part in parts_in(parse_events(content, "a"))}
    spans = [(file.bars[bar].start, file.bars[bar].end) for bar in wanted.bars]
    for part in wanted.parts:
        assert part.instrument is not None
        found = after.get(part.track * 16 + part.channel)
        old = Counter(part.plain_notes)
        # Where nothing ends a note, its track's end does, which may move, or the end of a later strike of its key.
        hanging = {(one.note.tick, one.note.pitch) for one in part.notes if one.off is None}
        notes = found.plain_notes if found else ()
        keys = {pitch for _, pitch in hanging}
        new = [note for note in (Counter(notes) - old).elements() if note.pitch not in keys]
        for note in new:
            inside = any(start - 25 <= note.tick < end + 25 for start, end in spans)
            assert inside  # a coarse file may round by half a tick of its own
            if wanted.keep is not Keep.RHYTHM and wanted.keep is not Keep.CONTOUR:
                assert part.instrument.low <= note.pitch <= part.instrument.high
            others = [other for other in notes if other is not note and other.pitch == note.pitch]
            coarse = 960 // file.events.ticks_per_quarter + 2
            for other in others:
                assert note.end <= other.tick + coarse or other.end <= note.tick + coarse


@several
@given(seed=SEEDS)
def test_two_tracks_on_one_channel_never_end_a_key_of_each_other(tmp_path: Path, seed: int) -> None:
    """Whoever plays a file hears both: there a key is ended by the first end that comes, whichever track it is in."""
    random = Random(seed)
    held = [(bar * 1920 + 20, random.choice((62, 66, 69)), random.choice((300, 1880))) for bar in range(6)]
    line = [(step * 480, random.choice((60, 67, 74)), 470) for step in range(24)]
    path = tmp_path / "a.mid"
    parts = [
        MidiPart("Violin I", 0, 40, tuple(Note(tick * 2, pitch, length * 2, 70) for tick, pitch, length in line)),
        MidiPart("Violin II", 0, 40, tuple(Note(tick * 2, pitch, length * 2, 60) for tick, pitch, length in held)),
    ]
    write_midi_file(path, random.sample(parts, 2), Timeline())
    file = open_file(path)
    chosen = random.choice((file.parts[:1], file.parts[1:], file.parts))
    keep, amount = random.choice((None, *Keep)), random.choice((1.0, 0.5))
    content = filled(file, Wanted((1, 2, 3), tuple(chosen), amount=amount, keep=keep, seed=f"{seed}"), -3)
    after = [part.plain_notes for part in parts_in(parse_events(content, "a"))]
    for one in after[0]:
        for other in after[1]:
            assert one.pitch != other.pitch or one.end < other.tick or other.end < one.tick
    if keep is Keep.RHYTHM:
        assert [[(note.tick, note.duration) for note in part] for part in after] == [
            [(note.tick, note.duration) for note in part.plain_notes] for part in file.parts
        ]


def song(folder: Path, bars: int = 12, bpm: float = 120) -> OpenFile:
    """Four parts in plain counterpoint."""
    random = Random(5)
    parts = []
    for channel, (name, program, home) in enumerate(
        (("Violin I", 40, 76), ("Violin II", 40, 69), ("Horn", 60, 60), ("Cello", 42, 48))
    ):
        notes, pitch = [], home
        for tick in range(0, bars * BAR, 480):
            pitch = max(home - 9, min(home + 9, pitch + random.choice((-4, -2, -1, 0, 1, 2, 3))))
            if random.random() < 0.8:
                notes.append(Note(tick, pitch, random.choice((240, 480)), random.randint(40, 100)))
        parts.append(MidiPart(name, channel, program, tuple(notes)))
    path = folder / "song.mid"
    write_midi_file(path, parts, Timeline(TempoMap.constant(bpm)))
    return open_file(path)


def rewritten(content: bytes, part: FilePart) -> list[Note]:
    """The notes of bars 5 to 8 of a part."""
    found = parts_in(parse_events(content, "a"))[part.number - 1]
    return [note for note in found.plain_notes if 4 * BAR <= note.tick < 8 * BAR]


BARS = (4, 5, 6, 7)


def test_nothing_of_amount_leaves_the_very_same_bytes(tmp_path: Path) -> None:
    file = song(tmp_path)
    assert filled(file, Wanted(BARS, file.parts, amount=0.0)) == file.path.read_bytes()


def test_the_same_seed_gives_the_same_bytes_and_another_others(tmp_path: Path) -> None:
    file = song(tmp_path)
    wanted = Wanted(BARS, file.parts[:2])
    assert filled(file, wanted) == filled(file, wanted)
    assert filled(file, wanted) != filled(file, replace(wanted, seed="1"))


def test_a_smaller_amount_keeps_all_that_a_larger_one_keeps(tmp_path: Path) -> None:
    file = song(tmp_path)
    part = file.parts[0]
    source = [note for note in part.plain_notes if 4 * BAR <= note.tick < 8 * BAR]
    kept: list[set[Note]] = []
    for tenth in range(11):
        content = filled(file, Wanted(BARS, (part,), amount=tenth / 10))
        stands = {note for note in source if note in rewritten(content, part)}
        kept.append(stands)
        assert len(stands) >= len(source) - round(tenth / 10 * len(source))
    assert kept[0] == set(source)
    assert len(kept[10]) < len(source) / 4


@pytest.mark.parametrize("holes", [True, False])
@pytest.mark.parametrize("amount", [0.1, 0.3, 0.6, 0.9])
def test_a_share_written_anew_leaves_as_many_notes_as_there_were(tmp_path: Path, amount: float, holes: bool) -> None:
    """Up to the end of no beat are there more than there were a beat later, however busily the model writes."""
    file = song(tmp_path)
    for part in file.parts:
        source = [note for note in part.plain_notes if 4 * BAR <= note.tick < 8 * BAR]
        new = rewritten(filled(file, Wanted(BARS, (part,), amount=amount), -6.0, holes), part)
        # Fewer by what the fake jumps over: it goes anywhere in the bar.
        assert 0.6 * len(source) <= len(new) <= len(source)
        assert set(new) - set(source)
        for bar in BARS:
            for beat in range(bar * BAR + 960, (bar + 1) * BAR, 960):
                before = sum(bar * BAR <= note.tick < beat for note in new)
                assert before <= sum(bar * BAR <= note.tick < beat + 960 for note in source)


def test_rhythm_that_is_kept_is_kept_to_the_tick(tmp_path: Path) -> None:
    file = song(tmp_path)
    for part in file.parts:
        for amount in (1.0, 0.5):
            content = filled(file, Wanted(BARS, (part,), amount=amount, keep=Keep.RHYTHM))
            source = [note for note in part.plain_notes if 4 * BAR <= note.tick < 8 * BAR]
            new = rewritten(content, part)
            assert [(n.tick, n.duration, n.velocity) for n in new] == [(n.tick, n.duration, n.velocity) for n in source]
            assert new != source


def test_contour_that_is_kept_rises_and_falls_as_before(tmp_path: Path) -> None:
    file = song(tmp_path)
    for part in file.parts:
        for amount in (1.0, 0.5):
            content = filled(file, Wanted(BARS, (part,), amount=amount, keep=Keep.CONTOUR))
            source = [note for note in part.plain_notes if 4 * BAR <= note.tick < 8 * BAR]
            new = rewritten(content, part)
            assert [note.tick for note in new] == [note.tick for note in source]
            assert signs(new) == signs(source)
            assert new != source


def signs(notes: list[Note]) -> list[int]:
    return [(after.pitch > before.pitch) - (after.pitch < before.pitch) for before, after in pairwise(notes)]


def test_harmony_that_is_kept_has_only_what_sounded_in_the_beat(tmp_path: Path) -> None:
    file = song(tmp_path)
    part = file.parts[2]
    new = rewritten(filled(file, Wanted(BARS, (part,), keep=Keep.HARMONY), -1), part)
    sounding = [note for other in file.parts for note in other.plain_notes]
    for note in new:
        beat = note.tick // 960 * 960
        classes = {other.pitch % 12 for other in sounding if other.tick < beat + 960 and other.end > beat}
        assert note.pitch % 12 in classes


def test_register_that_is_kept_is_left_by_no_more_than_a_third(tmp_path: Path) -> None:
    file = song(tmp_path)
    for part in file.parts:
        source = [note.pitch for note in part.plain_notes if 4 * BAR <= note.tick < 8 * BAR]
        for note in rewritten(filled(file, Wanted(BARS, (part,), keep=Keep.REGISTER), -1), part):
            assert min(source) - 4 <= note.pitch <= max(source) + 4


def test_a_key_in_the_direction_is_the_scale_that_is_written_in(tmp_path: Path) -> None:
    file = song(tmp_path)
    part = file.parts[0]
    wanted = Wanted(BARS, (part,), direction=parse("calm, E flat major"))
    new = rewritten(filled(file, wanted, -1), part)
    assert new
    assert {note.pitch % 12 for note in new} <= {3, 5, 7, 8, 10, 0, 2}


def test_bars_that_had_music_are_not_left_empty(tmp_path: Path) -> None:
    file = song(tmp_path)
    for part in file.parts:
        new = rewritten(filled(file, Wanted(BARS, (part,)), 9.0), part)
        assert {note.tick // BAR for note in new} == set(BARS)


@pytest.mark.parametrize("amount", [1.0, 0.5])
@pytest.mark.parametrize(("program", "held"), [(73, (64,)), (40, (55, 62)), (60, (48, 53))])
def test_what_others_of_a_part_hold_through_the_bars_leaves_room_for_what_is_written(
    tmp_path: Path, program: int, held: tuple[int, ...], amount: float
) -> None:
    path, long = tmp_path / "players.mid", {Note(BAR, pitch, 8 * BAR, 70) for pitch in held}
    line = {Note(tick * 960, 72 + tick % 3, 900, 80) for tick in range(40)}
    write_midi_file(path, [MidiPart("players", 0, program, tuple(sorted(long | line)))], Timeline())
    file = open_file(path)
    wanted = Wanted((4, 5), file.parts, amount=amount)
    (part,) = parts_in(parse_events(filled(file, wanted, -6.0), "a"))
    assert long <= set(part.plain_notes)
    assert {note.tick // BAR for note in set(part.plain_notes) - long - line} == {4, 5}


def test_a_key_that_nothing_ends_leaves_room_for_what_is_written(tmp_path: Path) -> None:
    strike, end = b"\x00\x90\x50\x46", b"\x60\x80\x50\x00"
    track = b"\x00\xc0\x44\x00\x90\x40\x46" + (strike + end) * 40 + b"\x00\xff\x2f\x00"
    content = b"MThd" + pack(">LHHH", 6, 0, 1, 96) + b"MTrk" + pack(">L", len(track)) + track
    file = opened(tmp_path, content)
    (part,) = parts_in(parse_events(filled(file, Wanted((4,), file.parts, amount=0.5), -6.0), "a"))
    assert len(part.notes) == len(file.parts[0].notes)


def test_notes_that_only_run_into_each_other_are_one_players_and_stay_so(tmp_path: Path) -> None:
    path = tmp_path / "bound.mid"
    notes = tuple(Note(tick * 960, 72 + tick % 3, 1100, 80) for tick in range(40))
    write_midi_file(path, [MidiPart("flute", 0, 73, notes)], Timeline())
    file = open_file(path)
    (part,) = parts_in(parse_events(filled(file, Wanted((4, 5), file.parts), -6.0), "a"))
    new = sorted(set(part.plain_notes) - set(notes))
    assert all(one.end <= other.tick for one, other in pairwise(new))


@pytest.mark.parametrize("holes", [True, False])
def test_what_does_not_fit_one_reading_is_written_in_several(tmp_path: Path, holes: bool) -> None:
    file = song(tmp_path, 40)
    model = FakeModel(context=256, end_bias=0.5)
    done: list[tuple[int, int]] = []
    answer = infill(
        file, Wanted(tuple(range(40)), file.parts), Infiller(model, holes=holes), lambda now, of: done.append((now, of))
    )
    assert done == [(now, 160) for now in range(1, 161)]
    assert answer.notes > 160
    assert sum(count > 60 for count in model.seen) > 5


def test_a_new_part_has_a_track_its_program_and_a_free_channel(tmp_path: Path) -> None:
    file = song(tmp_path)
    content = filled(file, Wanted(BARS, new=instrument_named("french horn")))
    parts = parts_in(parse_events(content, "a"))
    assert [(part.name, part.channel, part.program) for part in parts[4:]] == [("french horn 2", 4, 60)]
    assert all(4 * BAR <= note.tick < 8 * BAR for note in parts[4].plain_notes)
    whole = len(plain_events(file.path.read_bytes()))
    assert plain_events(content)[:whole] == plain_events(file.path.read_bytes())


@pytest.mark.parametrize("name", ["flute", "french horn", "tuba"])
def test_a_new_part_can_be_played_in_one_breath_after_another(tmp_path: Path, name: str) -> None:
    file = song(tmp_path, 40, 25)
    for seed in "ab":
        content = filled(file, Wanted(tuple(range(40)), new=instrument_named(name), seed=seed), -6.0)
        notes = parts_in(parse_events(content, "a"))[4].plain_notes
        assert len(notes) > 80
        assert violations_of(name, name, notes, TempoMap.constant(25).seconds_at) == []


@pytest.mark.parametrize("amount", [1.0, 0.7])
def test_what_is_rewritten_leaves_breath_to_who_plays_on_around_it(tmp_path: Path, amount: float) -> None:
    path = tmp_path / "flute.mid"
    notes = tuple(Note(tick * 960, 72 + tick % 5, 960, 80) for tick in range(10 * 4))
    write_midi_file(path, [MidiPart("flute", 0, 73, notes)], Timeline(TempoMap.constant(60)))
    file = open_file(path)
    seconds_at = TempoMap.constant(60).seconds_at
    assert len(violations_of("flute", "flute", notes, seconds_at)) == 2
    for seed in "abcd":
        wanted = Wanted((2, 5, 6), file.parts, amount=amount, seed=seed)
        (part,) = parts_in(parse_events(filled(file, wanted, -6.0), "a"))
        assert violations_of("flute", "flute", part.plain_notes, seconds_at) == []


def test_a_new_part_goes_into_the_one_track_of_a_type_0_file(tmp_path: Path) -> None:
    for seed in range(40):
        file = opened(tmp_path, random_file(Random(seed)))
        content = filled(file, Wanted(tuple(range(len(file.bars))), new=instrument_named("cello")))
        parts = parts_in(parse_events(content, "a"))
        new = [part for part in parts if part.channel not in {old.channel for old in file.parts}]
        assert [part.program for part in new] == [42]
        assert len(parse_events(content, "a").tracks) == len(file.events.tracks) + file.events.format


def test_a_seventeenth_part_has_a_port_of_its_own(tmp_path: Path) -> None:
    note = (Note(0, 60, 960, 80),)
    path = tmp_path / "a.mid"
    write_midi_file(path, [MidiPart(f"{c}", c, 0, note) for c in range(16)], Timeline())
    content = filled(open_file(path), Wanted((0,), new=instrument_named("flute")))
    assert any(event.data == b"\xff\x21\x01\x01" for event in plain_events(content))


def test_a_part_that_is_no_instrument_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    write_midi_file(path, [MidiPart("Rain", 0, 120, (Note(0, 60, 960, 80),))], Timeline())
    file = open_file(path)
    with pytest.raises(ScoreError, match="1 Rain"):
        filled(file, Wanted((0,), file.parts))


@pytest.mark.parametrize("amount", [1.0, 0.5])
def test_a_register_that_the_instrument_does_not_have_is_refused_with_its_bar(tmp_path: Path, amount: float) -> None:
    path = tmp_path / "a.mid"
    notes = tuple(Note(tick * 960, 24 + tick % 3, 960, 80) for tick in range(12))
    write_midi_file(path, [MidiPart("Piccolo", 0, 72, notes)], Timeline())
    file = open_file(path)
    with pytest.raises(ScoreError, match=r"bar 2 of 1 Piccolo.*register.*that a piccolo has"):
        filled(file, Wanted((1,), file.parts, amount=amount, keep=Keep.REGISTER))


@pytest.mark.parametrize(
    ("amount", "keep"), [(0.6, None), (0.6, Keep.HARMONY), (1.0, Keep.RHYTHM), (1.0, Keep.CONTOUR)]
)
def test_a_share_of_bars_in_which_all_the_parts_rest_is_refused_and_so_is_what_is_not_there_to_be_kept(
    tmp_path: Path, amount: float, keep: Keep | None
) -> None:
    write_midi_file(
        tmp_path / "a.mid",
        [MidiPart("Horn", 0, 60, tuple(Note(tick * 480, 60, 400, 80) for tick in (0, 1, 16, 17))),
         MidiPart("Flute", 1, 73, tuple(Note(tick * 480, 72, 400, 80) for tick in range(24)))],
        Timeline(),
    )  # fmt: skip
    file = open_file(tmp_path / "a.mid")
    horn, both = file.parts[:1], file.parts
    with pytest.raises(ScoreError, match=r"Horn: no notes in these bars"):
        filled(file, Wanted((1,), horn, amount=amount, keep=keep))
    assert filled(file, Wanted((1,), both, amount=amount, keep=keep), -1)
    assert filled(file, Wanted((0, 1), horn, amount=amount, keep=keep), -1)


def test_a_key_that_shares_nothing_with_the_harmony_that_is_kept_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    triads = tuple(Note(tick * 960, pitch, 960, 80) for tick in range(12) for pitch in (60, 64, 67))
    write_midi_file(path, [MidiPart("Piano", 0, 0, triads)], Timeline())
    file, clashing, fitting = open_file(path), parse("F sharp major"), parse("C major")
    for asked in (Wanted((1,), file.parts, keep=Keep.HARMONY), Wanted((1,), new=FLUTE, keep=Keep.HARMONY)):
        with pytest.raises(ScoreError, match=r"bar 2 of .*harmony leaves no key of F# major"):
            filled(file, replace(asked, direction=clashing))
        assert filled(file, replace(asked, direction=fitting)) != path.read_bytes()


@pytest.mark.parametrize("keep", [None, *Keep])
def test_keyswitches_of_the_map_are_no_notes_and_stay_where_they_are(tmp_path: Path, keep: Keep | None) -> None:
    sustain, staccato = Switch("key", 12), Switch("key", 13)
    articulations = ArticulationMap("mine", {"strings": {SUSTAIN: sustain, STACCATO: staccato}})
    notes = tuple(Note(tick * 480, 70 + tick % 5, 460, 80) for tick in range(8, 32))
    switches = tuple(SwitchAt(tick - 16, (sustain, staccato)[tick % 960 > 0]) for tick in range(3840, 15360, 480))
    write_midi_file(tmp_path / "a.mid", [MidiPart("Violin", 0, 40, notes, (), switches)], Timeline())
    file = open_file(tmp_path / "a.mid", articulations)
    assert file.parts[0].plain_notes == notes
    content = filled(file, Wanted((1, 2), file.parts, keep=keep), -1)
    told = [[event for event in plain_events(one) if event.data[1] in (12, 13)] for one in
            (file.path.read_bytes(), content)]  # fmt: skip
    assert told[0] == told[1]
    assert len(told[0]) >= 2 * len(switches)
    new = parts_in(parse_events(content, "a"), articulations)[0].plain_notes
    assert set(new) - set(notes)
    if keep is Keep.RHYTHM:
        assert [note.tick for note in new] == [note.tick for note in notes]


def test_a_file_without_notes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    write_midi_file(path, [], Timeline())
    with pytest.raises(ScoreError, match="no notes"):
        open_file(path)
