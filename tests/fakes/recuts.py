"""Random pictures and recuts of them, whose truth is known: each frame is an object of its own, followed by hand.

Nothing here knows how `recut` or `conform` find out.
"""

from dataclasses import dataclass, field
from random import Random

from hitpoint.hosts.conform import CueState
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

RATES = ("23.976", "24", "25", "29.97", "29.97df", "30")


class Frame:
    """One frame of picture: which frame of which source it shows. Two shots of the same source have other objects."""

    __slots__ = ("clip", "reel", "source")

    def __init__(self, reel: str, clip: str, source: int) -> None:
        self.reel, self.clip, self.source = reel, clip, source


Shot = list[Frame]
"""Empty clip and reel: black."""


@dataclass
class Recut:
    """A picture, its sheet, and its recut."""

    random: Random
    rate: FrameRate
    start: int
    old: list[Shot]
    cues: list[tuple[int, int, list[int]]] = field(default_factory=list)
    """Start, end and hits, frames of the old picture."""
    new: list[Shot] = field(default_factory=list)
    repeats: bool = False
    """Some source stands twice. Then some pairs of edits cannot be told from others, and are not made."""
    done: list[str] = field(default_factory=list)
    """What was done to it."""


def random_recut(seed: int) -> Recut:
    """A picture of 8 to 30 shots, 1 to 5 cues, and 1 to 4 things done to it."""
    random = Random(seed)
    rate = FrameRate.named(random.choice(RATES))
    recut = Recut(random, rate, frame_at("01:00:00:00", rate), [])
    for number in range(random.randint(8, 30)):
        recut.old.append(_new_shot(random, number))
        if number > 3 and random.random() < 0.02:
            # The same frames of a source again, elsewhere.
            recut.repeats = True
            recut.old.append([Frame(one.reel, one.clip, one.source) for one in random.choice(recut.old[:-2])])
    _spot(recut)
    recut.new = list(recut.old)
    for _ in range(random.randint(1, 4)):
        what = random.choice((_insert, _delete, _trim, _version, *(() if recut.repeats else (_swap_inside, _move_cue))))
        if what(recut):
            recut.done.append(what.__name__)
    return recut


def _new_shot(random: Random, number: int, black: bool = True) -> Shot:
    length, first = random.randint(5, 200), random.randrange(80_000)
    if black and random.random() < 0.05:
        return [Frame("", "", 0) for _ in range(length)]
    reel = random.choice(("AX", f"A{number:03}C{number:03}", f"VFX_{number:03}_v01"))
    return [Frame(reel, f"shot_{number:03}_v01.mov", first + place) for place in range(length)]


def _spot(recut: Recut) -> None:
    random, length = recut.random, sum(map(len, recut.old))
    place = random.randrange(length // 4)
    while place < length - 20 and len(recut.cues) < 5:
        end = min(length, place + random.randint(10, 700))
        hits = sorted(random.sample(range(place, min(end + 1, length)), min(random.randint(0, 6), end - place)))
        recut.cues.append((place, end, hits))
        place = end + random.choice((0, 1, random.randrange(400)))


def _cue_of(recut: Recut) -> dict[int, int]:
    """Which cue a frame of the old picture belongs to, by the object's id."""
    frames = [frame for shot in recut.old for frame in shot]
    return {id(frame): cue for cue, (start, end, _) in enumerate(recut.cues) for frame in frames[start:end]}


def _owner(cue_of: dict[int, int], frame: Frame) -> int:
    """The cue of a frame, of any version; -1 for none."""
    return cue_of.get(id(_root(frame)), -1)


def _insert(recut: Recut) -> bool:
    shot = _new_shot(recut.random, 500 + len(recut.done), black=False)
    place = recut.random.randrange(len(recut.new) + 1)
    if (
        recut.random.random() < 0.4
        and place < len(recut.new)
        and len(recut.new[place]) > 2
        and recut.new[place][0].clip
    ):
        # In the middle of a shot, as when a reaction is cut in.
        whole = recut.new[place]
        middle = recut.random.randrange(1, len(whole))
        recut.new[place : place + 1] = [whole[:middle], shot, whole[middle:]]
    else:
        recut.new.insert(place, shot)
    return True


def _delete(recut: Recut) -> bool:
    count = 1 if recut.repeats else recut.random.choice((1, 1, 2, 5))
    if len(recut.new) < count + 3 or (recut.repeats and "_delete" in recut.done):
        return False
    place = recut.random.randrange(len(recut.new) - count)
    if any(not shot[0].clip for shot in recut.new[max(0, place - 1) : place + count + 1]):
        # What black stood beside is all that tells one black from another.
        return False
    del recut.new[place : place + count]
    return True


def _trim(recut: Recut) -> bool:
    place = recut.random.randrange(len(recut.new))
    shot = recut.new[place]
    if len(shot) < 4 or not shot[0].clip:
        return False
    cut = recut.random.randrange(1, len(shot) - 1)
    recut.new[place] = shot[cut:] if recut.random.random() < 0.5 else shot[:-cut]
    return True


def _swap_inside(recut: Recut) -> bool:
    """Two shots of one cue, side by side, change places."""
    cue_of = _cue_of(recut)
    places = [
        place
        for place in range(len(recut.new) - 1)
        if len({cue_of.get(id(_root(frame)), -1) for shot in recut.new[place : place + 2] for frame in shot}) == 1
        and cue_of.get(id(_root(recut.new[place][0])), -1) >= 0
        and all(frame.clip for shot in recut.new[place : place + 2] for frame in shot)
    ]
    if not places:
        return False
    place = recut.random.choice(places)
    recut.new[place : place + 2] = recut.new[place : place + 2][::-1]
    return True


def _move_cue(recut: Recut) -> bool:
    """All of a cue's picture goes to another place, between shots that belong to no cue or to two."""
    cue_of = _cue_of(recut)
    cue = recut.random.randrange(len(recut.cues))
    split: list[Shot] = []
    for shot in recut.new:
        for frame in shot:
            if frame is not shot[0] and _owner(cue_of, frame) == _owner(cue_of, split[-1][-1]):
                split[-1].append(frame)
            else:
                split.append([frame])
    inside = [place for place, shot in enumerate(split) if _owner(cue_of, shot[0]) == cue]
    if not inside or any(not frame.clip for shot in split[inside[0] : inside[-1] + 1] for frame in shot):
        return False
    scene = split[inside[0] : inside[-1] + 1]
    rest = split[: inside[0]] + split[inside[-1] + 1 :]
    free = [place for place in range(1, len(rest)) if rest[place - 1][-1].clip and rest[place][0].clip]
    # A cue whose first or last shot went elsewhere would be two: that is another test.
    owners = [_owner(cue_of, shot[0]) for shot in rest]
    free = [place for place in free if not set(owners[:place]) & set(owners[place:]) - {-1}]
    if not free:
        return False
    place = recut.random.choice(free)
    recut.new = rest[:place] + scene + rest[place:]
    return True


def _version(recut: Recut) -> bool:
    """An effects shot comes in its next version."""
    place = recut.random.randrange(len(recut.new))
    recut.new[place] = [_Newer(frame) for frame in recut.new[place]]
    return bool(recut.new[place][0].clip)


class _Newer(Frame):
    """The same frame in its next version; `of` is the one it was."""

    __slots__ = ("of",)

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame.reel.replace("_v01", "_v02"), frame.clip.replace("_v01", "_v02"), frame.source)
        self.of = frame


