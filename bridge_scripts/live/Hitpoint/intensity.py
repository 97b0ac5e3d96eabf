"""A fader or a macro that a person has named "Hitpoint intensity" steers how intense the music is.

What is found first is followed: the volume of a track of that name, a macro of that name, or the first macro of a
device of that name. A person maps any controller to it in Live, as to everything else.
"""

import json
from contextlib import suppress

NAME = "Hitpoint intensity"
ADDRESS = "/hitpoint/control/intensity"
LEAST_CHANGE = 0.01
MACROS = 16


class Intensity:
    """Follows the control. What Live tells sets a flag and no more."""

    def __init__(self):
        self._parameter = None
        self._is_moved = False
        self._told = None
        """The value that Hitpoint has, or that stood there when it was found."""

    def look_for(self, song):
        """Find the control among the tracks as they are now."""
        found = _found(song)
        if found is not None and found == self._parameter:
            return
        self.let_go()
        if found is not None:
            self._parameter = found
            self._told = _share(found)
            found.add_value_listener(self._on_value)

    def let_go(self):
        """Follow nothing any more."""
        if self._parameter is not None:
            # What is deleted raises at every touch.
            with suppress(RuntimeError, AttributeError):
                self._parameter.remove_value_listener(self._on_value)
        self._parameter, self._is_moved = None, False

    def moved(self):
        """0 to 1 when it has moved by a hundredth or more; else None."""
        if not self._is_moved or self._parameter is None:
            return None
        self._is_moved = False
        share = _share(self._parameter)
        if abs(share - self._told) < LEAST_CHANGE:
            return None
        self._told = share
        return share

    def _on_value(self):
        self._is_moved = True


def ask_for(share, name):
    """What is said to Hitpoint."""
    arguments = json.dumps([round(share, 4)])
    return {"protocol": 1, "kind": "ask", "ask": name, "address": ADDRESS, "arguments": arguments}


def _share(parameter):
    span = float(parameter.max) - float(parameter.min)
    return (float(parameter.value) - float(parameter.min)) / span if span > 0 else 0.0


def _found(song):
    tracks = list(song.tracks)
    for track in tracks:
        if str(track.name) == NAME:
            return track.mixer_device.volume
    for track in tracks:
        for device in getattr(track, "devices", ()):
            # The first parameter switches a device on and off; the macros of a rack follow it.
            macros = list(device.parameters)[1 : MACROS + 1]
            if macros and str(device.name) == NAME:
                return macros[0]
            if getattr(device, "can_have_chains", False):
                for macro in macros:
                    if str(macro.name) == NAME:
                        return macro
    return None
