"""What a clause of a note begins with, the words that only lead to it passed over."""

from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from hitpoint.score.direction_change_joints import ends_at, joins_at
from hitpoint.score.direction_change_phrases import all_changes, compares, longest
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Says, Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at

LOOKED_AT = 12
"""Words from a clause's beginning in which its verb is looked for. Our choice."""


SCARCELY = {"barely", "scarcely", "hardly"}
"""Words for nearly nothing: too little of it in a complaint, what is wanted in an order."""


class Clause(Enum):
    """What a clause is about."""

    WISH = auto()
    """What it says is wanted."""
    COMPLAINT = auto()
    """What it says of the music is wrong with it."""
    SCENE = auto()
    """It tells of the picture or of people, and moves nothing."""


_WHERE_IS = (["where", "is"], ["where", "are"], ["where", "did"], ["where", "has"], ["where", "have"])
_ARTICLES = {"a", "an", "the", "her", "his", "their"}
_FEELS = {"feel", "feels", "felt", "thinks", "thought", "says", "said"}
_LED_BY = {"when", "once", "as", "while", "where", "with", "on", "by", "towards"}
_NO_VERBS = {"as", "always", "perhaps", "plus", "this", "its", "his", "yes", "strings", "drums", "bells", "horns"}
_TROUBLES = {
    "problem", "trouble", "issue", "thing", "worry", "concern", "note", "fear", "gripe", "complaint", "thought",
    "hunch", "quibble",
}  # fmt: skip
_LATER = {"scene", "cue", "episode", "reel", "act", "level", "chapter", "shot", "one"}
_SAYS_SO = {"it's", "i'd", "let's"}
_GOES_ON = {
    ("it", "should"), ("it", "needs"), ("it", "could"), ("it", "must"), ("it", "feels"), ("it", "sounds"),
    ("i", "want"), ("i", "need"), ("let", "it"), ("make", "it"), ("we", "need"), ("it", "gets"), ("it", "was"),
    ("it", "isn't"), ("we", "should"),
}  # fmt: skip
_SAYS = {"says", "said", "thinks", "reckons", "complained", "reckon", "say"}


@dataclass(frozen=True, slots=True)
class Beginning:
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
        return any(wishes_at(said, at) for at in range(len(said)))

    @property
    def still_not(self) -> bool:
        """True for "still not scary"."""
        only = said_at(self.tokens, self.place - 1) in {"still", "just", "simply"} or self.said[0] in {"just", "simply"}
        return only and self.said[0 if self.said[0] == "not" else 1 :][:1] == ["not"] and self.last is not Clause.WISH

    @property
    def reacts(self) -> bool:
        """True for "nobody cried" and "the audience weren't scared": how those who watch take it."""
        said = self.said
        who = next((at for at, word in enumerate(said[:3]) if word in _WATCHERS), None)
        if who is None or who + 1 >= len(said) or self.wishes:
            return False
        did = said[who + 1]
        if said[0] == "nobody" and did in {"in", "at"}:
            # "Nobody in that room felt any fear."
            return bool({"felt", "laughed", "cried", "jumped", "smiled"} & set(said[2:]))
        if said[0] in {"nobody", "no"}:
            return did.endswith("ed") or did in {"will", "would", "was", "felt", "feels", "leapt", "wept", "watching"}
        return did in _TOOK_IT

    @property
    def up_to_a_point(self) -> bool:
        """ "A bit sad but never gloomy": two feelings of which the first is wanted."""
        felt: list[str] = []
        for at in range(self.place, min(len(self.tokens), self.place + 8)):
            said = said_at(self.tokens, at)
            found = phrase_at(self.tokens, at)
            if (found is not None and found.says is Says.MOOD) or (felt and said in {"but", "never", "not"}):
                felt.append(said)
            elif said not in {"a", "an", "bit", "little", "touch", "of", ",", "and", "just", "too"}:
                break
        return len(felt) > 2 and felt[1] == "but" and felt[2] in {"never", "not"}

    @property
    def comes_later(self) -> bool:
        """True for "the tragedy starts in the next scene": what is not there yet."""
        later = {("next", word) for word in _LATER} & set(pairwise(self.said)) or self.said[-1] in {
            "later",
            "afterwards",
        }
        of_music = self.said[0] in {"it", "it's", "this"} or change_table().grammar["music"] & set(self.said[:2])
        verb = any(is_verb_at(self.said, at) for at in range(1, len(self.said)))
        return bool(later and verb) and not (of_music or self.wishes or self.compares)

    @property
    def compares(self) -> bool:
        """True where it begins with "darker" or the like."""
        return compares(self.said[0])


