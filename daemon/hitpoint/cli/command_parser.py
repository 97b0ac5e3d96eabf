"""Reads what is typed as argparse does, but says what is wrong with it as every other mistake is said: in one line."""

import argparse
from typing import Any, Never

from hitpoint.errors import ConfigError


class CommandParser(argparse.ArgumentParser):
    """Of a command, and of the commands within it: argparse makes those of the same class.

    What it reads has `prog`, the command that was asked for: "hitpoint takes list".
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.set_defaults(prog=self.prog)
        self.register("type", int, _whole_number)
        self.register("type", float, _number)

    def error(self, message: str) -> Never:
        """Raises ConfigError, where argparse prints its usage and ends the program."""
        raise mistyped(self.prog, message.removeprefix("argument "))


def mistyped(prog: str, message: str) -> ConfigError:
    """What is wrong with what was typed, and where it is explained."""
    return ConfigError(f"{message}. See `{prog} --help`.")


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from error
