"""What a clause of a note is about: what is wanted, what is wrong, or what happens in the picture.

"Make it colder", "it's a bit cold" and "he is cold" say one word of three things: the first wants it, the second wants
less of it, the third tells of the scene and asks for nothing.
"""

from itertools import pairwise

from hitpoint.score.direction_change_beginnings import (
    SCARCELY,
    Beginning,
    Clause,
    beginning_at,
    has_effect,
    is_verb_at,
    wishes_at,
)
from hitpoint.score.direction_change_joints import plays_at
from hitpoint.score.direction_change_phrases import compares, longest
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Says, Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at

_ASKED = {"liked", "preferred", "asked", "wanted", "ordered", "said", "expected", "hoped"}
_GOES_BADLY = {"sag", "drag", "rush", "plod", "flag", "shout", "scream", "meander", "crawl"}
_PRAISED = {
    "mood",
    "tone",
    "feel",
    "idea",
    "work",
    "stuff",
    "job",
    "vibe",
    "texture",
    "colour",
    "color",
    "theme",
    "tune",
}
_REASONS = {"because", "since", "'cause", "cos"}
_WHERE_IS = (["where", "is"], ["where", "are"], ["where", "did"], ["where", "has"], ["where", "have"])
_FINE = {
    "fine", "ok", "okay", "great", "good", "perfect", "lovely", "excellent", "brilliant", "wonderful", "fantastic",
    "superb", "terrific", "gorgeous", "beautiful", "right",
}  # fmt: skip
_ARTICLES = {"a", "an", "the", "her", "his", "their"}
_AS_IT_SHOULD = (
    ["spot", "on"], ["bang", "on"], ["on", "point"], ["there"], ["about", "right"], ["just", "right"],
    ["all", "right"], ["how", "i", "like", "it"], ["well", "judged"], ["working"], ["there", "already"],
    ["where", "i", "want", "it"],
)  # fmt: skip
_DONT_SENSE = (["i", "don't"], ["we", "don't"], ["we", "are"], ["i'm", "not"], ["you", "don't"],
               ["nobody", "feels"], ["i", "didn't"])  # fmt: skip
_TELLS = {"give", "gave", "giving", "given", "overdid", "overdone", "overplayed", "telegraphed"}
_BARELY = {"there", "any", "audible", "anything", "a", "noticeable", "perceptible"} - {"a"}
_TOO_LONG = {("too", word) for word in ("long", "soon", "early", "often", "late")}
_AIMS = {"looking", "going", "after", "aiming", "hoping", "thinking", "picturing", "imagining", "asking"}
_DOUBTS = (
    ("i", "don't", "think"), ("i'm", "not", "sure"), ("i'm", "not", "convinced"), ("not", "sure"),
    ("not", "convinced"), ("we", "don't", "think"), ("i", "can't", "tell", "if"), ("i", "doubt"),
    ("i", "can't", "tell", "whether"), ("i", "wouldn't", "say"), ("wouldn't", "say"), ("i", "don't", "find"),
)  # fmt: skip
_TAKEN_IN = {"players", "people", "they", "audience", "audiences", "viewers", "kids", "everyone", "everybody", "you"}
_COPULAS = {"is", "it's", "that's", "was", "isn't", "wasn't", "were", "ain't"}
_IN_THE_PICTURE = {
    "eyes", "face", "room", "screen", "picture", "frame", "shot", "voice", "smile", "performance", "her", "his",
    "their",
}  # fmt: skip
_PLAYS_SO = {
    "screams", "scream", "shouts", "shout", "blares", "blare", "drags", "drag", "rushes", "rush", "honks", "honk",
    "shriek", "shrieks", "dominates", "dominate", "thunder", "thunders", "wails", "wail", "chatters", "chatter",
    "growls", "screech", "frighten", "frightens", "scare", "scares",
}  # fmt: skip
_REACTED = {
    "laughed", "cried", "got", "yawned", "jumped", "smiled", "dozed", "drifted", "giggled", "chuckled", "lost",
    "fell", "felt",
}  # fmt: skip
_OVER = {"over", "past"}
_HIS_MUSIC = {"theme", "music", "cue", "tune", "melody", "motif", "leitmotif", "score", "track", "entrance", "entry"}
_TOO = {"too", "nowhere", "overly"}
_NOT = {"do", "does", "did", "is", "are", "was", "should", "must", "need"}


