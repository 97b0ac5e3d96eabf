"""The rules that the fake surface keeps: those of HOSTS.md 1.2 to 1.4."""

import struct
from itertools import pairwise

import pytest

from fakes.packets import message
from fakes.reaper_marks import Mark, Project
from fakes.reaper_osc import FakeReaperOsc
from fakes.reaper_osc_stage import LIKE_DEFAULT, PATTERN
from fakes.reaper_pattern import read_patterns
from fakes.reaper_surface import Addresses, decode, encode, pack, unpack


class Surface:
    """What leaves it, as packets and as messages."""

    def __init__(self, patterns: str | None = None, max_packet: int = 1024) -> None:
        self.packets: list[tuple[float, bytes]] = []
        text = PATTERN.read_text(encoding="utf-8") if patterns is None else patterns
        self.reaper = FakeReaperOsc(text, lambda data, at: self.packets.append((at, data)), max_packet=max_packet)
        self.reaper.start()

    def told(self, seconds: float) -> list[tuple[str, object]]:
        """Addresses and values of so long from now on."""
        self.packets.clear()
        self.reaper.advance(seconds)
        said = [decode(one) for _, data in self.packets for one in unpack(data)]
        return [(one[0], one[1][0]) for one in said if one is not None]

    def send(self, address: str, *arguments: object) -> None:
        self.reaper.receive(message(address, *arguments))


def settled(patterns: str | None = None) -> Surface:
    """One that has told all."""
    surface = Surface(patterns)
    surface.told(2.0)
    return surface


def test_everything_is_told_at_the_start_and_by_action_41743_and_nothing_twice_otherwise() -> None:
    surface = Surface()
    surface.reaper.project.cursor = 2.0
    first = surface.told(2.0)
    assert surface.told(10.0) == []
    for address, arguments in (("/action/41743", ()), ("/action", (41743,)), ("/action/str", ("41743",))):
        surface.send(address, *arguments)
        assert sorted(map(str, surface.told(2.0))) == sorted(map(str, first))
    assert ("/stop", 1.0) in first
    assert ("/tempo/str", "120") in first
    assert len([address for address, _ in first if address.startswith("/marker/")]) == 2 * 128


def test_at_the_very_beginning_the_place_is_not_told_anew() -> None:
    surface = settled()
    surface.send("/action/41743")
    assert "/time" not in dict(surface.told(2.0))


def test_empty_slots_have_no_time_and_what_shifts_is_told_where_it_differs() -> None:
    surface = settled()
    surface.reaper.edit(Mark(2, "b", 20.0))
    assert surface.told(1.0) == [
        ("/marker/1/name", "b"), ("/marker/1/number/str", "2"), ("/marker/1/time", 20.0),
    ]  # fmt: skip
    surface.reaper.edit(Mark(2, "b", 20.0), Mark(9, "b", 10.0))
    assert surface.told(1.0) == [
        ("/marker/1/number/str", "9"), ("/marker/1/time", 10.0),
        ("/marker/2/name", "b"), ("/marker/2/number/str", "2"), ("/marker/2/time", 20.0),
    ]  # fmt: skip
    surface.reaper.edit()
    assert surface.told(1.0) == [
        (f"/marker/{slot}/{what}", "") for slot in (1, 2) for what in ("name", "number/str")
    ]  # fmt: skip


def test_a_bank_holds_so_many_and_another_can_be_looked_at() -> None:
    surface = settled()
    surface.reaper.edit(*(Mark(number, "", float(number)) for number in range(1, 300)))
    told = dict(surface.told(3.0))
    assert told["/marker/128/number/str"] == "128"
    assert "/marker/129/number/str" not in told
    surface.send("/device/marker/bank/select", 3)
    assert dict(surface.told(3.0))["/marker/43/number/str"] == "299"


def test_a_region_is_told_by_its_length() -> None:
    surface = settled()
    surface.reaper.edit(Mark(1, "r", 4.0, 10.0))
    assert ("/region/1/length", 6.0) in surface.told(1.0)


@pytest.mark.parametrize("max_packet", [200, 1024, 8192])
def test_packets_are_bundles_for_now_up_to_a_size_and_one_message_goes_bare(max_packet: int) -> None:
    surface = Surface(max_packet=max_packet)
    surface.told(5.0)
    bundles = [data for _, data in surface.packets if data.startswith(b"#bundle\0")]
    assert all(data[8:16] == struct.pack(">Q", 1) and len(list(unpack(data))) > 1 for data in bundles)
    assert all(len(data) <= max_packet for data in bundles)
    surface.reaper.set_repeat(True)
    surface.told(1.0)
    assert [data for _, data in surface.packets] == [encode("/repeat", 1.0)]


def test_what_is_packed_is_unpacked_in_order() -> None:
    messages = [encode(f"/marker/{slot}/name", "静" * slot) for slot in range(1, 40)]
    assert [one for data in pack(messages, 300) for one in unpack(data)] == messages


def test_datagrams_leave_ten_milliseconds_apart() -> None:
    surface = Surface()
    surface.told(2.0)
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(surface.packets)]
    assert len(gaps) > 10
    assert min(gaps) >= 0.0099


def test_the_place_is_told_up_to_fifteen_times_a_second_while_it_moves() -> None:
    surface = settled()
    surface.reaper.play()
    times = [value for address, value in surface.told(4.0) if address == "/time"]
    assert 48 <= len(times) <= 61
    surface.reaper.stop()
    surface.told(1.0)
    assert "/time" not in dict(surface.told(2.0))


