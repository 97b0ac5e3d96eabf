"""Random lists of markers, from a seed: any script, any colour, every kind, crowded frames."""

from random import Random

from hitpoint.hosts.marker_files.colours import RESOLVE
from hitpoint.hosts.marker_files.marker_list import CUE, HIT, KINDS, ListedMarker, MarkerList, in_order
from hitpoint.timeline.timecode import frame_at
from hitpoint.timeline.units import FrameRate

RATES = ("23.976", "24", "25", "29.97", "29.97df", "30")
_WORDS = (
    "door", "slams", "Ünder", "göz", "静か", "ночь", "שקט", "🎬", "a|b", 'say "no"', "one, two", "RED", "12", "tense",
    "#5", "* LOC:", "|M:", "{x}", "72bpm", "null", "~", "- a", "it's", "\\n", "100%", "é\u0301", "مشهد",
    "FCM:", "TITLE:",
)  # fmt: skip


def random_list(seed: int) -> MarkerList:
    """A list of up to 12 markers; some of one frame, some overlapping."""
    random = Random(seed)
    rate = FrameRate.named(random.choice(RATES))
    day = 24 * frame_at("01:00:00:00", rate)
    start = random.randrange(day - 20_000) if random.random() < 0.8 else 0
    markers, frame = [], start
    for _ in range(random.randint(1, 12)):
        frame += random.choice((0, 0, 1, 2, random.randrange(1_500)))
        markers.append(_marker(random, frame))
    return MarkerList(in_order(markers), rate, random.choice(("", _words(random))))


def _marker(random: Random, frame: int) -> ListedMarker:
    kind = random.choice(KINDS)
    number = random.choice(("", "", f"{random.randint(1, 9)}m{random.randint(1, 99):02} "))
    detail = ""
    if random.random() < 0.3:
        detail = {CUE: '{motif: "door"}', HIT: '{weight: "2", window: ["1", "2"], locked: "true"}'}.get(kind, "")
    return ListedMarker(
        frame,
        (number + _words(random)).strip(),
        random.choice((0, 0, 1, 2, random.randrange(1_000))),
        random.choice(("", random.choice(RESOLVE), "magenta", f"#{random.randrange(2**24):06x}")),
        _words(random) if random.random() < 0.4 else "",
        kind,
        detail,
    )


def _words(random: Random) -> str:
    return " ".join(random.choices(_WORDS, k=random.randint(0, 4)))
