"""Options that draw controls over the bars of a cue: --intensity, --valence, --arousal, --tension."""

import argparse
import re

from hitpoint.errors import ConfigError
from hitpoint.score.control_curve import ControlCurve, read_curve
from hitpoint.score.controls import CONTROL_RANGES

DRAWN = ("intensity", "valence", "arousal", "tension")
_MEANS = {
    "intensity": "how strong: dynamics, register, how many play",
    "valence": "dark to bright",
    "arousal": "still to agitated",
    "tension": "at rest to unbearable",
}
GRAMMAR = """\
A CURVE is one of
  0.7                  the same in every bar
  0.2,0.3,0.9          a value a bar; the last one holds
  0.2>0.9              a line from the first bar to the last
  1:0.2 8:0.9 16:0.4   values at bars, lines between
Bars count from 1. What is drawn is what the bars are planned for; what is not
drawn comes from the prompt."""
EXAMPLES = (
    'hitpoint render "strings" --bars 16 --intensity 0.2\\>0.9 --tension "1:0.1 12:0.8 16:0.2" -o rise.mid',
    'hitpoint render "piano" --bars 4 --intensity 0.3,0.4,0.8,0.2 --valence -0.5 -o four.mid',
)


def add_curve_options(parser: argparse.ArgumentParser) -> None:
    """Declare an option a control."""
    # argparse takes what begins with a minus for an option unless it is a plain number; a curve may begin with one.
    parser._negative_number_matcher = re.compile(r"^-\.?\d")
    group = parser.add_argument_group("controls, bar by bar", GRAMMAR)
    for name in DRAWN:
        low, high = CONTROL_RANGES[name]
        group.add_argument(f"--{name}", metavar="CURVE", help=f"{_MEANS[name]}; {low:g} to {high:g}")


def curves_of(arguments: argparse.Namespace, bars: int) -> tuple[ControlCurve, ...]:
    """The curves asked for, over so many bars. Raises ConfigError that names the option."""
    return tuple(_read(name, text, bars) for name in DRAWN if (text := getattr(arguments, name)) is not None)


def _read(name: str, text: str, bars: int) -> ControlCurve:
    try:
        return read_curve(name, text, bars)
    except ConfigError as error:
        raise ConfigError(f"--{name} {error}") from error
