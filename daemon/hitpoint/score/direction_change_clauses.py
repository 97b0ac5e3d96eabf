"""What a clause of a note is about: what is wanted, what is wrong, or what happens in the picture.

"Make it colder", "it's a bit cold" and "he is cold" say one word of three things: the first wants it, the second wants
less of it, the third tells of the scene and asks for nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from hitpoint.score.direction_change_phrases import compares
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


_REASONS = {"because", "since", "'cause", "cos"}
_WHERE_IS = (["where", "is"], ["where", "are"], ["where", "did"], ["where", "has"], ["where", "have"])
_FINE = {"fine", "ok", "okay", "great", "good", "perfect", "lovely", "excellent", "brilliant", "wonderful", "fantastic",
         "superb", "terrific", "gorgeous", "beautiful", "right"}  # fmt: skip
_ARTICLES = {"a", "an", "the", "her", "his", "their"}
_FEELS = {"feel", "feels", "felt", "thinks", "thought", "says", "said"}
_OVER = {"over", "past"}
_HIS_MUSIC = {"theme", "music", "cue", "tune", "melody", "motif", "leitmotif", "score", "track", "entrance", "entry"}
_TOO = {"too", "nowhere", "overly"}
_SPLIT = {"'s": "is", "'re": "are", "'ve": "have", "'ll": "will"}
_WOULD = {"we", "he", "she", "they"}
_THEY_WOULD = {"we'd", "he'd", "she'd", "they'd"}
_WOULD_WHAT = {"like", "love", "prefer", "rather"}
_NOT = {"do", "does", "did", "is", "are", "was", "should", "must", "need"}
_WHOLE = {"it's", "let's", "that's", "women's", "men's", "children's", "boys'", "what's"}
"""These are words of the tables as they stand."""


def spelled_out(tokens: Tokens) -> list[Token]:
    """The tokens with "trumpet's" and "they're" as two each, so that both halves are known words, and "I would" and
    "do not" as one each, the way that the tables write them."""
    spelled: list[Token] = []
    for token in _drawn_together(tokens):
        cut = next((end for end in _SPLIT if token.said.endswith(end) and token.said not in _WHOLE), None)
        if token.kind is not TokenKind.WORD or cut is None or len(token.said) == len(cut):
            spelled.append(token)
            continue
        head = token.written[: -len(cut)]
        spelled.append(Token(TokenKind.WORD, head, head.casefold(), token.glued, token.start))
        spelled.append(Token(TokenKind.WORD, cut, _SPLIT[cut], False, token.start + len(head)))
    return spelled


def _drawn_together(tokens: Tokens) -> Iterator[Token]:
    at = 0
    while at < len(tokens):
        token, words = tokens[at], 1
        short = _short(*(said_at(tokens, at + more) for more in range(3)))
        if short:
            token = Token(TokenKind.WORD, f"{token.written} {tokens[at + 1].written}", short, token.glued, token.start)
            words = 2
        if token.said in _THEY_WOULD and said_at(tokens, at + words) in _WOULD_WHAT:
            # What a director would like is what we would like.
            token = replace(token, said="i'd")
        yield token
        at += words


def _short(first: str, second: str, third: str) -> str:
    """ "I'd" for "I would", "don't" for "do not"; empty for what is not drawn together."""
    if second == "would" and (first == "i" or (first in _WOULD and third in _WOULD_WHAT)):
        return f"{first}'d"
    return f"{first}n't" if second == "not" and first in _NOT else ""


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What a clause begins with, without the words that only lead to it."""

    tokens: Tokens
    place: int
    """Of the first word in `tokens`."""
    said: list[str]
    joint: str
    """What joins it to the one before; empty for nothing."""
    last: Clause | None
    """What the clause before is about."""

    @property
    def wishes(self) -> bool:
        """True where a word says that something is wanted."""
        # "Faster than I'd like" tells what is wrong.
        said = self.said[: self.said.index("than")] if "than" in self.said else self.said
        return any(_wishes(said, at) for at in range(len(said)))

    @property
    def still_not(self) -> bool:
        """True for "still not scary"."""
        return said_at(self.tokens, self.place - 1) == "still" and self.said[0] == "not"

    @property
    def compares(self) -> bool:
        """True where it begins with "darker" or the like."""
        return compares(self.said[0])