def beginning_at(tokens: Tokens, place: int, last: Clause | None) -> Beginning:
    words = change_table().grammar
    said: list[str] = []
    for at in range(place, min(len(tokens), place + LOOKED_AT)):
        if ends_at(tokens, at) or (at > place and joins_at(tokens, at)):
            break
        said.append(tokens[at].said)
    joint = said[0] if said and said[0] in words["joints"] | {"and"} and said[:2] not in _WHERE_IS else ""
    joint = joint or ("so" if said[:1] == ["so"] else "")
    led = (said[0] in words["joints_of_scene"]) if joint else False
    passed = 2 if said[:2] in (["so", "far"], ["after", "that"]) else 0
    joint = "" if passed else joint
    while passed < len(said) and (
        said[passed] in words["hedges"] or (led and said[passed] in words["joints_of_scene"])
    ):
        passed += 1
    passed += _passed_over(said[passed:])
    return Beginning(tokens, place + passed, said[passed:], joint, last)


def _passed_over(said: list[str]) -> int:
    """Words before the clause proper: "I think", "the client says", "by the end"."""
    words = change_table()
    if said[:3] in (["at", "the", "moment"], ["i", "must", "say"], ["i", "must", "admit"], ["i", "must", "confess"]):
        return 3
    troubled = next((at for at, word in enumerate(said[:5]) if word in _TROUBLES), None)
    if troubled is not None and said[troubled + 1 : troubled + 2] == ["is"] and troubled + 3 < len(said):
        # "My only problem is that it's too jolly."
        rest = said[troubled + 2 :]
        if rest[0] == "that" or rest[0] in {"it's", "it", "there"}:
            return troubled + 2 + (rest[0] == "that")
    if said[:3] in (["i", "can't", "help"], ["i", "can't", "shake"]) and len(said) > 4:
        return 4 + (said[2] == "shake")
    if said[:2] in (["any", "reason"], ["i'm", "told"]):
        return 2
    if said[:2] == ["i", "find"] and {"it", "register"} & set(said[2:5]):
        return 0
    if len(said) > 2 and said[0] in {"everyone", "everybody"} and said[1] in _FEELS and said[2] in _ARTICLES:
        return 2
    if len(said) > 2 and said[0] in {"i", "we"} and said[1] in words.grammar["thinking"] and said[2] != "no":
        return 2 + (said[2] in {"like", "that", "if", "whether"} and len(said) > 3)
    says = next((at for at, word in enumerate(said[:7]) if word in _SAYS), None)
    if (
        says is None
        and "feels" in said[1:4]
        and set(said[said.index("feels") + 1 :][:1]) & {"it", "it's", "this", "the"}
    ):
        says = said.index("feels")
    if says is not None and says + 1 < len(said) and not words.grammar["music"] & set(said[:says]) - {"whole", "all"}:
        return says + 1 + (said[says + 1] == "that")
    if said[:2] in (["only", "it's"], ["only", "it"], ["only", "that's"]):
        # "Nice, only it's too loud."
        return 1
    if "it's" in said[2:7]:
        # "Straight off the bat it's too happy."
        led = said[: said.index("it's")]
        small = words.grammar["verbs"] | words.grammar["wishes"] | words.grammar["people"]
        if not set(led) & small and not {"if", "that", "because"} & set(led):
            return len(led)
    if said and said[0] in {"by", "at", "in", "from", "on", "towards", "for"}:
        place = next(
            (at for at, word in enumerate(said[:5]) if (word,) in words.places or word in {"half", "bars"}), None
        )
        if place is not None and place + 1 < len(said):
            return place + 1
    if said and said[0] in words.grammar["during"] | _LED_BY:
        # "In the kitchen it's too tense", "when she sees it I want dread".
        told = next(
            (
                at
                for at in range(2, min(len(said) - 1, 7))
                if tuple(said[at : at + 2]) in _GOES_ON or said[at] in _SAYS_SO
            ),
            None,
        )
        if told is not None:
            return told
    return 0


