"""Colours by name, and the nearest that a format has.

Source of the names: Resolve's marker menu; Avid's locators; OpenTimelineIO's MarkerColor. Their shades are our choice;
no two are equal, so that a name comes back from formats that hold only shades.
"""

_SHADES = {
    "red": 0xFF0000,
    "green": 0x00C000,
    "blue": 0x0060FF,
    "cyan": 0x00D0D0,
    "magenta": 0xD000D0,
    "yellow": 0xE8D000,
    "black": 0x000000,
    "white": 0xFFFFFF,
    "orange": 0xFF8000,
    "purple": 0x8000C0,
    "pink": 0xFF60C0,
    "fuchsia": 0xC01060,
    "rose": 0xFFA0A8,
    "lavender": 0xC0A8F0,
    "sky": 0x90C8F8,
    "mint": 0x78E0A8,
    "lemon": 0xF0F078,
    "sand": 0xC8A878,
    "cocoa": 0x785040,
    "cream": 0xF8E8C8,
}
_NAMES = {shade: name for name, shade in _SHADES.items()}

RESOLVE = (
    "blue", "cyan", "green", "yellow", "red", "pink", "purple", "fuchsia", "rose", "lavender", "sky", "mint", "lemon",
    "sand", "cocoa", "cream",
)  # fmt: skip
AVID = ("red", "green", "blue", "cyan", "magenta", "yellow", "black", "white")
OPEN_TIMELINE = ("pink", "red", "orange", "yellow", "green", "cyan", "blue", "purple", "magenta", "black", "white")


def shade_of(colour: str) -> int:
    """0xRRGGBB of a name or "#rrggbb"."""
    return _SHADES[colour] if colour in _SHADES else int(colour.lstrip("#"), 16)


def colour_of(shade: int) -> str:
    """The name of a shade; "#rrggbb" where it has none."""
    return _NAMES.get(shade, f"#{shade:06x}")


def nearest(colour: str, palette: tuple[str, ...]) -> str:
    """The colour itself where the palette has it, else the one that looks most like it."""
    return colour if colour in palette else min(palette, key=lambda other: _distance(shade_of(colour), shade_of(other)))


def is_colour(word: str) -> bool:
    """True for a name that some program has."""
    return word in _SHADES


def _distance(one: int, other: int) -> int:
    return sum(((one >> shift & 255) - (other >> shift & 255)) ** 2 for shift in (0, 8, 16))