def clause_at(tokens: Tokens, place: int, last: Clause | None = None) -> Clause:
    """What the clause that begins at `place` is about; `last` is the one before, which "but sleepy" goes on with."""
    beginning = _beginning(tokens, place, last)
    if not beginning.said:
        return Clause.WISH
    return next((found for rule in _RULES if (found := rule(beginning)) is not None), Clause.WISH)


def _beginning(tokens: Tokens, place: int, last: Clause | None) -> _Beginning:
    words = change_table().grammar
    said: list[str] = []
    for at in range(place, min(len(tokens), place + LOOKED_AT)):
        if ends_at(tokens, at) or (at > place and joins_at(tokens, at)):
            break
        said.append(tokens[at].said)
    joint = said[0] if said and said[0] in words["joints"] | {"and"} and said[:2] not in _WHERE_IS else ""
    joint = joint or ("so" if said[:1] == ["so"] else "")
    led = (said[0] in words["joints_of_scene"]) if joint else False
    passed = 0
    while passed < len(said) and (
        said[passed] in words["hedges"] or (led and said[passed] in words["joints_of_scene"])
    ):
        passed += 1
    passed += _passed_over(said[passed:])
    return _Beginning(tokens, place + passed, said[passed:], joint, last)


def _by_its_joint(clause: _Beginning) -> Clause | None:
    said = clause.said
    if clause.joint == "so" and "hear" in said and set(said[said.index("hear") :]) & change_table().grammar["people"]:
        # "So we can hear her breathe."
        return Clause.SCENE
    if clause.joint == "when" and said[:2] == ["it", "was"] and any(compares(word) for word in said):
        # "It was better when it was slower."
        return Clause.WISH
    if clause.joint in _REASONS:
        # "Because it's too loud", but "because she is alone".
        of_music = said[0] == "it's" and {"too", "so", "not", "enough", "much"} & set(said)
        return None if of_music else Clause.SCENE
    if said[0] == "not" and clause.last is Clause.SCENE and said[1:2] and said[1] not in {"so", "too", "as", "that"}:
        # "It's a vicarage, not a coronation."
        return Clause.SCENE
    return None


def _by_its_question(clause: _Beginning) -> Clause | None:
    """ "Isn't it frantic?" and "does it have to be this sad?" say what is wrong, "shouldn't it be sadder?" does not."""
    said, words = clause.said, change_table().grammar
    if said[0] not in words["asks"] or not set(said[1:2]) & words["asked_of"]:
        return None
    if {"this", "that", "so"} & set(said[2:]):
        return Clause.COMPLAINT
    if "enough" in said:
        # "Is it dark enough?"
        return Clause.WISH
    asks_for = clause.wishes or any(compares(word) for word in said)
    # "Is it a comedy?", but "isn't it a bit cold?"
    names_it = set(said[2:3]) & _ARTICLES and not set(said[3:4]) & words["amounts"]
    return None if asks_for or names_it else Clause.COMPLAINT


def _by_its_measure(clause: _Beginning) -> Clause | None:
    """ "He's lonelier than this", "the scene is sadder than the music": it is to be as he is."""
    said, words = clause.said, change_table().grammar
    if "than" not in said[:-1] or clause.wishes:
        return None
    than = said.index("than")
    after = said[than + 1 :]
    with_it = after[0] in {"this", "that"} or after == ["it"] or bool(words["music"] - {"it"} & set(after[1:2]))
    of_music = bool(words["music"] - {"it", "this"} & set(said[:2]))
    return Clause.WISH if with_it and not of_music and any(compares(word) for word in said[:than]) else None


