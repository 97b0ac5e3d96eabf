"""What is told of hits is what was written and sent, and not what was meant."""

from hitpoint.engine.landings import NEAR_TICKS, Landings
from hitpoint.engine.pages import Pages
from hitpoint.scheduler.performance import Played
from hitpoint.score.note import Note
from hitpoint.score.request import ComposedBar
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

HIT = 3840 + 211
SESSION = Session(
    Timeline(markers=(Marker(0, "1m01 tense, strings"), Marker(HIT, "HIT door"), Marker(3 * 3840, "END")))
)


def sent(*onsets: tuple[str, int], roll: int = 1) -> Played:
    return Played(roll, 0, 4 * 3840, tuple((part, Note(tick, 60, 100, 80)) for part, tick in onsets))


def written(*onsets: tuple[str, int]) -> Pages:
    pages = Pages()
    pages.keep([ComposedBar(part, tick // 3840, "", (Note(tick, 60, 100, 80),)) for part, tick in onsets])
    return pages


def told(landings: Landings, pages: Pages) -> dict[str, float | None]:
    return landings.told(SESSION, pages, 0, 16)[str(HIT)]


def test_before_it_sounds_a_hit_has_what_is_written_for_it():
    pages = written(("violin 1", HIT), ("cello", HIT))
    assert told(Landings(), pages) == {
        "tick": HIT, "planned_ticks": 0, "landed_ticks": None, "landed_ms": None, "landed_frames": None
    }  # fmt: skip
    assert told(Landings(), Pages())["planned_ticks"] is None


def test_what_sounded_late_is_told_in_ticks_milliseconds_and_frames():
    landings = Landings()
    landings.take(SESSION, sent(("violin 1", HIT + 48), ("cello", HIT + 48), ("viola", HIT - 400)))
    one = told(landings, Pages())
    # 48 ticks at 120 a minute are 25 ms.
    assert (one["landed_ticks"], one["landed_ms"], one["landed_frames"]) == (48, 25.0, 0.6)


def test_one_part_alone_is_no_strike_where_others_play():
    landings = Landings()
    landings.take(SESSION, sent(("violin 1", HIT), ("cello", HIT + 30), ("viola", HIT + 31)))
    assert told(landings, Pages())["landed_ticks"] == 30


def test_a_later_roll_over_the_same_hit_takes_the_place_of_the_first():
    landings = Landings()
    landings.take(SESSION, sent(("violin 1", HIT + 90), ("cello", HIT + 90)))
    landings.take(SESSION, sent(("violin 1", HIT), ("cello", HIT), roll=2))
    assert told(landings, Pages())["landed_ticks"] == 0


def test_what_is_far_away_is_another():
    landings = Landings()
    landings.take(SESSION, sent(("violin 1", HIT + NEAR_TICKS + 1), ("cello", HIT + NEAR_TICKS + 1)))
    assert landings.heard == 0
    assert told(landings, Pages())["landed_ticks"] is None
