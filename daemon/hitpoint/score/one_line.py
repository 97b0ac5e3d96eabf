"""Text from anywhere as one line that is safe to print."""


def one_line(text: str, forbidden: str = "") -> str:
    """`text` without line breaks, tabs and other controls, and without the signs that a format gives a meaning."""
    kept = (" " if not sign.isprintable() or sign in forbidden else sign for sign in text)
    return " ".join("".join(kept).split())
