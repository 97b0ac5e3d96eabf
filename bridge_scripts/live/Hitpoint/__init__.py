"""Hitpoint's remote script for Ableton Live 11 and 12. It runs inside Live, whose Python is 3.7 at the oldest."""

from .surface import Hitpoint


def create_instance(c_instance):
    """What Live asks for when Hitpoint is chosen as a control surface."""
    return Hitpoint(c_instance)
