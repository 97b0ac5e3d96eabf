"""Text from anywhere: as one line that is safe to print, and whether it can be written at all."""


def one_line(text: str, forbidden: str = "") -> str:
    """`text` without line breaks, tabs and other controls, and without the signs that a format gives a meaning."""
    kept = (" " if not sign.isprintable() or sign in forbidden else sign for sign in text)
    return " ".join("".join(kept).split())


def writable(text: str) -> bool:
    """False for half a character, which UTF-8 cannot hold: JavaScript counts some as two, and lets them be cut."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