_TOOK_IT = {"was", "were", "wasn't", "weren't", "fell", "felt", "laughed", "cried", "yawned", "found", "got", "thought"}
_WATCHERS = {"audience", "audiences", "viewers", "crowd", "testers", "room", "nobody", "one", "people",
             "wife", "mum", "kids", "nan", "boss", "editor", "producer"}  # fmt: skip


def wishes_at(said: list[str], at: int) -> bool:
    words = change_table().grammar
    if said[at] in words["hand_wishes"]:
        return at == 0 or said[at - 1] in words["after_wishes"]
    if said[at] == "hope" and at > 0 and said[at - 1] not in {"i", "we", "let's"}:
        # "It suggests hope."
        return False
    if said[at] == "how" and at > 1:
        # "It doesn't match how frightened he is."
        return False
    if said[at] in {"more", "less"} and at > 1 and said[at - 1] in {"is", "are", "was"} and said[0] in words["people"]:
        # "She's more bitter than sad."
        return False
    if said[at] in {"has", "have", "got"}:
        return said[at + 1 : at + 2] == ["to"]
    return said[at] in words["wishes"]


def is_verb_at(said: list[str], at: int) -> bool:
    """ "It chatters", "the opening shouts": after "it", or for words that move something, what ends like a verb."""
    words = change_table()
    if at == 0 and not said[0].endswith("s"):
        # "Play it higher."
        return False
    if at > 0 and said[at] == "made" and said[at - 1] in {"it", "this", "that", "music", "cue"}:
        return True
    if at > 0 and said[at].endswith("s") and not said[at].endswith("ss") and said[at] not in _NO_VERBS:
        before, plain = said[at - 1], (said[at],)
        if before in {"it", "this", "everything"}:
            return True
        if before in words.grammar["music"] or (before,) in words.places:
            moves = plain in words.controls or plain in words.complaints or plain in words.masking
            return moves or said[at] in words.grammar["verbs"]
    return said[at] in words.grammar["verbs"]


def has_effect(said: list[str]) -> bool:
    """True for "frightening", "scary" or "funny enough": what somebody is to us."""
    felt = next(
        (
            word
            for word in said
            if word not in {"very", "remotely", "at", "all", "really", "that", "feel", "seem", "even", "be", "look"}
        ),
        "",
    )
    return felt in _EFFECTS


_EFFECTS = {
    "frightening", "terrifying", "unsettling", "disturbing", "charming", "convincing", "touching", "inspiring",
    "chilling", "thrilling", "exciting", "haunting", "likeable", "likable", "imposing", "repulsive", "adorable",
    "sympathetic", "dangerous", "scary", "funny", "creepy", "menacing", "sinister", "threatening", "intimidating",
    "heroic", "evil", "sexy", "cool", "magical",
}  # fmt: skip


DOUBTS = (
    ("i", "don't", "think"), ("i'm", "not", "sure"), ("i'm", "not", "convinced"), ("not", "sure"),
    ("not", "convinced"), ("we", "don't", "think"), ("i", "can't", "tell", "if"), ("i", "doubt"),
    ("i", "can't", "tell", "whether"), ("i", "can't", "tell"),
    ("i", "wouldn't", "say"), ("wouldn't", "say"), ("i", "don't", "find"),
)  # fmt: skip


def doubts_at(tokens: Tokens, place: int) -> bool:
    """True before "I'm not sure it's scary"."""
    return any(tuple(said_at(tokens, place + at) for at in range(len(doubt))) == doubt for doubt in DOUBTS)


def of_whom(tokens: Tokens, place: int, verb: int) -> Clause:
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
    if felt and said_at(tokens, place + verb) == "isn't" and not said_at(tokens, place + verb + 1).isalpha():
        # "Wistful is fine, despairing isn't."
        return Clause.COMPLAINT
    return Clause.WISH if felt else Clause.SCENE


