from hitpoint.inputs.packet_budget import (
    BURST_SECONDS,
    MOST_SENDERS,
    SENDER_BURST_SECONDS,
    SENDER_SHARE,
    SHARE,
    PacketBudget,
)

FADER, FLOOD = ("127.0.0.1", 1), ("127.0.0.1", 2)
COST = 0.0002


def read_flood(budget: PacketBudget, since: float, until: float) -> float:
    """Seconds spent on a flood of packets, one every 50 microseconds; what is left unread costs nothing here."""
    now, spent = since, 0.0
    while now < until:
        if budget.admits(FLOOD, now):
            spent, now = spent + COST, now + COST
            budget.charge(FLOOD, COST, now)
        now += 0.00005
    return spent


def test_a_sender_has_its_burst_and_then_its_share() -> None:
    spent = read_flood(PacketBudget(), 5.0, 65.0)
    assert SENDER_SHARE <= spent / 60.0 <= SENDER_SHARE + (SENDER_BURST_SECONDS + COST) / 60.0 + 1e-9


def test_a_flood_takes_nothing_from_another_sender() -> None:
    budget = PacketBudget()
    read_flood(budget, 0.0, 2.0)
    for place in range(1000):
        now = 2.0 + place / 100
        assert budget.admits(FADER, now)
        budget.charge(FADER, COST, now)


def test_a_crowd_of_senders_takes_no_more_memory() -> None:
    budget = PacketBudget()
    for port in range(10_000):
        assert budget.admits(("127.0.0.1", port), port / 1000)
        budget.charge(("127.0.0.1", port), COST, port / 1000)
    assert len(budget._senders) == MOST_SENDERS


def test_packets_have_their_share_of_the_time_and_no_more() -> None:
    budget, now, busy = PacketBudget(), 0.0, 0.0
    while now < 60.0:
        now, busy = now + 0.0005, busy + 0.0005
        now += budget.rest(0.0005, now)
    assert busy <= SHARE * now + BURST_SECONDS + 0.001


def test_what_comes_now_and_then_never_waits() -> None:
    budget = PacketBudget()
    assert all(budget.rest(0.001, place / 100) == 0.0 for place in range(1, 1000))
