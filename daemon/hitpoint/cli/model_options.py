"""`--config`, `--bundle` and `--guidance`: with which settings, and with which model, commands write."""

import argparse
from pathlib import Path

from hitpoint.config.load import load_settings
from hitpoint.config.settings import Settings


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Declare all three."""
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument(
        "--bundle",
        metavar="B",
        help="write with this model: large-1 writes better and a quarter as fast; or a folder of your own "
        "(default: `model.bundle` of the settings, small-2 as it comes)",
    )
    parser.add_argument(
        "--guidance",
        metavar="G",
        help="pull the notes further towards intensity, tension and mood: 0 (not at all, as it comes) to 4; 1.5 is "
        "clearly heard, and takes half as long again",
    )


def chosen_settings(arguments: argparse.Namespace) -> Settings:
    """The settings, with the bundle and the guidance that were named. Raises ConfigError for what cannot be read."""
    named = {"model.bundle": arguments.bundle, "model.guidance": arguments.guidance}
    named = {key: value for key, value in named.items() if value is not None}
    return load_settings(arguments.config, named)
