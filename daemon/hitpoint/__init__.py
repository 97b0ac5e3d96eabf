"""Hitpoint writes music to picture, inside the DAW."""

__version__ = "0.1.0"
