"""The control process: made of the settings, or of what a control before it kept, and run until it is to end."""

import asyncio
import json
import logging
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hitpoint.config.settings import Settings
from hitpoint.engine.control import Control
from hitpoint.engine.crew_pipes import Failed, Post, Up
from hitpoint.engine.member_log import MemberLog, words_of
from hitpoint.engine.run_start import RunStart
from hitpoint.engine.session_file import read_session
from hitpoint.engine.startup import control_settings, start_session
from hitpoint.errors import HitpointError
from hitpoint.hosts.actions import Play
from hitpoint.planner.outline import outline_of
from hitpoint.score.request import ComposedBar, LandingKind
from hitpoint.score.session import Session

FAILED = 1
"""Exit status of one that could not work. 0 is one that was meant to end, and all others with it."""

_log = logging.getLogger("hitpoint")


def control_main(post: Post, start: RunStart) -> None:
    """Serve until the supervisor says so or is gone, or SIGTERM. The process's whole life."""
    try:
        asyncio.run(_serve(post, start))
    except HitpointError as error:
        post.say(Failed(str(error)))
        sys.exit(FAILED)
    except Exception as error:
        # The next one may do better; what was wrong is for the log.
        _log.error("control failed (%s: %s) and is started again", type(error).__name__, error, exc_info=error)
        sys.exit(FAILED)
    shutil.rmtree(start.folder, ignore_errors=True)


def _made(post: Post, start: RunStart) -> Control:
    path = start.session_file or start.folder / "session"
    settings = replace(
        control_settings(start.settings), session_file=path, map_file=start.map_file, journal=start.folder / "take"
    )
    if post.kept is None:
        session, bars = start_session(start.settings, start.map_file, start.direction, start.session_file)
        return Control(session, settings, post, bars)
    return Control(Session(), settings, post, _bars_in(path))


def _bars_in(path: Path) -> tuple[ComposedBar, ...]:
    """What was written before; what can't be read is written again."""
    with suppress(HitpointError):
        if path.exists():
            return read_session(path, Session())[1]
    return ()


def _log_to(post: Post, settings: Settings, control: Control) -> None:
    words = None if settings.log.prompts else lambda: words_of(control.session)
    _log.addHandler(MemberLog(post.say, words))
    _log.setLevel(settings.log.level.upper())
    _log.propagate = False


async def _serve(post: Post, start: RunStart) -> None:
    control = _made(post, start)
    _log_to(post, start.settings, control)
    with suppress(NotImplementedError):  # Windows has no loop signals, and ends processes otherwise.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, control.ended.set)
    await control.start()
    rolling = asyncio.create_task(_roll(control)) if start.play and post.kept is None else None
    try:
        post.say(_greeting(control, start.as_json))
        await control.ended.wait()
    finally:
        if rolling is not None:
            rolling.cancel()
        await control.stop()


async def _roll(control: Control) -> None:
    await control.written_ahead()
    control.transport(Play())


def _greeting(control: Control, as_json: bool) -> Up:
    status = control.status()
    if as_json:
        return Up(json.dumps({"osc_port": control.surface.port, **status.as_json()}))
    lines = [f"ready: model {status.bundle}, {status.leader} leads, OSC on port {control.surface.port}"]
    lines += [f"  port {port}" for port in status.ports]
    lines += [f"  {line}" for line in _asked_for(control.session)]
    return Up("\n".join(lines), tuple(f"  note: {trouble}" for trouble in status.troubles))


def _asked_for(session: Session) -> Iterator[str]:
    """What the timeline was understood to ask, and what of it was not."""
    spotting, bars = outline_of(session).spotting, session.timeline.meter_map
    for cue in spotting.cues:
        hits = sum(point.kind in (LandingKind.HIT, LandingKind.STOP) for point in cue.hit_points)
        yield f"cue {cue.name} from {bars.bar_beat_tick_at(cue.start)}: {hits} hits"
    for unread in spotting.unread:
        yield f"not met: {unread.name!r} at {bars.bar_beat_tick_at(max(0, unread.tick))}: {unread.reason}"
    if not spotting.cues:
        yield "nothing to play yet: give --map or --direction, or send /hitpoint/cue/generate"
