"""What a clause of a note is about: what is wanted, what is wrong, or what happens in the picture.

"Make it colder", "it's a bit cold" and "he is cold" say one word of three things: the first wants it, the second wants
less of it, the third tells of the scene and asks for nothing.
"""

from enum import Enum, auto

from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Says, Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_tokens import Token, TokenKind

LOOKED_AT = 8
"""Words from a clause's beginning in which its verb is looked for. Our choice."""


class Clause(Enum):
    """What a clause is about."""

    WISH = auto()
    """What it says is wanted."""
    COMPLAINT = auto()
    """What it says of the music is wrong with it."""
    SCENE = auto()
    """It tells of the picture or of people, and moves nothing."""


_SPLIT = {"'s": "is", "'re": "are", "'ve": "have", "'ll": "will"}
_WHOLE = {"it's", "let's", "that's", "women's", "men's", "children's", "boys'", "what's"}
"""These are words of the tables as they stand."""


def spelled_out(tokens: Tokens) -> list[Token]:
    """The tokens with "trumpet's" and "they're" as two each, so that both halves are known words."""
    spelled: list[Token] = []
    for token in tokens:
        cut = next((end for end in _SPLIT if token.said.endswith(end) and token.said not in _WHOLE), None)
        if token.kind is not TokenKind.WORD or cut is None or len(token.said) == len(cut):
            spelled.append(token)
            continue
        head = token.written[: -len(cut)]
        spelled.append(Token(TokenKind.WORD, head, head.casefold(), token.glued, token.start))
        spelled.append(Token(TokenKind.WORD, cut, _SPLIT[cut], False, token.start + len(head)))
    return spelled


def clause_at(tokens: Tokens, place: int, last: Clause | None = None) -> Clause:
    """What the clause that begins at `place` is about; `last` is the one before, which "but sleepy" goes on with."""
    words = change_table().grammar
    said: list[str] = []
    for at in range(place, min(len(tokens), place + LOOKED_AT)):
        if ends_at(tokens, at) or (at > place and joins_at(tokens, at)):
            break
        said.append(tokens[at].said)
    if said[:2] in (["where", "is"], ["where", "are"]):
        # "Where's the danger?"
        return Clause.WISH
    of_scene = bool(said) and said[0] in words["joints_of_scene"]
    reason = bool(said) and said[0] in {"because", "since", "'cause", "cos"}
    joined = bool(said) and said[0] in {"but", "and"}
    while said and (said[0] in words["hedges"] or (of_scene and said[0] in words["joints_of_scene"])):
        said, place = said[1:], place + 1
    if not said:
        return Clause.WISH
    if reason and (said_at(tokens, place) != "it's" or not {"too", "so", "not", "enough", "much"} & set(said)):
        return Clause.SCENE
    if said[0] == "not" and last is Clause.SCENE and said[1:2] and said[1] not in {"so", "too", "as", "that"}:
        # "It's a vicarage, not a coronation."
        return Clause.SCENE
    if {"find", "finds"} & set(said[:3]) and "it" in said[:5]:
        # "The client finds it depressing."
        return Clause.COMPLAINT
    passed = _passed_over(said)
    said, place = said[passed:], place + passed
    if not said:
        return Clause.WISH
    if said[0] == "why":
        return Clause.WISH if said[1:2] in (["not"], ["don't"]) else Clause.COMPLAINT
    wishes = any(_wishes(said, at) for at in range(len(said)))
    if said[:2] == ["i", "don't"] and set(said[2:4]) & {"feel", "sense", "hear", "get"}:
        return Clause.COMPLAINT
    shade = said[1:] if said[0] in words["articles"] or said[:2] in (["kind", "of"], ["sort", "of"]) else said
    if (
        len(shade) > 1
        and shade[0] in words["amounts"] | {"of"}
        and not wishes
        and not shade[1].endswith("er")
        and shade[1] != "of"
    ):
        # "A bit sleepy, this."
        return Clause.COMPLAINT
    if said[0] in {"i", "i'm"} and (said[0] == "i'm" or said[1:2] == ["keep"] or not wishes):
        if words["about_me"] & set(said[:2]):
            return Clause.COMPLAINT
        done = len(said) > 1 and (said[1].endswith("ed") or said[1] in words["done"])
        return Clause.SCENE if done else Clause.WISH
    if said[0] in {"it", "this"} and said[1:2] == ["never"]:
        # "It never explodes" wants it to.
        return Clause.COMPLAINT
    if wishes:
        return Clause.WISH
    if of_scene or said[0] in words["people"]:
        return Clause.SCENE
    if said[0] == "you" and said[1:2] in (["have"], ["are"], ["gave"]):
        return Clause.COMPLAINT
    verb = next((at for at, word in enumerate(said) if _is_verb(said, at)), None)
    if verb is None:
        goes_on = joined and last is Clause.COMPLAINT and not said[0].endswith("er")
        # "Terribly loud for a bedroom."
        amiss = not said[0].endswith("er") and ({"for", "a"} <= set(said[1:]) or said[0] in words["excess"])
        return Clause.COMPLAINT if goes_on or amiss else Clause.WISH
    after = [word for word in said[verb + 1 :] if word != "not"]
    if after[:1] in (["fine"], ["ok"], ["okay"], ["great"], ["good"], ["perfect"], ["lovely"]) and len(after) == 1:
        # "A gloomy start is fine."
        return Clause.SCENE
    names_it = (
        said[verb] != "are" and after[:1] and after[0] in {"a", "an", "the", "her", "his", "their"} and len(after) > 1
    )
    if names_it and after[1] not in words["amounts"] and not words["music"] & set(after):
        # "It's a funeral."
        return Clause.SCENE
    return _of_whom(tokens, place, verb)


