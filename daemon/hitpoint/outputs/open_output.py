"""Opens the output that the settings name. Drivers are imported only when they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from hitpoint.errors import PortError
from hitpoint.outputs.null import NullOutput
from hitpoint.outputs.output import CycleOutput, Output
from hitpoint.score.midi_port import InputsWanted

OUTPUT_KINDS = ("auto", "jack", "rtmidi", "osc", "null")
"""auto takes jack where a server runs and the extra is installed, else rtmidi, else null, and says so."""


@dataclass(frozen=True, slots=True)
class OscTarget:
    """Where notes go over OSC."""

    host: str = "127.0.0.1"
    port: int = 9000
    dialect: str = "hitpoint"
    """hitpoint or reaper."""


def open_output(
    kind: str,
    ports: Sequence[str],
    client: str = "Hitpoint",
    follow_jack: bool = False,
    osc: OscTarget | None = None,
    inputs: InputsWanted | None = None,
) -> tuple[Output | CycleOutput, str]:
    """The output called `kind`, and what the person should know about the choice, mostly nothing.

    client: the name by which JACK and ALSA know us. follow_jack: JACK's transport leads, so it must be the jack output.
    inputs: for outputs that hear, too, which is jack alone; others need a listener beside them.
    Raises PortError when it cannot be opened; auto does only when JACK leads.
    """
    match kind:
        case "jack":
            return _jack(ports, client, follow_jack, inputs), ""
        case "auto" if follow_jack:
            return _jack(ports, client, follow_jack, inputs), ""
        case _ if follow_jack:
            raise PortError(f"output {kind} cannot follow JACK's transport. Choose output jack or another `follow`.")
        case "rtmidi":
            return _rtmidi(ports, client), ""
        case "osc":
            return _osc(ports, osc or OscTarget()), ""
        case "null":
            return NullOutput(ports), ""
        case "auto":
            return _best(ports, client, inputs)
    raise PortError(f"output {kind!r} is not one of {', '.join(OUTPUT_KINDS)}. Choose one of those.")


def _best(ports: Sequence[str], client: str, inputs: InputsWanted | None) -> tuple[Output | CycleOutput, str]:
    causes = []
    for opened in (lambda: _jack(ports, client, False, inputs), lambda: _rtmidi(ports, client)):
        try:
            return opened(), ""
        except PortError as error:
            causes.append(str(error))
    return NullOutput(), f"no MIDI port can be opened here, so nothing is heard: {causes[-1]}"


def _jack(ports: Sequence[str], client: str, follow: bool, inputs: InputsWanted | None) -> CycleOutput:
    if find_spec("jack") is None:
        raise PortError("output jack needs the extra: pip install 'hitpoint[jack]', and a JACK server.")
    try:
        from hitpoint.outputs.jack_port import JackOutput
    except OSError as error:
        raise PortError(f"libjack cannot be loaded: {error}. Install JACK or PipeWire's JACK.") from error
    return JackOutput(ports, client, follow, inputs or InputsWanted())


def _rtmidi(ports: Sequence[str], client: str) -> Output:
    from hitpoint.outputs.midi_ports import RtmidiOutput

    return RtmidiOutput(ports, client)


def _osc(ports: Sequence[str], target: OscTarget) -> Output:
    from hitpoint.outputs.osc_notes import OscDialect, OscNotes

    return OscNotes(ports, target.port, target.host, OscDialect(target.dialect))
