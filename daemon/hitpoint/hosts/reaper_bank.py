"""The markers, or the regions, that REAPER's control surface tells slot by slot, in the order of the timeline.

A slot is told as name, number and time (a region's length, too), and only what has changed in it. One marker more at
the beginning changes every slot after it. An empty slot is told by an empty number; its time is not, and what was told
of it before still holds when a marker comes there again with the same. Source: REAPER SDK, csurf_osc.cpp,
SetMarkerBankChange.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

BANK_SLOTS = 128
"""So many markers, and so many regions, are told at most. More would hold up the positions that wait behind them: a
whole bank of both takes 0.3 s at 10 ms a datagram. Our choice; Hitpoint.ReaperOSC says the same."""
LARGEST_SLOT = 1024
"""Of pattern files with larger banks; what lies beyond is passed over. Our choice."""


class Told(NamedTuple):
    """A marker or region as a slot has it."""

    number: str
    """Decimal digits, as people see them."""
    name: str
    seconds: float
    length: float
    """Seconds; 0 for markers."""


@dataclass(slots=True)
class _Slot:
    name: str | None = None
    number: str | None = None
    """Empty where the slot is."""
    time: float | None = None
    length: float | None = None

    def told(self, has_length: bool) -> Told | None:
        """None while the slot is empty, or something of it was never heard."""
        if not self.number or self.time is None or (has_length and self.length is None):
            return None
        return Told(self.number, self.name or "", self.time, self.length or 0.0)


class SlotBank:
    """One bank. Wild values are the caller's to keep away."""

    def __init__(self, has_length: bool) -> None:
        """has_length: True for regions."""
        self._has_length = has_length
        self._slots: dict[int, _Slot] = {}

    def take_text(self, slot: int, is_name: bool, text: str) -> None:
        """A slot's name or number. slot: from 1."""
        if slot > LARGEST_SLOT:
            return
        if is_name:
            self._at(slot).name = text
        else:
            self._at(slot).number = text

    def take_seconds(self, slot: int, is_length: bool, seconds: float) -> None:
        """A slot's length or time."""
        if slot > LARGEST_SLOT:
            return
        if is_length:
            self._at(slot).length = seconds
        else:
            self._at(slot).time = seconds

    def all(self) -> Iterator[Told]:
        """What is in the slots, in their order."""
        for _, slot in sorted(self._slots.items()):
            told = slot.told(self._has_length)
            if told is not None:
                yield told

    @property
    def is_heard(self) -> bool:
        """True once any slot was told."""
        return bool(self._slots)

    @property
    def is_full(self) -> bool:
        """True when no slot is empty: there may be more that is not told."""
        return bool(self._slots) and all(slot.number != "" for slot in self._slots.values())

    @property
    def makes_sense(self) -> bool:
        """False when something told was surely not heard: a slot is half known, left out or empty between others, or
        times fall, or a number is there twice. True does not say that all was heard."""
        slots = sorted(self._slots.items())
        if [number for number, _ in slots] != list(range(1, len(slots) + 1)):
            return False
        used = [slot.number != "" for _, slot in slots]
        if any(later and not earlier for earlier, later in pairwise(used)):
            return False
        told = [slot.told(self._has_length) for _, slot in slots[: sum(used)]]
        whole = [one for one in told if one is not None]
        rises = all(here.seconds <= there.seconds for here, there in pairwise(whole))
        return len(whole) == len(told) and rises and len({one.number for one in whole}) == len(whole)

    def _at(self, slot: int) -> _Slot:
        return self._slots.setdefault(slot, _Slot())