def doubts_at(tokens: Tokens, place: int) -> bool:
    """True before "I'm not sure it's scary"."""
    return any(tuple(said_at(tokens, place + at) for at in range(len(doubt))) == doubt for doubt in _DOUBTS)


def clause_at(tokens: Tokens, place: int, last: Clause | None = None) -> Clause:
    """What the clause that begins at `place` is about; `last` is the one before, which "but sleepy" goes on with."""
    beginning = beginning_at(tokens, place, last)
    if not beginning.said:
        return Clause.WISH
    return next((found for rule in _RULES if (found := rule(beginning)) is not None), Clause.WISH)


def _by_its_joint(clause: Beginning) -> Clause | None:
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
    if clause.comes_later:
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
        and said[1:2]
        and said[1] not in {"so", "too", "as", "that"}
    ):
        # "It's a vicarage, not a coronation."
        return Clause.SCENE
    return None


def _by_its_question(clause: Beginning) -> Clause | None:
    """ "Isn't it frantic?" and "does it have to be this sad?" say what is wrong, "shouldn't it be sadder?" does not."""
    said, words = clause.said, change_table().grammar
    if said[0] not in words["asks"] or not set(said[1:2]) & words["asked_of"]:
        return None
    if set(said) & {"know", "noticed", "realise"} and set(said) & {"music", "cue", "score"}:
        # "Does the music know he's dead?"
        return Clause.SCENE
    if {"way", "chance"} & set(said[2:5]) and said[1] == "there":
        # "Is there a way to make this less creepy?"
        return Clause.WISH
    if {"this", "that", "so"} & set(said[2:]):
        return Clause.COMPLAINT
    if "enough" in said:
        # "Is it dark enough?"
        return Clause.WISH
    asks_for = clause.wishes or any(compares(word) for word in said)
    # "Is it a comedy?", but "isn't it a bit cold?"
    names_it = set(said[2:3]) & _ARTICLES and not set(said[3:4]) & words["amounts"]
    return None if asks_for or names_it else Clause.COMPLAINT


def _by_its_measure(clause: Beginning) -> Clause | None:
    """ "He's lonelier than this", "the scene is sadder than the music": it is to be as he is."""
    said, words = clause.said, change_table().grammar
    if "than" not in said[:-1] or clause.wishes:
        return None
    than = said.index("than")
    after = said[than + 1 :]
    with_it = after[0] in {"this", "that"} or after == ["it"] or bool(words["music"] - {"it"} & set(after[1:2]))
    of_music = bool(words["music"] - {"it", "this"} & set(said[:2]))
    return Clause.WISH if with_it and not of_music and any(compares(word) for word in said[:than]) else None


