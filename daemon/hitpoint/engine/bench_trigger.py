"""How soon a hand on a surface is answered, by a whole daemon with its own model at work.

Another process moves `intensity` over OSC and hears the notes and controllers that come of it, over OSC too: from
packet to packet, with nothing of ours between but the daemon. Then it asks for another answer at the next beat.
"""

import asyncio
from dataclasses import replace
from multiprocessing.connection import Connection
from random import Random
from time import monotonic
from typing import Any

from hitpoint.config.settings import Settings
from hitpoint.engine.bench_children import child
from hitpoint.engine.control import Control
from hitpoint.engine.control_settings import ControlSettings
from hitpoint.engine.crew_pipes import Post
from hitpoint.engine.leader import BUILT_IN
from hitpoint.engine.local_crew import local_crew
from hitpoint.engine.startup import control_settings
from hitpoint.engine.trigger_figures import LOUD, SHORTEST_WAIT_SECONDS, SOFT, beat_figures, fader_figures
from hitpoint.errors import HostError
from hitpoint.hosts.actions import Play, Stop
from hitpoint.outputs.osc_hand import LOOPBACK, Handling, HandReport, osc_hand_main
from hitpoint.scheduler.performance import Schedule, ToPlay
from hitpoint.score.expression import CONTROLLER_RANGES
from hitpoint.score.session import ControlMoved, Session
from hitpoint.score.when import When

DIRECTION = "tense, strings, winds, 120 bpm, D minor"
WAIT_SECONDS = (SHORTEST_WAIT_SECONDS, 1.8)
WARM_SECONDS = 3.0
"""Music before the first move."""
HEAR_SECONDS = 30.0
"""How long the hand may take beyond its own time."""


def measure_triggers(settings: Settings, moves: int = 60) -> dict[str, Any]:
    """Move the fader that often at random times while the daemon plays. Blocks: for about 1.2 s a move.

    Then ask for another answer at the next beat, a quarter as often. Returns what `fader_figures` and `beat_figures`
    tell.
    """
    with child(osc_hand_main, None) as hand:
        settings = _heard_at(settings, hand.recv())
        with local_crew(settings) as post:
            return asyncio.run(_measured(settings, post, hand, moves))


async def _measured(settings: Settings, post: Post, hand: "Connection[Any, Any]", moves: int) -> dict[str, Any]:
    session = Session(direction=DIRECTION).apply(ControlMoved("intensity", SOFT[0]))
    control = _Watched(session, control_settings(settings), post)
    await control.start()
    try:
        await control.written_ahead()
        control.transport(Play())
        await asyncio.sleep(WARM_SECONDS)
        values = _values(moves)
        moved = await asyncio.to_thread(_handled, hand, control, "/hitpoint/control/intensity", values)
        beats = (When.BEAT.value,) * (-(-moves // 4))
        asked = await asyncio.to_thread(_handled, hand, control, "/hitpoint/cue/vary_next", beats)
        playing = control.session
        control.transport(Stop())
    finally:
        await control.stop()
    hand.send(None)
    return {**fader_figures(playing, values, moved, control.told), **beat_figures(playing, asked, control.told)}


def _handled(
    hand: "Connection[Any, Any]", control: Control, address: str, values: tuple[float | str, ...]
) -> HandReport:
    """Have the hand send the values there, one after another. Blocks."""
    assert control.surface.port is not None  # it has started
    hand.send(Handling(control.surface.port, address, values, WAIT_SECONDS, "/hitpoint/transport/get"))
    if not hand.poll(len(values) * WAIT_SECONDS[1] + HEAR_SECONDS):
        raise HostError("the hand of the trigger bench does not answer. Run it again on a quieter machine.")
    report: HandReport = hand.recv()
    return report


def _values(moves: int) -> tuple[float, ...]:
    random = Random(moves)
    return tuple(round(random.uniform(*(LOUD, SOFT)[place % 2]), 3) for place in range(moves))


def _heard_at(settings: Settings, ear: int) -> Settings:
    """The same, with the notes and controllers going to that port, and whatever else could lead the daemon left out."""
    osc = replace(settings.osc, host=LOOPBACK, port=0, reply_port=None, notes=(LOOPBACK, ear), dialect="hitpoint")
    output = replace(settings.output, kind="osc", expression=tuple(CONTROLLER_RANGES), offsets_ms={}, record=None)
    return replace(settings, output=output, osc=osc, follow=(BUILT_IN,))


class _Watched(Control):
    """Notes when play is handed what."""

    def __init__(self, session: Session, settings: ControlSettings, post: Post) -> None:
        super().__init__(session, settings, post)
        self.told: list[tuple[float, Schedule]] = []

    def tell_play(self, message: ToPlay) -> None:
        """Hand it over, and note that."""
        super().tell_play(message)
        if isinstance(message, Schedule):
            self.told.append((monotonic(), message))
