"""Where in a note a wish of its own begins that has a place: "darker, and lose the cellos in bars 2-3".

The place is the second wish's alone. "Darker, less busy in bars 2-3" is one wish, and the place is that of both.
"""

from dataclasses import replace

from hitpoint.score.direction_change import DirectionChange
from hitpoint.score.direction_change_phrases import longest
from hitpoint.score.direction_change_reader import read_change
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Tokens, said_at
from hitpoint.score.direction_tokens import TokenKind, resolved, tokenise

MOST_JOINTS = 8
"""Places, from the end of a note, at which a wish of its own is looked for. Our choice: people write shorter notes."""
_JOINTS = {"and", "also", "plus", "then"}
_BEFORE_VERBS = {*_JOINTS, "please", "just", "maybe", "perhaps", "do"}


def read_apart(text: str) -> DirectionChange:
    """What `text` asks to change, with what of it is meant for the whole cue told apart. Raises as read_change does."""
    change = read_change(text)
    if change.place is None or change.flags or change.apart:
        return change
    tokens, whole = tokenise(text), resolved(text)
    begun = [place for place in range(1, len(tokens)) if _begins_a_wish(tokens, place)]
    for place in reversed(begun[-MOST_JOINTS:]):
        before, after = read_change(whole[: tokens[place].start]), read_change(whole[tokens[place].start :])
        own = before.place is None and before.changes_something and after.place == change.place
        told = replace(change, apart=(before,))
        if own and before.within(change) and told.stages[-1].changes_something:
            return told
    return change


def _begins_a_wish(tokens: Tokens, place: int) -> bool:
    """True at the "and" of ", and lose the cellos": a joint after a stop, and a verb."""
    if tokens[place].said not in _JOINTS or tokens[place - 1].kind is not TokenKind.STOP:
        return False
    verb = place
    while said_at(tokens, verb) in _BEFORE_VERBS:
        verb += 1
    words = change_table()
    by_hand = said_at(tokens, verb) in words.grammar["hand_wishes"] | words.grammar["by_hand"]
    return by_hand or (verb < len(tokens) and longest(tokens, verb, words.players)[1] > 0)