def _by_who_speaks(clause: Beginning) -> Clause | None:
    said, words = clause.said, change_table().grammar
    thinks = said.index("think") if "think" in said[1:3] else 0
    taken_in = said[0] in _TAKEN_IN and said[1:2] in (["will"], ["would"], ["might"])
    if thinks and (taken_in or said[0] in {"you'd", "they'd"}) and not any(compares(word) for word in said):
        # "Players will think they won."
        return Clause.COMPLAINT
    if said[:2] in _WHERE_IS:
        # "Where's the danger?"
        return Clause.WISH
    doubted = next((len(doubt) for doubt in _DOUBTS if tuple(said[: len(doubt)]) == doubt), 0)
    if doubted:
        # "I don't think it's scary", but "I don't think it should be sad".
        if set(said[doubted : doubted + 1]) & (words["people"] - {"they", "we"}):
            # "I don't think she's sad here."
            return Clause.SCENE
        wished = any(wishes_at(said, at) for at in range(doubted, len(said)))
        return Clause.WISH if wished or not set(said[doubted:]) & words["verbs"] else Clause.COMPLAINT
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
    if said[:2] in _DONT_SENSE and set(said[2:4]) & words["sensed"]:
        return Clause.COMPLAINT
    if said[:2] in (["i", "can't"], ["i", "cannot"], ["we", "can't"], ["you", "can't"]) and set(said[2:3]) & (
        words["sensed"] - {"hear", "see"}
    ):
        return Clause.COMPLAINT
    if said[:2] in (["we", "know"], ["i", "know"], ["we", "get"], ["i", "get"]) and set(said[2:5]) & {
        "it's",
        "is",
        "that",
        "are",
    }:
        # "We know he's sad."
        return Clause.COMPLAINT
    if said[:2] == ["i'm", "missing"] or (said[0] in {"i'm", "we"} and {"supposed", "meant"} & set(said[1:4])):
        return Clause.WISH
    if said[0] in {"i", "we"} and set(said[1:2]) & _ASKED:
        # "I asked for menace."
        return Clause.WISH
    if said[0] == "i" and said[1:2] and said[1] in _REACTED and clause.last is not Clause.WISH:
        # "I laughed", "I got bored around bar 12".
        return Clause.COMPLAINT
    if said[0] == "you" and {"nailed", "captured", "caught"} & set(said[1:4]) and not clause.wishes:
        # "You've captured the joy."
        return Clause.SCENE
    if (
        said[0] == "not"
        and clause.last is Clause.SCENE
        and {"nailed", "captured", "caught"} & {said_at(clause.tokens, clause.place - back) for back in range(1, 9)}
    ):
        # "…but not the sadness."
        return Clause.COMPLAINT
    if (
        said[0] == "there"
        and set(said) & {"in", "on"}
        and set(said) & _IN_THE_PICTURE
        and not {"too", "no"} & set(said)
    ):
        # "There's fear in her eyes."
        return Clause.SCENE
    if set(said) & {"know", "told", "tell", "noticed", "realise"} and set(said) & {"music", "cue", "score"}:
        # "Does the music know he's dead?", "nobody told the music it's a tragedy".
        return Clause.SCENE
    if clause.joint == "who" and said[0] == "said":
        # "Who said this was a comedy?"
        return Clause.COMPLAINT
    if said[0] in {"it", "it's", "this"} and ("don't" in said[2:] and {"like", "want", "need"} & set(said[3:])):
        # "It has an edge I don't like."
        return Clause.COMPLAINT
    if said[:3] == ["the", "word", "is"]:
        return Clause.WISH
    if said[0] in {"stop", "quit"}:
        # "Quit telling us it's sad."
        return Clause.WISH
    if said[0] in {"who", "did", "has"} and {"died", "die"} & set(said[:4]):
        # "Who died?"
        return Clause.COMPLAINT
    before = [said_at(clause.tokens, clause.place - back) for back in (4, 3, 2)]
    if before in (["we", "get", "it"], ["i", "get", "it"], ["we", "know", "that"]):
        # "We get it, he's sad."
        return Clause.COMPLAINT
    if said[0] == "got" and clause.last is Clause.WISH:
        # "I asked for menace and got a picnic."
        return Clause.COMPLAINT
    if (said[0] in {"you", "we", "i", "they"} and set(said[:5]) & _TELLS) or (
        said[0] in {"you", "you've"} and "too" in said[1:5]
    ):
        # "We give away the sadness too early", "you went too dark".
        return Clause.COMPLAINT
    if said[:2] == ["are", "we"] and set(said[2:4]) & {"at", "in", "watching", "scoring"}:
        # "Are we at a funeral?"
        return Clause.COMPLAINT
    if (said[0] == "i'm" and set(said[1:2]) & _AIMS) or (
        said[:2] in (["we", "are"], ["they", "are"])
        and set(said[2:3]) & _AIMS
        and "for" in said + ["for"] * (said[2:3] == ["after"])
    ):
        # "I'm looking for dread."
        return Clause.WISH
    if said[0] == "i'm" or (said[0] == "i" and (said[1:2] == ["keep"] or not clause.wishes)):
        if words["about_me"] & set(said[:2]):
            return Clause.COMPLAINT
        done = len(said) > 1 and (said[1].endswith("ed") or said[1] in words["done"])
        return Clause.SCENE if done else Clause.WISH
    return None


def _by_how_much(clause: Beginning) -> Clause | None:
    """ "A bit sleepy, this", "kind of bare"."""
    said, words = clause.said, change_table().grammar
    shade = said[1:] if said[0] in words["articles"] or said[:2] in (["kind", "of"], ["sort", "of"]) else said
    if said[0] == "only" and shade[:1] in (["a"], ["an"]):
        # "Perfect, only a bit quick."
        shade = shade[1:]
    if said[1:2] == ["of"] and clause.last is Clause.WISH:
        # "Dreamier, sort of floating."
        return None
    if clause.up_to_a_point:
        return None
    if len(shade) < 2 or shade[0] not in words["amounts"] | {"of"} or shade[1] == "of":
        return None
    return None if clause.wishes or compares(shade[1]) else Clause.COMPLAINT


