"""Time code is read as it was sent, whatever happens to its pieces on the way."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.timecode_master import CODES, TimecodeMaster, full_frame_of, pieces_of
from hitpoint.hosts.midi_timecode import LABELS, FullFrame, QuarterFrame, TimecodeReader, TimecodeStart
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

RATES = pytest.mark.parametrize("name", list(CODES))


def read(*messages: bytes) -> list[object]:
    reader = TimecodeReader()
    return [message for data in messages for message in reader.read(data)]


@RATES
def test_a_day_has_as_many_frames_as_it_has_labels(name: str) -> None:
    rate = FrameRate.named(name)
    labels = LABELS[CODES[name]]
    assert labels.a_day == frame_at(label_at(labels.a_day - 1, rate), rate) + 1


@RATES
def test_a_label_that_is_sent_is_the_one_that_is_read(name: str) -> None:
    rate = FrameRate.named(name)
    labels = LABELS[CODES[name]]
    reader = TimecodeReader()
    # Where labels are left out, on both sides of each minute, and a sample of the others.
    minutes = (frame_at(f"{number // 60:02}:{number % 60:02}:59:10", rate) for number in range(1440))
    frames = {frame + after for frame in minutes for after in (*range(8, 24), 50) if frame + after < labels.a_day}
    for frame in sorted(frames | set(range(0, labels.a_day, 997))):
        assert list(reader.read(full_frame_of(frame, rate))) == [FullFrame(4 * frame, labels)]


@pytest.mark.slow
@RATES
def test_every_label_of_a_day_that_is_sent_is_the_one_that_is_read(name: str) -> None:
    rate = FrameRate.named(name)
    labels, reader = LABELS[CODES[name]], TimecodeReader()
    for frame in range(labels.a_day):
        assert list(reader.read(full_frame_of(frame, rate))) == [FullFrame(4 * frame, labels)]


@RATES
def test_a_quarter_frame_says_where_the_master_is_when_it_comes(name: str) -> None:
    rate = FrameRate.named(name)
    labels = LABELS[CODES[name]]
    first = frame_at("00:59:58:10", rate)
    first -= first % 2
    heard = read(*(piece for frame in range(first, first + 200, 2) for piece in pieces_of(frame, rate)))
    # Eight pieces make the first label known; it was right seven quarter frames before.
    assert heard[:7] == [QuarterFrame()] * 7
    assert heard[7] == QuarterFrame(4 * first + 7, labels, anew=True)
    assert heard[8:] == [QuarterFrame(4 * first + number, labels) for number in range(8, len(heard))]


@RATES
def test_midnight_is_no_jump(name: str) -> None:
    rate = FrameRate.named(name)
    labels = LABELS[CODES[name]]
    start = TimecodeStart("23:59:50:00", rate)
    frames = [*range(labels.a_day - 4, labels.a_day, 2), 0, 2]
    heard = read(*(piece for frame in frames for piece in pieces_of(frame, rate)))
    known = [message for message in heard if isinstance(message, QuarterFrame) and message.quarters is not None]
    assert [message.anew for message in known] == [True, *(False for _ in known[1:])]
    seconds = [start.seconds(message.quarters or 0, labels) for message in known]
    quarter = 0.25 / float(rate.frames_per_second)
    assert seconds == pytest.approx([seconds[0] + number * quarter for number in range(len(known))])


@given(st.sampled_from(list(CODES)), st.integers(0, 2_000_000), st.integers(0, 7), st.data())
def test_what_is_known_after_losses_is_never_wrong(name: str, start: int, begins: int, data: st.DataObject) -> None:
    """Up to two in a row may be lost, from wherever it begins."""
    rate = FrameRate.named(name)
    labels, reader = LABELS[CODES[name]], TimecodeReader()
    first = start // 2 * 2 % (labels.a_day - 100)
    pieces = [piece for frame in range(first, first + 40, 2) for piece in pieces_of(frame, rate)]
    number = begins
    known = 0
    while number < len(pieces):
        for message in reader.read(pieces[number]):
            assert isinstance(message, QuarterFrame)
            assert not message.backwards
            if message.quarters is not None:
                known += 1
                assert message.quarters == 4 * first + number
        number += data.draw(st.sampled_from((1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3))) if number > 30 else 1
    assert known > 20


@given(st.sampled_from(list(CODES)), st.integers(0, 1000))
def test_doubled_and_swapped_pieces_do_not_move_the_count(name: str, seed: int) -> None:
    rate, random = FrameRate.named(name), Random(seed)
    labels, reader = LABELS[CODES[name]], TimecodeReader()
    pieces = [(4 * 86400 + n, p) for n, p in enumerate(x for f in range(86400, 86500, 2) for x in pieces_of(f, rate))]
    sent = pieces[:16]
    place = 16
    while place < len(pieces) - 1:
        action = random.choice(("plain",) * 20 + ("double", "swap"))
        if action == "swap":
            sent += [pieces[place + 1], pieces[place]]
            place += 2
            continue
        sent += [pieces[place]] * (2 if action == "double" else 1)
        place += 1
    for number, piece in sent:
        for message in reader.read(piece):
            assert isinstance(message, QuarterFrame)
            assert not message.backwards
            assert message.quarters in (None, number)
            assert message.labels in (None, labels)


def test_a_jump_is_read_when_its_first_label_is_whole() -> None:
    rate = FrameRate.named("25")
    here, there = list(pieces_of(1000, rate)), list(pieces_of(5000, rate))
    heard = read(*here, *list(pieces_of(1002, rate))[:5], *there)
    assert heard[-1] == QuarterFrame(4 * 5000 + 7, LABELS[1], anew=True)


def test_a_master_that_runs_backwards_is_nowhere() -> None:
    rate = FrameRate.named("25")
    forward = [piece for frame in range(1000, 1010, 2) for piece in pieces_of(frame, rate)]
    heard = read(*forward, *reversed(forward))
    back = heard[len(forward) + 3 :]
    assert all(isinstance(message, QuarterFrame) and message.quarters is None for message in back)
    assert sum(isinstance(message, QuarterFrame) and message.backwards for message in back) > len(back) // 2


def test_a_master_that_turns_forward_again_is_found_within_two_labels() -> None:
    rate = FrameRate.named("25")
    forward = [piece for frame in range(1000, 1010, 2) for piece in pieces_of(frame, rate)]
    for turned in range(4, 30):
        again = forward[len(forward) - turned :]
        again += [piece for frame in range(1010, 1020, 2) for piece in pieces_of(frame, rate)]
        heard = read(*forward, *list(reversed(forward))[:turned], *again)[len(forward) + turned :]
        numbers = range(4 * 1010 - turned, 4 * 1010 - turned + len(heard))
        wrong = [
            message
            for message, number in zip(heard, numbers, strict=True)
            if isinstance(message, QuarterFrame) and message.quarters not in (None, number)
        ]
        assert wrong == []
        assert any(isinstance(message, QuarterFrame) and message.quarters is not None for message in heard[:18])


def test_real_time_bytes_inside_a_full_frame_are_passed_over() -> None:
    data = full_frame_of(123_456, FrameRate.named("30"))
    assert read(data[:3] + b"\xf8" + data[3:7], b"\xfe" + data[7:]) == [FullFrame(4 * 123_456, LABELS[3])]


@given(st.lists(st.binary(max_size=12), max_size=60))
def test_whatever_bytes_come_it_never_raises_and_says_only_what_can_be(script: list[bytes]) -> None:
    reader = TimecodeReader()
    for data in script:
        for message in reader.read(data):
            if message.quarters is not None:
                assert message.labels is not None
                assert 0 <= message.quarters < 4 * message.labels.a_day


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 15)), max_size=200))
def test_whatever_pieces_come_it_never_raises_and_says_only_what_can_be(script: list[tuple[int, int]]) -> None:
    test = TimecodeReader()
    for piece, nibble in script:
        for message in test.read(bytes((0xF1, piece << 4 | nibble))):
            if message.quarters is not None:
                assert message.labels is not None
                assert 0 <= message.quarters < 4 * message.labels.a_day


def test_the_pictures_rate_tells_what_time_code_does_not() -> None:
    for picture, code, name in (("23.976", 0, "23.976"), ("24", 0, "24"), ("25", 0, "24"), ("29.97", 3, "29.97")):
        assert LABELS[code].frame_rate(FrameRate.named(picture)).name == name
    assert LABELS[3].frame_rate(FrameRate.named("29.97df")).name == "30"
    assert LABELS[2].frame_rate(FrameRate.named("29.97")).name == "29.97df"


@RATES
def test_the_projects_start_is_its_second_nought(name: str) -> None:
    rate = FrameRate.named(name)
    labels = LABELS[CODES[name]]
    start = TimecodeStart("10:00:00:00", rate)
    frame = frame_at("10:00:00:00", rate)
    assert start.seconds(4 * frame, labels) == 0.0
    for seconds in (-3600.0, -0.25, 0.5, 7200.0):
        quarters = 4 * frame + round(4 * rate.frames_in(seconds))
        expected = (quarters - 4 * frame) / (4 * float(rate.frames_per_second))
        assert start.seconds(quarters, labels) == pytest.approx(expected, abs=1e-9)


def test_a_start_that_a_rate_does_not_have_is_the_nearest_that_it_has() -> None:
    picture = FrameRate.named("24")
    drop = LABELS[2]
    first = frame_at("01:01:00;02", FrameRate.named("29.97df"))
    assert TimecodeStart("01:01:00:00", picture).seconds(4 * first, drop) == 0.0
    assert TimecodeStart("01:00:00:29", picture).seconds(4 * (86400 + 23), LABELS[0]) == 0.0


def test_the_fake_master_sends_what_is_read_again() -> None:
    master = TimecodeMaster("29.97df", start="00:59:59:20")
    master.play(10.0)
    start = TimecodeStart("00:59:59:20", master.rate)
    reader = TimecodeReader()
    off = [
        start.seconds(message.quarters, message.labels) - (master.seconds_at(heard.at) or 0.0)
        for heard in master.messages()
        for message in reader.read(heard.data)
        if isinstance(message, QuarterFrame) and message.quarters is not None and message.labels is not None
    ]
    assert len(off) > 1150
    assert max(map(abs, off)) < 1e-9