def _root(frame: Frame) -> Frame:
    while isinstance(frame, _Newer):
        frame = frame.of
    return frame


def edl_of(shots: list[Shot], start: int, rate: FrameRate, title: str) -> str:
    """The picture as a CMX 3600 EDL: an event for each run of frames of one source."""
    lines = [f"TITLE: {title}", f"FCM: {'DROP FRAME' if rate.drop_frame else 'NON-DROP FRAME'}", ""]
    place, number = start, 0
    for shot in shots:
        for run in _runs(shot):
            number += 1
            first = run[0]
            source = f"{label_at(first.source, rate)} {label_at(first.source + len(run), rate)}"
            record = f"{label_at(place, rate)} {label_at(place + len(run), rate)}"
            lines.append(f"{number:03}  {first.reel or 'BL':12} V     C        {source} {record}")
            if first.clip:
                lines.append(f"* FROM CLIP NAME: {first.clip}")
            place += len(run)
    return "\n".join(lines) + "\n"


def _runs(shot: Shot) -> list[Shot]:
    runs: list[Shot] = []
    for frame in shot:
        last = runs[-1][-1] if runs else None
        goes_on = last is not None and (
            (not frame.clip and not last.clip)
            or (frame.clip, frame.reel, frame.source) == (last.clip, last.reel, last.source + 1)
        )
        if goes_on:
            runs[-1].append(frame)
        else:
            runs.append([frame])
    return runs


@dataclass(frozen=True)
class Truth:
    """What became of a cue."""

    state: CueState
    start: int
    end: int
    hits: tuple[int | None, ...]


def truth_of(recut: Recut) -> list[Truth]:
    """Frame by frame: a cue is all of its frames that are still there, first to last."""
    frames = [frame for shot in recut.old for frame in shot]
    there = {id(_root(frame)): place for place, frame in enumerate(frame for shot in recut.new for frame in shot)}
    went = [there.get(id(frame)) for frame in frames]
    found = []
    for start, end, hits in recut.cues:
        kept = [place for place in went[start:end] if place is not None]
        if not kept:
            found.append(Truth(CueState.CUT, 0, 0, (None,) * len(hits)))
            continue
        first, last = min(kept), max(kept) + 1
        shifts = {place - start - index for index, place in enumerate(went[start:end]) if place is not None}
        if shifts == {first - start} == {last - end}:
            state = CueState.MOVED if first - start else CueState.UNCHANGED
        else:
            state = CueState.STRETCHED
        at_end = last if went[end - 1] == last - 1 or (end < len(went) and went[end] == last) else None
        moved = tuple(went[hit] if hit < end else at_end for hit in hits)
        found.append(Truth(state, recut.start + first, recut.start + last, tuple(
            None if hit is None else recut.start + hit for hit in moved
        )))  # fmt: skip
    return found


def sheet_of(recut: Recut) -> str:
    """The cues as a sheet, each with a curve through its hits."""
    lines = ["title: Reel", f'frame_rate: "{recut.rate.name}"', "picture: v1", "cues:"]
    for number, (start, end, hits) in enumerate(recut.cues, 1):
        span = [label_at(recut.start + frame, recut.rate) for frame in (start, end)]
        lines.append(f'  - {{number: 1m{number:02}, start: "{span[0]}", end: "{span[1]}", prompt: calm, hits: [')
        for hit in hits:
            lines.append(f'      {{at: "{label_at(recut.start + hit, recut.rate)}", name: hit {hit}, weight: 2}},')
        points = (f'{{at: "{label_at(recut.start + hit, recut.rate)}", value: 0.5}}' for hit in hits)
        lines.append(f"    ], curves: {{tension: [{', '.join(points)}]}}}}" if hits else "    ]}")
    return "\n".join(lines) + "\n"
