"""`--config` and `--bundle`: with which settings, and with which model, commands write."""

import argparse
from pathlib import Path

from hitpoint.config.load import load_settings
from hitpoint.config.settings import Settings


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Declare both."""
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument(
        "--bundle",
        metavar="B",
        help="write with this model: large-1 writes better and a quarter as fast; or a folder of your own "
        "(default: `model.bundle` of the settings, small-2 as it comes)",
    )


def chosen_settings(arguments: argparse.Namespace) -> Settings:
    """The settings, with the bundle that was named. Raises ConfigError for a file that cannot be read."""
    named = {} if arguments.bundle is None else {"model.bundle": arguments.bundle}
    return load_settings(arguments.config, named)
