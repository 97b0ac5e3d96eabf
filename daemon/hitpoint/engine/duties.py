"""What each process of the daemon does, from the settings. Light: the supervisor loads it, and not their code."""

from pathlib import Path

from hitpoint.config.places import bundle_folder
from hitpoint.config.settings import Settings
from hitpoint.engine.crew import Duty
from hitpoint.engine.leader import JACK, LINK, MIDI, TIMECODE, TOLD, order_of
from hitpoint.engine.page_place import PagePlace
from hitpoint.engine.play_settings import PlaySettings
from hitpoint.engine.port_names import CLOCK, STEMS, port_name
from hitpoint.hosts.midi_clock import PositionUnit
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.outputs.open_output import OscTarget
from hitpoint.score.midi_port import InputsWanted

OSCQUERY_PATHS = ("/oscquery", "/hitpoint")
"""Of the page's server: the address space, and all of its values."""
_POSITION_UNITS = {"sixteenths": PositionUnit.SIXTEENTHS, "clock_pulses": PositionUnit.CLOCK_PULSES}
"""By its setting; auto is none of them."""


def compose_duty(settings: Settings) -> Duty:
    """Write bars. Raises ModelError when there is no such bundle."""
    return Duty(
        "compose",
        "hitpoint.engine.compose:compose_main",
        (bundle_folder(settings.model.bundle), settings.model.guidance),
    )


def play_duty(settings: Settings, sounding: str) -> Duty:
    """Own the ports. sounding: name of the table that outlives the process."""
    return Duty("play", "hitpoint.engine.play:play_member", (play_settings(settings, sounding),))


def page_duty(
    settings: Settings, config: Path | None = None, takes: Path | None = None, sheet: Path | None = None
) -> tuple[Duty, ...]:
    """Serve the control page; no duty where it is not wanted. config: the settings file that was given; takes: the take
    memory to show; sheet: the one whose cues takes are made of."""
    page = settings.page
    if not page.enabled:
        return ()
    # Whoever may send OSC over the network may see what there is to send.
    open_to_all = OSCQUERY_PATHS if settings.osc.lan else ()
    place = PagePlace(
        page.host, page.port, page.lan, open_to_all, settings.osc.lan, config, takes, sheet, page.soundfont
    )  # fmt: skip
    return (Duty("page", "hitpoint.engine.page_process:page_main", (place,)),)


def play_settings(settings: Settings, sounding: str | None = None) -> PlaySettings:
    """What play needs of the settings."""
    host, port = settings.osc.notes
    several = order_of(settings.follow) if len(settings.follow) > 1 else ()
    follow = "" if several else settings.follow[0]
    starts = TimecodeStart(settings.timecode_start, settings.frame_rate)
    return PlaySettings(
        ports=port_names(settings),
        clock_out=port_name(settings.output.client_name, CLOCK) if settings.output.clock else "",
        output=settings.output.kind,
        controllers=settings.output.expression,
        articulations=settings.output.articulations,
        follow_jack=JACK in settings.follow or settings.output.transport == JACK,
        lead_jack=settings.output.transport == JACK,
        inputs=InputsWanted(f"{settings.output.client_name} in", settings.input.ports),
        follow_clock=follow == MIDI,
        song_position=_POSITION_UNITS.get(settings.input.song_position),
        timecode=starts if TIMECODE in settings.follow else None,
        follow_positions=follow in TOLD,
        several=several,
        follow_link=LINK in settings.follow,
        lead_link=settings.output.link,
        osc=OscTarget(host, port, settings.osc.dialect),
        client=settings.output.client_name,
        sounding=sounding,
    )


def port_names(settings: Settings) -> tuple[str, ...]:
    """The ports for notes: all of them, whatever the timeline asks for now. To a DAW a port is an identity, and its
    template should find the same ones tomorrow."""
    return tuple(port_name(settings.output.client_name, stem) for stem in STEMS)