def _by_who_speaks(clause: _Beginning) -> Clause | None:
    said, words = clause.said, change_table().grammar
    if said[:2] in _WHERE_IS:
        # "Where's the danger?"
        return Clause.WISH
    if said[:2] == ["how", "come"] or ("how" in said and said[-2:] in (["it", "is"], ["it", "sounds"], ["it", "gets"])):
        # "I can't believe how loud it is", but "I love how loud it is".
        return None if {"love", "like"} & set(said) else Clause.COMPLAINT
    if said[0] == "why":
        negated = len(said) > 1 and said[1].endswith("n't")
        asks_for = said[1:2] in (["not"], ["don't"]) or (negated and any(compares(word) for word in said))
        return Clause.WISH if asks_for else Clause.COMPLAINT
    if {"find", "finds", "found"} & set(said[:4]) and {"it", "this"} & set(said[:5]):
        # "The client finds it depressing."
        return Clause.COMPLAINT
    if said[:2] in (["i", "don't"], ["we", "don't"], ["we", "are"]) and set(said[2:4]) & words["sensed"]:
        return Clause.COMPLAINT
    if said[:2] == ["i'm", "missing"]:
        return Clause.WISH
    if said[0] == "i'm" or (said[0] == "i" and (said[1:2] == ["keep"] or not clause.wishes)):
        if words["about_me"] & set(said[:2]):
            return Clause.COMPLAINT
        done = len(said) > 1 and (said[1].endswith("ed") or said[1] in words["done"])
        return Clause.SCENE if done else Clause.WISH
    return None


def _by_how_much(clause: _Beginning) -> Clause | None:
    """ "A bit sleepy, this", "kind of bare"."""
    said, words = clause.said, change_table().grammar
    shade = said[1:] if said[0] in words["articles"] or said[:2] in (["kind", "of"], ["sort", "of"]) else said
    if len(shade) < 2 or shade[0] not in words["amounts"] | {"of"} or shade[1] == "of":
        return None
    return None if clause.wishes or compares(shade[1]) else Clause.COMPLAINT


def _by_its_wishes(clause: _Beginning) -> Clause | None:
    said, words = clause.said, change_table().grammar
    nodded = said[:1] if said[1:] in (["so"], ["now"], ["already"]) else said
    if len(nodded) == 1 and nodded[0] in words["praise"] | {"grand"} and len(clause.tokens) > clause.place + 1:
        # "Nice, but can it be darker?"
        return Clause.SCENE
    if "by" in said and set(said[said.index("by") + 1 :][:1]) & {"this", "it", "that"} and not clause.wishes:
        # "Nobody is going to be scared by this."
        return Clause.COMPLAINT
    if said[0] in {"it", "this"} and said[1:2] == ["never"]:
        # "It never explodes" wants it to.
        return Clause.COMPLAINT
    if said[0] == "you" and set(said[1:2]) & (words["done"] - {"gave", "made"}):
        # "You cut the harp."
        return Clause.SCENE
    if clause.wishes:
        return Clause.WISH
    if said[0] in words["owners"] and set(said[1:2]) & _HIS_MUSIC:
        # "Her theme is too sad."
        return Clause.COMPLAINT
    of_people = said[0] in _ARTICLES and bool(set(said[1:3]) & (words["people"] - words["owners"]))
    if said[1:2] == ["else"]:
        # "Oboe, nobody else."
        return Clause.WISH
    if clause.joint in words["joints_of_scene"] or said[0] in words["people"] or of_people:
        return Clause.SCENE
    return Clause.COMPLAINT if said[0] == "you" and said[1:2] in (["have"], ["are"], ["gave"]) else None


def _by_its_verb(clause: _Beginning) -> Clause | None:
    said, words = clause.said, change_table().grammar
    verb = next((at for at, word in enumerate(said) if _is_verb(said, at)), None)
    if verb is None:
        goes_on = clause.joint in {"but", "and"} and clause.last is Clause.COMPLAINT
        # "Terribly loud for a bedroom."
        alone = clause.joint == "so" and clause.last is None and len(said) == 1
        # "So depressing!"
        amiss = alone or {"for", "a"} <= set(said[1:]) or said[0] in words["excess"] or clause.still_not
        return Clause.COMPLAINT if (goes_on or amiss) and not clause.compares else Clause.WISH
    verb = _owned(clause, verb)
    if "between" in said[verb:] and {"them", "us"} & set(said[verb:]):
        # "Everything is resolved between them."
        return Clause.SCENE
    if clause.last is Clause.WISH and {"merely", "only"} & set(said):
        # "It should be tense, at the moment it's only busy."
        return Clause.SCENE
    after = [word for word in said[verb + 1 :] if word != "not"]
    if clause.compares:
        # "Faster without getting louder."
        return Clause.WISH
    if len(after) == 1 and after[0] in _FINE | _OVER:
        # "A gloomy start is fine", "the danger is over".
        return Clause.SCENE
    names_it = said[verb] != "are" and len(after) > 1 and after[0] in _ARTICLES and after[1] not in words["amounts"]
    if names_it and not words["music"] & set(after) and not _plays(clause.tokens, clause.place + verb + 2):
        # "It's a funeral."
        return Clause.SCENE
    if said[0] in {"the", "this", "that", "v"} and not set(said[:verb]) & words["people"] and _TOO & set(after[:3]):
        # "The goodbye is too cheerful" is said of the music to it.
        return Clause.COMPLAINT
    if "enough" in after and ("not" in said[verb:] or said[verb].endswith("n't")):
        # "The girl's death isn't sad enough."
        return Clause.COMPLAINT if not set(said[:1]) & words["people"] else Clause.SCENE
    return _of_whom(clause.tokens, clause.place, verb)