def _by_its_wishes(clause: Beginning) -> Clause | None:
    said, words = clause.said, change_table().grammar
    nodded = said[:1] if said[1:] in (["so"], ["now"], ["already"]) or set(said[1:]) <= _PRAISED else said
    if len(nodded) == 1 and nodded[0] in words["praise"] | {"grand"} and len(clause.tokens) > clause.place + 1:
        # "Nice, but can it be darker?"
        return Clause.SCENE
    if "by" in said and set(said[said.index("by") + 1 :][:1]) & {"this", "it", "that"} and not clause.wishes:
        # "Nobody is going to be scared by this."
        return Clause.COMPLAINT
    if "thinks" in said[1:4] and words["music"] & set(said[:2]):
        # "The cue thinks this is a comedy."
        return Clause.COMPLAINT
    if said[0] == "nothing" and set(said[1:]) & {"says", "feels", "makes", "sounds", "tells", "scares"}:
        # "Nothing about this says danger."
        return Clause.COMPLAINT
    if said[0] in _WHO_WATCHES and clause.reacts:
        # "Nobody cried", "the test audience weren't scared".
        return Clause.COMPLAINT
    if said[0] in _ALL_OF_US and said[1:2] and not is_verb_at(said, 1) and said[1] not in _AFTER_US:
        # "Everybody calm down."
        return Clause.WISH
    if said[0] in {"it", "this"} and said[1:2] == ["never"]:
        # "It never explodes" wants it to.
        return Clause.COMPLAINT
    if said[0] == "you" and set(said[1:2]) & (words["done"] - {"gave", "made"}):
        # "You cut the harp."
        return Clause.SCENE
    if clause.wishes:
        return Clause.WISH
    if (said[0] in words["owners"] and set(said[1:2]) & _HIS_MUSIC) or (
        said[1:2] == ["is"] and set(said[2:3]) & _HIS_MUSIC
    ):
        # "Her theme is too sad."
        return Clause.COMPLAINT
    if said[0] in words["people"] and said[1:2] in (["isn't"], ["aren't"], ["doesn't"]) and has_effect(said[2:]):
        # "She isn't frightening", though "she isn't frightened".
        return Clause.COMPLAINT
    of_people = said[0] in _ARTICLES and bool(set(said[1:3]) & (words["people"] - words["owners"]))
    if said[1:2] == ["else"]:
        # "Oboe, nobody else."
        return Clause.WISH
    if clause.joint in words["joints_of_scene"] or said[0] in words["people"] or of_people:
        return Clause.SCENE
    return Clause.COMPLAINT if said[0] == "you" and said[1:2] in (["have"], ["are"], ["gave"]) else None


