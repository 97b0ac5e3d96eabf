"""Where a clause of a note ends and another one begins."""

from hitpoint.score.direction_change_phrases import compares, longest
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Says, Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_tokens import TokenKind


def plays_at(tokens: Tokens, place: int) -> bool:
    """True for "the brass" of "it's the brass that is too loud"."""
    found = phrase_at(tokens, place)
    return found is not None and found.says is Says.INSTRUMENT


def _led(tokens: Tokens, place: int) -> bool:
    """True where a "when" and what happens then stand before."""
    for at in range(place - 1, max(-1, place - 9), -1):
        if ends_at(tokens, at):
            return False
        by_then = [said_at(tokens, one) for one in (at - 2, at - 1, at)] == ["by", "the", "time"]
        if by_then or said_at(tokens, at) in change_table().grammar["joints_of_scene"]:
            return at + 2 < place
    return False


_IT_DOES = {"gets", "is", "should", "feels", "needs", "sounds", "goes", "could", "must"}


def left_at(tokens: Tokens, place: int) -> bool:
    """True before the harp of "nothing in the last bar but the harp": who is left."""
    after = place + 1 + (said_at(tokens, place + 1) in {"the", "a", "for"}) + (said_at(tokens, place + 2) == "the")
    if said_at(tokens, place) not in {"but", "except"} or not plays_at(tokens, after):
        return False
    for at in range(place - 1, max(-1, place - 9), -1):
        if ends_at(tokens, at):
            return False
        if said_at(tokens, at) in {"nothing", "nobody", "everyone", "everybody", "everything"}:
            left = said_at(tokens, at) in {"nothing", "nobody"}
            gone = _GONE & {said_at(tokens, one) for one in range(at - 3, place)}
            # "Everything louder except the drums" sends nobody away.
            return at + 1 < place and bool(left or gone)
    return False


def but_is_not(tokens: Tokens, place: int) -> bool:
    """True before "but it's not" and ", but it isn't"."""
    place += said_at(tokens, place) == ","
    ahead = [said_at(tokens, place + more) for more in range(3)]
    return ahead[0] == "but" and (ahead[1:] == ["it's", "not"] or ahead[1:] in (["it", "isn't"], ["it", "lacks"]))


def ends_at(tokens: Tokens, place: int) -> bool:
    """True for what ends a clause: a comma, a colon, a dash with room around it."""
    token = tokens[place]
    loose = not token.glued and place + 1 < len(tokens) and not tokens[place + 1].glued
    return token.kind is TokenKind.STOP or token.said == ":" or (token.said == "-" and loose)


def _compared(tokens: Tokens, place: int) -> bool:
    """True where the clause before says that something is to be more or less so."""
    for at in range(place - 1, -1, -1):
        if ends_at(tokens, at):
            return False
        if compares(said_at(tokens, at)) or said_at(tokens, at) in _COUNTED:
            return any(plays_at(tokens, one) for one in range(at - _NEAR, at + _NEAR + 1) if 0 <= one < place)
    return False


_COUNTED = {"more", "less", "fewer"}
_NEAR = 4
"""Words between a player and how he is to be. Our choice."""


def _names_soon(tokens: Tokens, place: int) -> bool:
    """True where a player is named within a few words, in the same clause."""
    for at in range(place, min(len(tokens), place + _NEAR)):
        if ends_at(tokens, at):
            return False
        if plays_at(tokens, at):
            return True
    return False