_THINGS = {
    "magic", "hope", "joy", "warmth", "wonder", "light", "drama", "romance", "sparkle", "energy", "bite", "air",
    "space", "mischief", "fun", "humour", "humor", "dread", "menace", "fear", "grit", "edge", "charm", "grief", "love",
    "heart", "sorrow", "colour", "color", "weight", "swagger", "life", "lift", "room", "movement", "suspense", "drive",
    "urgency", "melancholy", "sympathy", "dignity", "sunshine", "danger", "peril", "pathos", "zip", "pep", "oomph",
}  # fmt: skip
_DETERMINERS = {"the", "a", "an", "my", "our", "his", "her", "their", "this", "that", "these", "those", "one"}
_DID = {"lost", "left", "gave", "took", "came", "went", "let", "saw", "found", "knew", "just", "only", "will", "won't"}
_ODDLY = {"oddly", "weirdly", "strangely", "curiously", "suspiciously", "bizarrely", "peculiarly", "inexplicably",
          "unaccountably", "incongruously", "inappropriately", "needlessly", "unnecessarily", "irritatingly",
          "annoyingly", "distractingly"}  # fmt: skip
TAKEN_IN = {"players", "people", "they", "audience", "audiences", "viewers", "kids", "everyone", "everybody", "you"}
_NOT = {"do", "does", "did", "is", "are", "was", "should", "must", "need"}


def by_its_subject(clause: Beginning) -> Clause | None:
    """ "The kid only lost a mitten", "players will nod off": somebody who is no part of the music does something."""
    said, words = clause.said, change_table().grammar
    led = said[0] in _DETERMINERS
    if words["wishes"] - {"let"} & set(said) or "think" in said:
        return None
    for at in range(1, min(len(said) - 1, 4)):
        word, before = said[at], said[at - 1]
        noun = clause.place + at - 1
        if word in words["verbs"] | words["music"] or any(
            (one,) in change_table().places or one in words["music"] for one in said[:at]
        ):
            return None
        if before in words["articles"]:
            continue
        named = led and (before in {"cut", "edit"} or not _known(clause.tokens, noun))
        named = named or (
            at == 1 and (before in TAKEN_IN or longest(clause.tokens, noun, change_table().scenes)[1] == 1)
        )
        does = word in _DID or (
            word.endswith(("s", "ed")) and not word.endswith("ss") and not _known(clause.tokens, noun + 1)
        )
        if named and does:
            return Clause.SCENE
    return None


def _a_thing(word: str) -> bool:
    """True for "hope" and "tenderness", of which there may be a little; not for "sad"."""
    return word in _THINGS or word.endswith(("ness", "ion", "ity", "ence", "ance", "ment", "ery", "ism"))


def _known(tokens: Tokens, place: int) -> bool:
    """True for a word of the music, of a feeling, or of anything that moves something."""
    found = phrase_at(tokens, place)
    named = found is not None and found.says in (Says.INSTRUMENT, Says.MOOD, Says.MODE, Says.DEGREE)
    return named or longest(tokens, place, all_changes())[1] > 0


def by_how_much(clause: Beginning) -> Clause | None:
    """ "A bit sleepy, this", "kind of bare"."""
    said, words = clause.said, change_table().grammar
    shade = said[1:] if said[0] in words["articles"] or said[:2] in (["kind", "of"], ["sort", "of"]) else said
    while shade[:1] in (["a"], ["an"], ["just"], ["only"]):
        # "Perfect, only a bit quick."
        shade = shade[1:]
    if said[0] == "little" or (shade[:1] == ["little"] and shade[1:2] and _a_thing(shade[1])):
        # "Little sparkle over the snow", "a little magic at the beginning".
        return None
    if said[0] in {"too", "overly"}:
        # "Too menacing for a kid's bedroom."
        return Clause.WISH
    if said[1:2] == ["of"] and clause.last is Clause.WISH:
        # "Dreamier, sort of floating."
        return None
    if clause.up_to_a_point:
        return None
    odd = next((at for at, word in enumerate(said) if word in _ODDLY), None)
    if odd is not None and not clause.wishes and odd + 1 < len(said):
        # "The hospital scene came across weirdly upbeat."
        return Clause.COMPLAINT
    if len(shade) < 2 or shade[0] not in words["amounts"] | {"of"} or shade[1] == "of":
        return None
    return None if clause.wishes or compares(shade[1]) else Clause.COMPLAINT


