"""The table of addresses as people read it."""

from hitpoint.hosts.commands import COMMANDS, LAST_BAR, Argument, Command, Kind, taken


def address_table() -> str:
    """The table of the README, in Markdown."""
    rows = ["| address | takes | does |", "|---|---|---|"]
    for command in COMMANDS:
        takes = ", ".join(_described(argument) for argument in command.arguments) or "–"
        rows.append(f"| `{command.address}`{' (get)' if command.readable else ''} | {takes} | {command.does} |")
    return "\n".join(rows) + "\n"


def address_lines() -> str:
    """The same for a terminal."""
    width = max(len(_taken_in_full(command)) for command in COMMANDS)
    return "\n".join(f"  {_taken_in_full(command):{width}}  {command.does}" for command in COMMANDS)


def _taken_in_full(command: Command) -> str:
    return f"{command.address} {taken(command)}".rstrip()


def _described(argument: Argument) -> str:
    numbers = f" from {argument.low:g}" if argument.high == LAST_BAR else f" {argument.low:g} … {argument.high:g}"
    words = f" {', '.join(argument.words)}" if argument.words else " text"
    ranges = {Kind.NUMBER: numbers, Kind.WHOLE: numbers, Kind.SWITCH: " 0 or 1", Kind.TEXT: words}
    return (
        ("[" if argument.optional else "") + argument.name + ranges[argument.kind] + ("]" if argument.optional else "")
    )