def _by_its_verb(clause: Beginning) -> Clause | None:
    said, words = clause.said, change_table().grammar
    verb = next((at for at, word in enumerate(said) if is_verb_at(said, at)), None)
    if said[0] in {"bars", "measures"} and set(said) & _GOES_BADLY:
        # "Bars 12-20 sag."
        return Clause.COMPLAINT
    one = clause.place + (said[0] in {"the", "those", "these", "my"})
    named = phrase_at(clause.tokens, one)
    if named is not None and named.says is Says.INSTRUMENT and said_at(clause.tokens, one + named.tokens) in _PLAYS_SO:
        # "The oboe screams at bar 9."
        return Clause.COMPLAINT
    if verb is None and "side" in said and {"on", "the"} <= set(said):
        # "On the slow side."
        return Clause.COMPLAINT
    if verb is None:
        # "As it is, but half the notes."
        order = longest(clause.tokens, clause.place, change_table().controls)[1] > 1
        goes_on = not order and clause.joint in {"but", "and"} and clause.last is Clause.COMPLAINT
        # "Terribly loud for a bedroom."
        alone = clause.joint == "so" and clause.last is None and len(said) == 1
        # "So depressing!"
        # "Strip it back, hardly any notes" wants that.
        few = said[0] in SCARCELY and clause.last is not Clause.WISH
        lacks = few and said[1:2] and said[1] not in _BARELY
        long_so = bool(_TOO_LONG & set(pairwise(said))) and said[0] != "too"
        asks = longest(clause.tokens, clause.place, change_table().players)[1] or said[0] == "music"
        # "Terribly loud for a bedroom", but "swap the trumpet for a horn".
        meant_for = {"for", "a"} <= set(said[1:]) and not asks
        amiss = alone or lacks or long_so or meant_for or said[0] in words["excess"] or clause.still_not
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
    negated = said[verb].endswith("n't") or "not" in said[verb:]
    if after in _AS_IT_SHOULD and not negated:
        # "The loudness is spot on."
        return Clause.SCENE
    if after[-1:] == ["already"] and not negated and not _TOO & set(after) and _places(said[:verb]):
        # "The start's calm already."
        return Clause.SCENE
    if len(after) == 1 and after[0] in _FINE | _OVER and not negated:
        # "A gloomy start is fine", "the danger is over".
        return Clause.SCENE
    if (
        said[verb] != "are"
        and any(word in words["tunes"] for word in after[:4])
        and (said[verb] in {"it's", "that's"} or said[0] in {"it", "this", "that"} or words["music"] & set(said[:verb]))
    ):
        # "It's a dirge."
        return Clause.COMPLAINT
    if (
        after[:1] == ["the"]
        and after[-1] in {"bit", "moment", "part", "beat", "section"}
        and said[0] in {"this", "that", "it's", "here"}
    ):
        # "This is the sad bit."
        return Clause.SCENE
    names_it = (
        said[verb] in _COPULAS
        and (said[0] != "there" or not negated)
        and len(after) > 1
        and (
            after[0] in _ARTICLES
            or (after[0] == "no" and longest(clause.tokens, clause.place + verb + 2, change_table().scenes)[1])
        )
        and after[1] not in words["amounts"]
    )
    if {"that", "that's"} & set(after) and _places(after[:3]):
        # "It's the opening that is too slow."
        names_it = False
    if names_it and not words["music"] & set(after) and not plays_at(clause.tokens, clause.place + verb + 2):
        # "It's a funeral."
        return Clause.SCENE
    if said[0] in {"the", "this", "that", "v"} and not set(said[:verb]) & words["people"] and _TOO & set(after[:3]):
        # "The goodbye is too cheerful" is said of the music to it.
        return Clause.COMPLAINT
    if "enough" in after and ("not" in said[verb:] or said[verb].endswith("n't")):
        # "The girl's death isn't sad enough."
        return Clause.COMPLAINT if not set(said[:1]) & words["people"] else Clause.SCENE
    if (
        said[verb] in {"feels", "sounds", "plays"}
        and not set(said[:verb]) & words["people"]
        and {"scene", "sequence", "montage"} & set(said[:verb])
    ):
        # "The love scene feels creepy."
        return Clause.COMPLAINT
    return _of_whom(clause.tokens, clause.place, verb)


def _places(said: list[str]) -> bool:
    """True where a place in the cue is spoken of."""
    return any((word,) in change_table().places or word in {"half", "bars"} for word in said)


def _owned(clause: Beginning, verb: int) -> int:
    """The verb of "the villain's entrance isn't menacing", where the "is" of "villain's" is none."""
    if not clause.tokens[clause.place + verb].written.startswith("'"):
        return verb
    later = next((at for at in range(verb + 2, len(clause.said)) if is_verb_at(clause.said, at)), verb)
    return later if clause.said[verb] == "is" and not set(clause.said[verb + 1 : verb + 2]) & (_NOT | {"not"}) else verb


_RULES = (
    _by_its_joint, _by_its_question, _by_its_measure, _by_who_speaks, _by_how_much, _by_its_wishes, _by_its_verb,
)  # fmt: skip
"""The first that knows what a clause is about says it."""


_WHO_WATCHES = {"nobody", "noone", "audience", "audiences", "viewers", "people", "crowd", "the", "my", "our", "no"}
_ALL_OF_US = {"everybody", "everyone", "guys", "people", "lads", "folks", "kids", "team"}
_AFTER_US = {"who", "in", "at", "on", "should", "will", "has", "have", "had", "can", "could", "would",
             "just", "and", "knows"}  # fmt: skip


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
    if felt and said_at(tokens, place + verb) == "isn't" and not said_at(tokens, place + verb + 1).isalpha():
        # "Wistful is fine, despairing isn't."
        return Clause.COMPLAINT
    return Clause.WISH if felt else Clause.SCENE
