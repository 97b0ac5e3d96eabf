"""What any box does that follows a MIDI clock: it counts pulses from where it was told to go on. Source: MIDI 1.0."""

from dataclasses import dataclass, field


@dataclass
class ClockReceiver:
    """Fed with whole messages, in order. Complains of what no master may send."""

    rolls: bool = False
    place: int | None = None
    """The pulse it is at; None from a start or continue until the first one, and before it was ever told a place."""
    awaited: int = 0
    """The pulse that the next one will be."""
    at: float = float("-inf")
    complaints: list[str] = field(default_factory=list)

    def hear(self, at: float, data: bytes) -> None:
        """A message that comes at second `at`."""
        if at < self.at:
            self.complaints.append(f"{data.hex()} at {at}, after something at {self.at}")
        self.at = at
        match data[0]:
            case 0xF8 if not self.rolls:
                self.complaints.append(f"a pulse at {at}, while it stands")
            case 0xF8:
                self.place, self.awaited = self.awaited, self.awaited + 1
            case 0xFA | 0xFB if self.rolls:
                self.complaints.append(f"{data.hex()} at {at}, while it rolls")
            case 0xFA:
                self.rolls, self.place, self.awaited = True, None, 0
            case 0xFB:
                self.rolls, self.place = True, None
            case 0xFC if not self.rolls:
                self.complaints.append(f"a stop at {at}, while it stands")
            case 0xFC:
                self.rolls = False
            case 0xF2 if self.rolls or len(data) != 3 or max(data[1:]) > 127:
                self.complaints.append(f"a song position at {at}, while it rolls, or a wrong one: {data.hex()}")
            case 0xF2:
                self.awaited = 6 * (data[1] + 128 * data[2])
            case _:
                self.complaints.append(f"{data.hex()} at {at} is no clock's")