def _passed_over(said: list[str]) -> int:
    """Words before the clause proper: "I think", "the client says", "by the end"."""
    words = change_table()
    if len(said) > 2 and said[0] == "i" and said[1] in words.grammar["thinking"]:
        return 2
    says = next((at for at, word in enumerate(said[:4]) if word in {"says", "said", "thinks", "reckons"}), None)
    if says is not None and says + 1 < len(said):
        return says + 1
    if said and said[0] in {"by", "at", "in", "from", "on", "towards", "for"}:
        place = next((at for at, word in enumerate(said[:5]) if (word,) in words.places or word == "half"), None)
        if place is not None and place + 1 < len(said):
            return place + 1
    return 0


def ends_at(tokens: Tokens, place: int) -> bool:
    """True for what ends a clause: a comma, a colon, a dash with room around it."""
    token = tokens[place]
    loose = not token.glued and place + 1 < len(tokens) and not tokens[place + 1].glued
    return token.kind is TokenKind.STOP or token.said == ":" or (token.said == "-" and loose)


def joins_at(tokens: Tokens, place: int) -> bool:
    """True for a word that another clause begins with: "because", or "and" before "they"."""
    words, said = change_table().grammar, said_at(tokens, place)
    if said in words["joints"]:
        return True
    after = said_at(tokens, place + 1)
    return said in words["joints_before_people"] and (after in words["people"] or after in _SPEAKERS)


_SPEAKERS = {"i", "i'd", "it", "it's", "you", "your", "this"}


def _wishes(said: list[str], at: int) -> bool:
    words = change_table().grammar
    if said[at] in words["hand_wishes"]:
        return at == 0 or said[at - 1] in words["after_wishes"]
    if said[at] in {"has", "have"}:
        return said[at + 1 : at + 2] == ["to"]
    return said[at] in words["wishes"]


def _is_verb(said: list[str], at: int) -> bool:
    """ "It chatters", "the opening shouts": after "it", or for words that move something, what ends like a verb."""
    words = change_table()
    if at == 0 and not said[0].endswith("s"):
        # "Play it higher."
        return False
    if at > 0 and said[at].endswith("s"):
        before, plain = said[at - 1], (said[at],)
        if before in {"it", "this", "everything"}:
            return True
        if before in words.grammar["music"] or (before,) in words.places:
            moves = plain in words.controls or plain in words.complaints or plain in words.masking
            return moves or said[at] in words.grammar["verbs"]
    return said[at] in words.grammar["verbs"]


def _of_whom(tokens: Tokens, place: int, verb: int) -> Clause:
    """By what stands before the verb: the music, a player, or a place in the cue; a feeling ("joyful is the word"); or
    somebody else."""
    words = change_table()
    plain = [at for at in range(place, place + verb) if said_at(tokens, at) not in words.grammar["articles"]]
    if not plain:
        return Clause.COMPLAINT
    said = [said_at(tokens, at) for at in plain]
    if set(said) & words.grammar["people"]:
        return Clause.SCENE
    matches = [phrase_at(tokens, at) for at in plain]
    if any(match is not None and match.says is Says.INSTRUMENT for match in matches):
        return Clause.COMPLAINT
    if any(word in words.grammar["music"] or (word,) in words.places for word in said):
        return Clause.COMPLAINT
    if len(said) == 1 and said[0] in words.grammar["shown"]:
        # "The chase isn't frantic enough" is said of the music to it.
        return Clause.COMPLAINT
    felt = len(said) == 1 and (
        (said[0],) in words.controls or (matches[0] is not None and matches[0].says is Says.MOOD)
    )
    return Clause.WISH if felt else Clause.SCENE
