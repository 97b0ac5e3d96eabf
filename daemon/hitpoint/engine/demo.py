"""The main job with no DAW at hand: the daemon itself, on its built-in host, through the whole of the demo cue."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hitpoint.engine.control import Control
from hitpoint.engine.control_settings import ControlSettings
from hitpoint.engine.crew_pipes import Post
from hitpoint.engine.landing_report import Landed, landed
from hitpoint.engine.status import Status
from hitpoint.errors import HostError
from hitpoint.hosts.actions import Play, Stop
from hitpoint.score.midi_file import read_midi_file
from hitpoint.score.session import Session

RING_OUT_SECONDS = 4.0
POLL_SECONDS = 0.05
PAGE_SECONDS = 60.0
"""How long the page may take to come up."""

Show = Callable[[float, float, str], None]


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What came of it, read back from the file."""

    landings: tuple[Landed, ...]
    notes: int
    file: Path
    status: Status
    """As it was when the cue had ended."""


async def run_demo(
    session: Session,
    settings: ControlSettings,
    post: Post,
    recording: Path,
    show: Show,
    page: Callable[[str], None] | None = None,
) -> DemoReport:
    """Play the whole timeline once, in real time. Raises HitpointError; everything is silent either way.

    page: shows the control page at that address, or hears why there is none; then the demo goes on when it has played,
    until Ctrl-C, and its transport is whoever's looks at the page.
    """
    control, timeline = Control(session, settings, post), session.timeline
    end = timeline.tempo_map.seconds_at(timeline.markers[-1].tick) + RING_OUT_SECONDS
    await control.start()
    try:
        if page is not None:
            page(await _page_of(control))
        await control.written_ahead(lambda ready, of: show(ready, of, "writing the first bars"))
        control.transport(Play())
        await _played(control, end, show)
        status = control.status()
        control.transport(Stop())
        if page is not None:
            await _interrupted()
    finally:
        await control.stop()
    score = read_midi_file(recording, timeline.frame_rate)
    notes = sum(len(part.notes) for part in score.parts)
    return DemoReport(landed(timeline, score.parts, timeline.markers), notes, recording, status)


async def _page_of(control: Control) -> str:
    """Where the page is. Raises HostError when it does not come."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PAGE_SECONDS):
            while not (address := control.status().page.address):
                await asyncio.sleep(POLL_SECONDS)
            return address
    raise HostError(control.status().page.trouble or "the page does not come up. See `hitpoint doctor`.")


async def _interrupted() -> None:
    """Wait for Ctrl-C."""
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGINT, interrupted.set)
    except NotImplementedError:
        # Windows has none on its loops: there Ctrl-C ends the program as it does any other.
        await interrupted.wait()
    try:
        await interrupted.wait()
    finally:
        loop.remove_signal_handler(signal.SIGINT)


async def _played(control: Control, end: float, show: Show) -> None:
    tempo_map = control.session.timeline.tempo_map
    while (seconds := tempo_map.seconds_at(control.tick())) < end:
        if not control.session.transport.rolling:
            raise HostError("the demo was stopped before its end. Run it again and leave its transport alone.")
        show(seconds, end, f"bar {control.status().place}")
        await asyncio.sleep(POLL_SECONDS)
    show(end, end, "done")
