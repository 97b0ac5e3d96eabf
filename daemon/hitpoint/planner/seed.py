"""Random numbers that are the same on every machine and in every process."""

from hashlib import blake2b


def seed_of(*values: object) -> int:
    """64 bits that depend on `values` and on nothing else (Python's own hash is salted)."""
    return int.from_bytes(blake2b(repr(values).encode(), digest_size=8).digest(), "big")


def even_share(number: int, *values: object) -> float:
    """A number from 0 to 1 that depends on `values` and lies evenly with those of the numbers around it.

    Of the shares of 2^n numbers running, from a multiple of 2^n on, one lies in each 2^n-th of the whole, in an order
    that `values` decide: a share of them is below any border, whatever the seed. Source: van der Corput 1935, shifted
    as Cranley and Patterson 1976 do, bit by bit.
    """
    return (int(f"{number:064b}"[::-1], 2) ^ seed_of(*values)) / 2**64