def joins_at(tokens: Tokens, place: int) -> bool:
    """True for a word that another clause begins with: "because", or "and" before "they"."""
    words, said = change_table().grammar, said_at(tokens, place)
    if said in {"but", "except"} and left_at(tokens, place):
        # "Nothing in the last bar but the harp."
        return False
    if said in words["joints"]:
        if said == "before" and said_at(tokens, place + 1) in {"", "but", "and", ".", ",", "!", "?"}:
            # "Better than before but still not scary."
            return False
        if said == "after" and said_at(tokens, place - 1) in {"i'm", "are", "not"}:
            # "I'm after melancholy."
            return False
        first = place + 1 + (said_at(tokens, place + 1) == "the")
        placed = said_at(tokens, place + 1) in _PLACED or longest(tokens, first, change_table().places)[1] > 1
        if said in _PLACING and placed:
            # "Everything after bar 20 feels rushed."
            return False
        # "What if it was darker?", "as if she is leaving".
        return said_at(tokens, place - 1) not in {
            "what",
            "as",
            "how",
            "even",
            "like",
            "about",
            "tell",
            "sure",
            "wonder",
            "say",
            "see",
        } or said not in {
            "if",
            "though",
        }
    after = said_at(tokens, place + 1)
    wishes = said in {"we", "i"} and after in {"should", "want", "need", "must"}
    if (wishes or said == "it's" or (said == "it" and after in _IT_DOES)) and _led(tokens, place):
        # "When the strings come in it's too sad."
        return True
    goes_on = said == "it's" or (said == "they" and after in words["verbs"]) or (said == "it" and after in _IT_DOES)
    if goes_on and _ends_in_player(tokens, place):
        # "Kill the bells they sound like an ice cream van."
        return True
    following = place + 1 + (after == "the")
    another = phrase_at(tokens, following) if said == "and" and plays_at(tokens, following) else None
    if another is not None and _compared(tokens, place):
        # "The viola to be higher and the cello to be lower", "the brass less aggressive and the strings more tense".
        so = said_at(tokens, following + another.tokens)
        if so in {"to", "should", "more", "less"}:
            return True
    if (
        said == "and"
        and after in {"more", "less", "fewer"}
        and _names_soon(tokens, place + 2)
        and _compared(tokens, place)
    ):
        # "Fewer notes in the piano and more notes in the strings".
        return True
    table = change_table()
    orders = max(longest(tokens, place + 1, known)[1] for known in (table.players, table.signs)) > 1
    if said == "so" and (after in _SO_DO | {"the", "her", "his"} or orders or compares(after)):
        # "It's in a high register so keep the strings low."
        return True
    as_they_are = said == "as" and said_at(tokens, place + 2) in {"are", "were"}
    as_it_is = [said_at(tokens, place + more) for more in range(3)] in _AS_IS
    if said not in words["joints_before_people"] or as_they_are or as_it_is:
        # "Keep the strings as they are and slow it down."
        return False
    who = place + 2 + (said_at(tokens, place + 2) == "the")
    if said in {"and", "but"} and after in {"got", "ends", "begins", "finishes"}:
        return True
    keeps = after in {"keep", "leave"} and said_at(tokens, place + 2) in {"it", "the", "everything"}
    if said in {"and", "then"} and (after in {"make", "give"} or keeps or _orders_it(tokens, place + 1)):
        # "Keep it sad and make it louder", "as it is and thin it out".
        return True
    if said in {"and", "then"} and after in words["by_hand"] | _SENDS and (after in _ORDERS or plays_at(tokens, who)):
        # "Bring in the choir and turn the strings down."
        return True
    if after in {"currently", "presently"} or (after, said_at(tokens, place + 2)) == ("right", "now"):
        return True
    if after in words["people"] | _SPEAKERS or [said_at(tokens, place + more) for more in (1, 3)] == ["at", "moment"]:
        return True
    if after in _WHOSE and said_at(tokens, place + 3) in _IS and not plays_at(tokens, place + 2):
        # "This feels agitated and the man is tired."
        return True
    # "And the music isn't."
    player = phrase_at(tokens, place + 2)
    plays = player is not None and player.says is Says.INSTRUMENT
    verb = said_at(tokens, place + 2 + (player.tokens if player is not None and plays else 1))
    subject = said_at(tokens, place + 2) in words["music"] or plays
    one = place + 1 + (after in {"the", "a", "an", "my"})
    named = phrase_at(tokens, one)
    if (
        named is not None
        and named.says is Says.INSTRUMENT
        and not _ends_in_player(tokens, place)
        and _sets_one_against(tokens, one + named.tokens)
    ):
        # "The oboe louder and the harp softer", but "oboe and harp softer".
        return True
    return after in words["asked_of"] and subject and verb in words["verbs"]


def _orders_it(tokens: Tokens, place: int) -> bool:
    """True before "thin it out" and "slow it down"."""
    table = change_table()
    found = max((longest(tokens, place, known) for known in (table.controls, table.tempi)), key=lambda one: one[1])[0]
    return len(found) > 1 and found[1] == "it"


def _ends_in_player(tokens: Tokens, place: int) -> bool:
    """True where a player's name stands right before."""
    for back in range(1, min(4, place + 1)):
        found = phrase_at(tokens, place - back)
        if found is not None and found.says is Says.INSTRUMENT and found.tokens == back:
            return True
    return False


def _sets_one_against(tokens: Tokens, place: int) -> bool:
    """True where what stands there says how the one before it is to be."""
    said = said_at(tokens, place)
    return (
        compares(said)
        or said in {"up", "down", "back", "forward", "quieter"}
        or (said in {"a", "much"} and compares(said_at(tokens, place + 2)))
    )


_PLACING, _PLACED = {"after", "before", "until", "till", "from"}, {"bar", "bars", "measure", "halfway"}
_ORDERS = {"make", "give", "take", "bring", "lose", "drop", "cut", "add", "mute", "push", "pull", "turn"}
_SO_DO = {
    "make", "give", "take", "bring", "lose", "drop", "cut", "add", "mute", "push", "pull", "turn", "keep", "let",
    "play", "try", "hold", "leave", "strip", "tone", "dial", "calm", "stop", "don't", "ease", "build", "start",
    "end", "be", "no", "more", "less", "please", "can", "could", "tighten", "thin", "simplify",
}  # fmt: skip
_GONE = {"out", "away", "gone", "mute", "muted", "cut", "drop", "drops", "lose", "stop", "stops", "silent", "off",
         "strip", "rests", "rest", "goes", "go"}  # fmt: skip
_AS_IS = (["as", "it", "is"], ["as", "it's", "now"], ["as", "it", "was"])
_WHOSE = {"the", "my", "our", "his", "her", "this"}
_IS = {"is", "isn't", "are", "aren't", "hasn't", "haven't", "doesn't", "don't"}
_SENDS = {"leave", "lose", "drop", "cut", "mute"}
_SPEAKERS = {"i", "i'd", "i'm", "it", "it's", "you", "your", "this", "there", "we'd", "we"}
