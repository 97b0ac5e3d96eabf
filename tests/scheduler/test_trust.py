"""Who leads, over whatever sources do. The laws are those of the module's docstring."""

from itertools import pairwise
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from hitpoint.scheduler.trust import GONE_SECONDS, STEADY_SECONDS, Sight, Source, Trust

REAPER, CODE, CLOCK, OWN = (
    Source("reaper", 2.0),
    Source("mtc", 0.2),
    Source("midi", 2.0),
    Source("builtin", has_place=False),
)
SOURCES = (REAPER, CODE, CLOCK, OWN)
NEVER = Sight(-inf, False)
STEP = 0.05


class Room:
    """Sources that are heard or not, roll or stand, looked at every STEP seconds."""

    def __init__(self, *sources: Source, leader: str = "builtin") -> None:
        self.now = 0.0
        self.trust = Trust.among(sources or SOURCES, leader, 0.0)
        self.sights = {source.name: NEVER for source in self.trust.sources}
        self.heard: dict[str, bool] = {}
        self.music = False
        self.history: list[tuple[float, str, bool]] = []

    def pass_time(self, seconds: float) -> "Room":
        for _ in range(round(seconds / STEP)):
            self.now += STEP
            for name, rolling in self.heard.items():
                self.sights[name] = Sight(self.now, rolling)
            self.trust = self.trust.look(self.sights, self.music, self.now)
            self.history.append((self.now, self.trust.leader, self.music))
        return self

    @property
    def leader(self) -> str:
        return self.trust.leader


def test_while_the_music_stands_the_most_trusted_one_that_is_there_leads_at_once() -> None:
    room = Room()
    room.heard = {"midi": False}
    assert room.pass_time(STEP).leader == "midi"
    room.heard = {"midi": False, "reaper": False}
    assert room.pass_time(STEP).leader == "reaper"
    room.heard = {"midi": False}
    assert room.pass_time(1.9).leader == "reaper"
    assert room.pass_time(0.2).leader == "midi"
    room.heard = {}
    assert room.pass_time(3.0).leader == "builtin"


def test_a_leader_that_falls_silent_gives_a_rolling_music_to_one_that_rolls_and_gets_it_back_when_it_is_steady() -> (
    None
):
    room = Room()
    room.heard, room.music = {"reaper": True, "mtc": True}, True
    room.trust = Trust.among(SOURCES, "reaper", 0.0)
    room.pass_time(3.0)
    room.heard = {"mtc": True}
    assert room.pass_time(1.9).leader == "reaper"
    assert room.pass_time(0.2).leader == "mtc"
    room.heard = {"mtc": True, "reaper": True}
    assert room.pass_time(STEADY_SECONDS - STEP).leader == "mtc"
    assert room.pass_time(3 * STEP).leader == "reaper"


def test_a_more_trusted_one_that_stands_leaves_a_rolling_music_alone() -> None:
    room = Room()
    room.heard, room.music = {"mtc": True}, True
    room.trust = Trust.among(SOURCES, "mtc", 0.0)
    room.heard["reaper"] = False
    assert room.pass_time(20.0).leader == "mtc"
    room.music = False
    assert room.pass_time(STEP).leader == "reaper"


def test_one_that_comes_and_goes_never_gets_a_rolling_music() -> None:
    room = Room()
    room.music = True
    room.trust = Trust.among(SOURCES, "mtc", 0.0)
    for turn in range(40):
        # Heard for 0.8 s, silent for longer than its limit.
        room.heard = {"mtc": True, "midi": True, "reaper": True} if turn % 4 == 0 else {"mtc": True, "midi": True}
        room.pass_time(0.8)
    assert {leader for _, leader, _ in room.history} == {"mtc"}


def test_the_built_in_host_goes_on_with_a_music_that_everybody_has_left() -> None:
    room = Room()
    room.heard, room.music = {"midi": True}, True
    room.trust = Trust.among(SOURCES, "midi", 0.0)
    room.pass_time(2.0)
    room.heard = {}
    assert room.pass_time(GONE_SECONDS - STEP).leader == "midi"
    assert room.pass_time(3 * STEP).leader == "builtin"


def test_one_that_is_always_there_is_never_taken_over_from_by_one_that_is_trusted_less() -> None:
    room = Room(Source("jack"), CODE, leader="jack")
    room.heard = {"jack": False, "mtc": True}
    assert room.pass_time(10.0).leader == "jack"


acts = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(("reaper", "mtc", "midi")), st.booleans(), max_size=3),
        st.booleans(),
        st.floats(0.05, 4.0),
    ),
    min_size=1,
    max_size=30,
)
orders = st.permutations([REAPER, CODE, CLOCK]).map(lambda order: (*order, OWN))


@given(orders, acts)
@settings(max_examples=300)
def test_whatever_sources_do_the_rules_hold(
    order: tuple[Source, ...], script: list[tuple[dict[str, bool], bool, float]]
) -> None:
    room = Room(*order)
    place = {source.name: number for number, source in enumerate(order)}
    by_name = {source.name: source for source in order}
    lost: dict[str, float] = {}
    for heard, music, seconds in script:
        room.heard, room.music = heard, music
        for _ in range(max(1, round(seconds / STEP))):
            before = room.trust
            room.pass_time(STEP)
            now, leader = room.now, room.leader
            there = [source for source in order if Trust.is_there(source, room.sights, now)]
            if not music:
                assert leader == there[0].name
                lost.clear()
                continue
            if leader == before.leader:
                assert room.trust.since == before.since
                continue
            # Only who is there and rolls takes over a rolling music, or who has no motion of its own.
            assert room.trust.since == now
            assert by_name[leader] in there
            silent = now - room.sights[before.leader].heard_at
            if leader == "builtin":
                assert silent > GONE_SECONDS
            else:
                assert room.sights[leader].rolling
                assert room.sights[leader].heard_at - room.trust.steady_since[place[leader]] >= STEADY_SECONDS
            # Who is trusted less takes over from the silent alone, and at once: it may have lost the lead just before.
            if place[leader] > place[before.leader]:
                assert silent > by_name[before.leader].silent_seconds
            else:
                assert now - lost.get(leader, -inf) >= STEADY_SECONDS, "nobody flips and flops"
            lost[before.leader] = now


@given(acts)
@settings(max_examples=100)
def test_the_same_sights_give_the_same_leader(script: list[tuple[dict[str, bool], bool, float]]) -> None:
    rooms = Room(), Room()
    for heard, music, seconds in script:
        for room in rooms:
            room.heard, room.music = heard, music
            room.pass_time(seconds)
    assert rooms[0].history == rooms[1].history
    assert all(earlier[0] < later[0] for earlier, later in pairwise(rooms[0].history))
