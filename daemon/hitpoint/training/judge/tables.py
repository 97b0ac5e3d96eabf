"""Cells and rows of Markdown tables."""

from typing import Any


def percent(figure: dict[str, Any], digits: int = 1) -> str:
    """The share of a figure that `statistics.share` made."""
    return f"{figure['share']:.{digits}%}"


def spread(figure: dict[str, Any], digits: int = 1) -> str:
    """Its interval."""
    ends = figure.get("interval_95")
    return f"{ends[0]:.{digits}%} to {ends[1]:.{digits}%}" if ends else "too few"


def head(cells: list[str]) -> list[str]:
    """The two lines that open a table; all columns but the first are numbers."""
    return [row(cells), row(["---", *["---:"] * (len(cells) - 1)])]


def row(cells: list[str]) -> str:
    """One line."""
    return "| " + " | ".join(cells) + " |"