def owned(clause: Beginning, verb: int) -> int:
    """The verb of "the villain's entrance isn't menacing", where the "is" of "villain's" is none."""
    if not clause.tokens[clause.place + verb].written.startswith("'"):
        return verb
    later = next((at for at in range(verb + 2, len(clause.said)) if is_verb_at(clause.said, at)), verb)
    return later if clause.said[verb] == "is" and not set(clause.said[verb + 1 : verb + 2]) & (_NOT | {"not"}) else verb


def by_its_question(clause: Beginning) -> Clause | None:
    """ "Isn't it frantic?" and "does it have to be this sad?" say what is wrong, "shouldn't it be sadder?" does not."""
    said, words = clause.said, change_table().grammar
    if said[0] in {"should", "must"} and {"this", "so", "that"} & set(said[3:]):
        # "Should it really be this stressful?"
        return Clause.COMPLAINT
    if said[0] not in words["asks"] or not set(said[1:2]) & words["asked_of"]:
        return None
    if set(said) & {"know", "noticed", "realise"} and set(said) & {"music", "cue", "score"}:
        # "Does the music know he's dead?"
        return Clause.SCENE
    if {"way", "chance", "version", "world", "room"} & set(said[2:5]) and said[1] == "there":
        # "Is there a way to make this less creepy?"
        return Clause.WISH
    if {"this", "that", "so", "supposed", "meant"} & set(said[2:]):
        return Clause.COMPLAINT
    if "enough" in said:
        # "Is it dark enough?"
        return Clause.WISH
    asks_for = clause.wishes or any(compares(word) for word in said)
    # "Is it a comedy?", but "isn't it a bit cold?"
    names_it = set(said[2:3]) & _ARTICLES and not set(said[3:4]) & words["amounts"]
    return None if asks_for or names_it else Clause.COMPLAINT


_REASONS = {"because", "since", "'cause", "cos"}
_LANDS = {"has", "have", "can", "land", "lands", "gets", "get", "reads", "hits", "comes", "works", "registers"}


def by_its_joint(clause: Beginning) -> Clause | None:
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
    if (
        clause.joint == "so"
        and said[1:2] in (["can"], ["could"])
        and said[0] in change_table().grammar["people"]
        and not any(compares(word) for word in said)
        and not set(said[2:3]) & ({"let"} | change_table().grammar["hand_wishes"])
    ):
        # "So we can cover the montage."
        return Clause.SCENE
    if (
        clause.joint == "so"
        and said[0] in {"the", "her", "his"}
        and set(said[2:]) & _LANDS
        and not (change_table().grammar["music"] & set(said[1:3]))
    ):
        # "So the gate slam has somewhere to land."
        return Clause.SCENE
    if "about" in said[:-1] and said[said.index("about") + 1] == "to" and said[0] not in {"it", "it's"}:
        # "This hero is about to jump."
        return Clause.SCENE
    if said[:2] == ["why", "would"] or said[-2:] == ["soon", "enough"]:
        return Clause.SCENE
    if said[:3] == ["by", "the", "time"] or clause.comes_later:
        # "The tragedy starts in the next scene."
        return Clause.SCENE
    if said[0] in {"not", "never"} and {("like", "it"), ("as", "it"), ("like", "now")} & set(pairwise(said)):
        # "Cheerful, but not manic like it is now."
        return Clause.WISH
    captured = {"nailed", "captured", "caught"} & {said_at(clause.tokens, clause.place - back) for back in range(1, 9)}
    if (
        said[0] == "not"
        and clause.last is Clause.SCENE
        and not captured
        and not clause.still_not
        and said[1:2]
        and said[1] not in {"so", "too", "as", "that"}
    ):
        # "It's a vicarage, not a coronation."
        return Clause.SCENE
    return None
