"""Who plays a track: flutes of which one holds while another moves are two, though the file has one part of them."""

from collections.abc import Collection, Iterable
from itertools import groupby

from hitpoint.score.note import Note
from hitpoint.score.stem import Instrument
from hitpoint.score.stops import fingers_hold

BOUND_SHARE = 0.5
"""Share of a note for which the one before may sound on where both are one player's, played bound. Our choice."""


def of_other_players(instrument: Instrument, notes: Iterable[Note], gone: Collection[Note]) -> frozenset[Note]:
    """Those of a part's notes that stay, and that leave their player no room for what is written anew.

    One that goes began while they sounded, and nobody plays all of that alone on the `instrument`: so another player
    holds them, or nothing ever ends them. notes: all of the part, in order of tick.
    """
    others: set[Note] = set()
    sounding: list[Note] = []
    for tick, group in groupby(notes, key=lambda note: note.tick):
        starting = list(group)
        sounding = [note for note in sounding if note.end > tick]
        for leaving in (note for note in starting if note in gone):
            bound = tick + leaving.duration * BOUND_SHARE
            held = {note for note in sounding if note.end > bound and note not in gone}
            if held and not _one_plays(instrument, {note.pitch for note in (*held, *starting)}):
                others |= held
        sounding += starting
    return frozenset(others)


def _one_plays(instrument: Instrument, keys: Collection[int]) -> bool:
    return len(keys) <= instrument.polyphony and fingers_hold(instrument, keys)
