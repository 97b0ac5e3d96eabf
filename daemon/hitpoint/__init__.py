"""Hitpoint writes music to picture, inside the DAW."""

__version__ = "0.2.0"
