"""From the settings and a map file to what control starts with."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hitpoint.config.host_folders import BRIDGE_FOLDER, Machine, ardour_folders, reaper_folders
from hitpoint.config.places import bundle_named, fields_read, kept_folder
from hitpoint.config.settings import AUTO, OFF, BridgeSettings, Settings
from hitpoint.engine.control_settings import ControlSettings
from hitpoint.engine.host_desk import HostPlaces
from hitpoint.engine.leader import JACK
from hitpoint.engine.session_file import read_session
from hitpoint.errors import ConfigError, HostError, ModelError
from hitpoint.hosts.map_file import read_map
from hitpoint.hosts.midi_binding_text import binding_of
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.planner.horizon import Horizon
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.request import ComposedBar
from hitpoint.score.session import DirectionGiven, Session
from hitpoint.score.state import States
from hitpoint.timeline.timeline import Timeline


def control_settings(settings: Settings) -> ControlSettings:
    """What control needs of the settings. Raises ConfigError for a MIDI binding that means nothing."""
    return ControlSettings(
        horizon=Horizon(
            compose_seconds=settings.look_ahead_seconds,
            commit_seconds=settings.commit_seconds,
            closing_seconds=Horizon().closing_seconds + _earliest_seconds(settings.output.offsets_ms),
        ),
        bundle=Path(settings.model.bundle).name,
        bundle_set=settings.model.bundle,
        client_name=settings.output.client_name,
        record=settings.output.record,
        offsets_ms=settings.output.offsets_ms,
        # As an address names them: OSC allows no spaces in one, so that there the two are the same.
        stingers={name.replace("_", " "): stinger for name, stinger in settings.stingers.items()},
        osc_host=settings.osc.host,
        osc_port=settings.osc.port,
        osc_reply_port=settings.osc.reply_port,
        bindings=_bindings(settings.midi.bindings),
        follow=settings.follow,
        lead_jack=settings.output.transport == JACK,
        timecode=TimecodeStart(settings.timecode_start, settings.frame_rate),
        hosts=_host_places(settings.bridges),
        controllers=settings.output.expression,
    )


def _host_places(bridges: BridgeSettings, machine: Machine | None = None) -> HostPlaces:
    """Where the scripts inside hosts are met."""
    machine = machine or Machine()
    usual = {"reaper": reaper_folders(machine), "ardour": ardour_folders(machine)}
    asked = {"reaper": bridges.reaper, "ardour": bridges.ardour}
    folders = {
        host: tuple(
            folder / BRIDGE_FOLDER for folder in (usual[host] if words == AUTO else (Path(words).expanduser(),))
        )
        for host, words in asked.items()
        if words != OFF
    }
    takes = kept_folder("takes", machine.platform, machine.environment, machine.home)
    return HostPlaces(folders, takes, bridges.live)


def _earliest_seconds(offsets_ms: Mapping[str, float]) -> float:
    """By how much the part that is sent earliest is sent before it is written."""
    return max([0.0, *(-milliseconds / 1000 for milliseconds in offsets_ms.values())])


def _bindings(written: tuple[BoundControl, ...]) -> tuple[BoundControl, ...]:
    """The same, when all of them mean something."""
    mistakes = []
    for place, words in enumerate(written, start=1):
        try:
            binding_of(words)
        except HostError as error:
            mistakes.append(f"midi.bindings {place}: {str(error).rstrip('.')}")
    if mistakes:
        raise ConfigError("; ".join(mistakes))
    return written


def start_session(
    settings: Settings, map_file: Path | None, direction: str, session_file: Path | None
) -> tuple[Session, tuple[ComposedBar, ...]]:
    """The session to begin with and what is written of it: as it was left in `session_file`, where there is one.

    Raises HostError for a map and ConfigError for a session that cannot be read.
    """
    timeline = read_map(map_file, settings.frame_rate) if map_file else Timeline(frame_rate=settings.frame_rate)
    states = States(tuple(sorted(settings.states.items())))
    session = Session(
        timeline,
        direction=direction,
        states=states,
        seed=settings.seed,
        model_reads=fields_read(settings.model.bundle),
    )
    bars: tuple[ComposedBar, ...] = ()
    if session_file is not None and session_file.exists():
        session, bars = read_session(session_file, session)
        # Those of the file are what was set up; the settings add what it does not name.
        session = replace(session, states=session.states.with_known(states.known))
        if session.model:
            # What is written was planned for what it reads. Where it is gone, control says so.
            with suppress(ModelError):
                session = replace(session, model_reads=fields_read(str(bundle_named(session.model))))
        if direction:
            session = session.apply(DirectionGiven(direction))
    return session, bars