def _owned(clause: _Beginning, verb: int) -> int:
    """The verb of "the villain's entrance isn't menacing", where the "is" of "villain's" is none."""
    if not clause.tokens[clause.place + verb].written.startswith("'"):
        return verb
    later = next((at for at in range(verb + 2, len(clause.said)) if _is_verb(clause.said, at)), verb)
    return later if clause.said[verb] == "is" and clause.said[verb + 1] not in _NOT | {"not"} else verb


_RULES = (_by_its_joint, _by_its_question, _by_its_measure, _by_who_speaks, _by_how_much, _by_its_wishes, _by_its_verb)
"""The first that knows what a clause is about says it."""


def _plays(tokens: Tokens, place: int) -> bool:
    """True for "the brass" of "it's the brass that is too loud"."""
    found = phrase_at(tokens, place)
    return found is not None and found.says is Says.INSTRUMENT


def _passed_over(said: list[str]) -> int:
    """Words before the clause proper: "I think", "the client says", "by the end"."""
    words = change_table()
    if said[:3] == ["at", "the", "moment"]:
        return 3
    if said[:2] == ["any", "reason"]:
        return 2
    if said[:3] == ["i", "find", "it"]:
        return 0
    if len(said) > 2 and said[0] in {"everyone", "everybody"} and said[1] in _FEELS and said[2] in _ARTICLES:
        return 2
    if len(said) > 2 and said[0] == "i" and said[1] in words.grammar["thinking"]:
        return 2
    says = next((at for at, word in enumerate(said[:4]) if word in {"says", "said", "thinks", "reckons"}), None)
    if says is not None and says + 1 < len(said):
        return says + 1
    if said and said[0] in {"by", "at", "in", "from", "on", "towards", "for"}:
        place = next(
            (at for at, word in enumerate(said[:5]) if (word,) in words.places or word in {"half", "bars"}), None
        )
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
    if said not in words["joints_before_people"]:
        return False
    who = place + 2 + (said_at(tokens, place + 2) == "the")
    if said == "and" and after in words["by_hand"] | _SENDS and _plays(tokens, who):
        # "Bring in the choir and turn the strings down."
        return True
    if after in words["people"] | _SPEAKERS or [said_at(tokens, place + more) for more in (1, 3)] == ["at", "moment"]:
        return True
    # "And the music isn't."
    noun, verb = said_at(tokens, place + 2), said_at(tokens, place + 3)
    subject = noun in words["music"] or _plays(tokens, place + 2)
    return after in words["asked_of"] and subject and verb in words["verbs"]


_SENDS = {"leave", "lose", "drop", "cut", "mute"}
_SPEAKERS = {"i", "i'd", "it", "it's", "you", "your", "this"}


def _wishes(said: list[str], at: int) -> bool:
    words = change_table().grammar
    if said[at] in words["hand_wishes"]:
        return at == 0 or said[at - 1] in words["after_wishes"]
    if said[at] in {"has", "have", "got"}:
        return said[at + 1 : at + 2] == ["to"]
    return said[at] in words["wishes"]


def _is_verb(said: list[str], at: int) -> bool:
    """ "It chatters", "the opening shouts": after "it", or for words that move something, what ends like a verb."""
    words = change_table()
    if at == 0 and not said[0].endswith("s"):
        # "Play it higher."
        return False
    if at > 0 and said[at].endswith("s") and not said[at].endswith("ss"):
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
