"""Short names for takes: made from what they are, so that the same take has the same name wherever it is made again.

Six consonants: easily said, typed and told apart, and no words come about.
"""

from hashlib import blake2b

ALPHABET = "bcdfghjkmnpqrstvwxyz"
"""No vowels, no l (it looks like 1). Our choice: 20 to the power of 6 is 64 million."""
SHORTEST = 6
LONGEST = 12
"""Letters. Where six are taken by another take, the name grows."""


def take_names(content: bytes) -> tuple[str, ...]:
    """Names for a take of that content, each the one before and a letter more; the first that is free is its own."""
    number = int.from_bytes(blake2b(content, digest_size=16).digest())
    letters = []
    for _ in range(LONGEST):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return tuple("".join(letters[:count]) for count in range(SHORTEST, LONGEST + 1))