def test_paused_is_stopped_and_not_playing() -> None:
    surface = settled()
    surface.reaper.play()
    assert surface.told(0.5)[:2] == [("/stop", 0.0), ("/play", 1.0)]
    surface.reaper.pause()
    states = [one for one in surface.told(0.5) if one[0] in ("/stop", "/pause", "/play")]
    assert states == [("/stop", 1.0), ("/pause", 1.0), ("/play", 0.0)]


def test_a_press_is_a_message_without_an_argument_or_with_one() -> None:
    surface = settled()
    for wrong in (0, 0.0, 2, 0.5):
        surface.send("/play", wrong)
        assert surface.told(0.5) == []
    for right in ((), (1,), (1.0,)):
        surface.send("/play", *right)
        assert ("/play", 1.0) in surface.told(0.5)
        surface.send("/stop", *right)
        assert ("/stop", 1.0) in surface.told(0.5)


def test_what_is_set_is_not_echoed_at_its_own_address_but_at_others() -> None:
    surface = settled(LIKE_DEFAULT)
    surface.send("/tempo/raw", 168.0)
    assert surface.told(0.5) == [("/tempo", 0.5), ("/tempo/str", "168")]
    surface.send("/play", 1)
    surface.told(0.5)
    surface.send("/play", 1)
    assert ("/play", 1.0) in surface.told(0.5)


@pytest.mark.parametrize(("given", "bpm"), [(0.0, 40.0), (0.5, 168.0), (1.0, 296.0), (7.0, 296.0), (-1.0, 40.0)])
def test_tempo_from_0_to_1_is_40_to_296(given: float, bpm: float) -> None:
    surface = settled(LIKE_DEFAULT)
    surface.send("/tempo", given)
    surface.told(0.5)
    assert surface.reaper.project.bpm_at(0.0) == bpm


def test_a_message_with_any_other_type_is_dropped_whole() -> None:
    surface = settled()
    for wrong in (True, False, None, 2**40, b"x", [1]):
        surface.send("/play", wrong)
        surface.send("/play", 1, wrong)
    assert surface.told(1.0) == []
    assert len(surface.reaper.dropped) == 12
    surface.reaper.receive(b"/play\0\0\0")
    assert ("/play", 1.0) in surface.told(0.5)


def test_a_message_that_is_too_long_takes_what_waits_behind_it_along() -> None:
    surface = settled()
    long, short = message("/marker_id/1/name", "x" * 1100), message("/play", 1)
    sized = struct.pack(">i", len(long)) + long + struct.pack(">i", len(short)) + short
    surface.reaper.receive(b"#bundle\0" + struct.pack(">Q", 1) + sized)
    assert surface.told(1.0) == []
    assert surface.reaper.dropped == [long]
    surface.reaper.receive(short)
    assert ("/play", 1.0) in surface.told(0.5)


def test_bundles_in_bundles_are_heard_whatever_their_time() -> None:
    surface = settled()
    inner = b"#bundle\0" + struct.pack(">Qi", 2**63, len(encode("/play", 1.0))) + encode("/play", 1.0)
    surface.reaper.receive(b"#bundle\0" + struct.pack(">Qi", 2**62, len(inner)) + inner)
    assert ("/play", 1.0) in surface.told(0.5)


def test_a_marker_id_that_is_not_there_is_made() -> None:
    surface = settled()
    surface.send("/marker_id/7/name", "made")
    surface.send("/marker_id/7/time", 3.0)
    assert ("/marker/1/time", 3.0) in surface.told(1.0)
    assert [(one.number, one.name, one.time) for one in surface.reaper.project.marks] == [(7, "made", 3.0)]


def test_wildcards_take_numbers_names_of_commands_and_lists_of_them() -> None:
    addresses = Addresses(read_patterns(PATTERN.read_text(encoding="utf-8")))
    found = [addresses.match(f"/action/{one}") for one in ("41743", "_RS12ab", "1,2,3", "x", "", "1/2")]
    assert [None if one is None else one.slots for one in found] == [
        [("41743",)], [("_RS12ab",)], [("1",), ("2",), ("3",)], None, None, None,
    ]  # fmt: skip


def test_another_project_tells_all_of_itself() -> None:
    surface = settled()
    surface.reaper.load(Project([Mark(1, "x", 1.0)], [(0.0, 90.0)], cursor=5.0))
    told = dict(surface.told(2.0))
    assert (told["/tempo/raw"], told["/marker/1/name"], told["/time"], told["/stop"]) == (90.0, "x", 5.0, 1.0)


def test_banks_of_reapers_own_patterns_are_empty_until_they_are_given_a_size() -> None:
    surface = Surface(LIKE_DEFAULT)
    surface.reaper.edit(Mark(1, "x", 1.0))
    assert not [address for address, _ in surface.told(2.0) if address.startswith("/marker")]
    surface.send("/device/marker/count", 4)
    assert len([address for address, _ in surface.told(2.0) if address.startswith("/marker")]) == 3 + 3 * 2


def test_one_that_has_quit_neither_hears_nor_tells() -> None:
    surface = settled()
    surface.reaper.play()
    surface.reaper.quit()
    surface.send("/action/41743")
    assert surface.told(3.0) == []
