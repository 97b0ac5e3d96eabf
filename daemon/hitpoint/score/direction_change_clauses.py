"""What a clause of a note is about: what is wanted, what is wrong, or what happens in the picture.

"Make it colder", "it's a bit cold" and "he is cold" say one word of three things: the first wants it, the second wants
less of it, the third tells of the scene and asks for nothing.
"""

from itertools import pairwise

from hitpoint.score.direction_change_beginnings import (
    DOUBTS,
    SCARCELY,
    TAKEN_IN,
    Beginning,
    Clause,
    beginning_at,
    by_how_much,
    by_its_joint,
    by_its_question,
    by_its_subject,
    has_effect,
    is_verb_at,
    of_whom,
    owned,
    wishes_at,
)
from hitpoint.score.direction_change_joints import but_is_not, plays_at
from hitpoint.score.direction_change_measures import by_its_measure
from hitpoint.score.direction_change_phrases import all_changes, compares, felt_at, longest
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
_AIMS = {
    "dying", "craving", "longing", "desperate", "itching", "all", "begging", "looking", "going", "after", "aiming",
    "hoping", "thinking", "picturing", "imagining", "asking",
}  # fmt: skip
_COPULAS = {"is", "it's", "that's", "was", "isn't", "wasn't", "were", "ain't"}
_IN_THE_PICTURE = {
    "eyes", "face", "room", "screen", "picture", "frame", "shot", "voice", "smile", "performance", "her", "his",
    "their",
}  # fmt: skip
_PLAYS_SO = {
    "screams", "scream", "shouts", "shout", "blares", "blare", "drags", "drag", "rushes", "rush", "honks", "honk",
    "shriek", "shrieks", "dominates", "dominate", "thunder", "thunders", "wails", "wail", "chatters", "chatter", "bore",
    "growls", "screech", "bores", "irritate", "annoy", "tire", "tires", "frighten", "frightens", "scare", "scares",
}  # fmt: skip
_REACTED = {
    "laughed", "cried", "got", "yawned", "jumped", "smiled", "dozed", "drifted", "giggled", "chuckled", "lost",
    "fell", "felt",
}  # fmt: skip
_OVER = {"over", "past"}
_I_HEAR = (["i", "hear"], ["i'm", "hearing"], ["i", "get"], ["i'm", "getting"], ["we", "get"], ["i'm", "feeling"])
_NEGATED = {"not", "isn't", "no", "too", "never", "nowhere", "haven't", "hasn't"}
_MOVED = {"frightened", "scared", "crying", "laughing", "moved", "smiling", "worried", "excited", "terrified"}
_GLAD = {"delighted", "thrilled", "happy", "pleased", "love", "chuffed", "impressed", "fine", "good", "okay", "ok"}
_ISSUES = {"issue", "problem", "trouble", "worry", "complaint", "concern"}
_HOW_IT_IS = (["it", "is"], ["it", "sounds"], ["it", "gets"], ["this", "is"], ["that", "is"], ["it", "was"])
_LED_BY: dict[tuple[str, ...], Clause] = {
    **{(who, feels, "no"): Clause.COMPLAINT for who in ("i", "we", "you") for feels in ("feel", "sense", "get")},
    **{("do", asks): Clause.WISH for asks in ("make", "keep", "let", "give", "add")},
    **{("i", likes, "how"): Clause.SCENE for likes in ("love", "like", "adore")},
    **{("i'm", "not", asks): Clause.SCENE for asks in ("after", "asking", "looking")},
    ("i", "don't", "mind"): Clause.SCENE, ("i", "don't", "care"): Clause.SCENE, ("i", "mind"): Clause.COMPLAINT,
    ("what", "i", "love"): Clause.SCENE, ("what", "i", "like"): Clause.SCENE, ("it's", "plenty"): Clause.SCENE,
    ("i", "found", "myself"): Clause.COMPLAINT, ("not", "enough"): Clause.WISH,
}  # fmt: skip
"""What clauses are about that begin so: "I feel no alarm", "I love how sad it is", "I'm not after scary"."""
_READ = {"read", "reads", "took", "hears", "heard"}
_UP_TO = {"up", "here", "there", "till", "as", "by", "now"}
_OF_MUSIC = {"it", "this", "cue", "music", "score", "track", "theme", "register", "ending", "opening", "tempo"}
_HEARD = {"hearing", "getting", "hear", "get", "got", "have"}
_HIS_MUSIC = {"theme", "music", "cue", "tune", "melody", "motif", "leitmotif", "score", "track", "entrance", "entry"}
_TOO = {"too", "nowhere", "overly"}


def clause_at(tokens: Tokens, place: int, last: Clause | None = None) -> Clause:
    """What the clause that begins at `place` is about; `last` is the one before, which "but sleepy" goes on with."""
    beginning = beginning_at(tokens, place, last)
    if not beginning.said:
        return Clause.WISH
    return next((found for rule in _RULES if (found := rule(beginning)) is not None), Clause.WISH)


def _by_who_speaks(clause: Beginning) -> Clause | None:
    said, words = clause.said, change_table().grammar
    led_by = _LED_BY.get(tuple(said[:3])) or _LED_BY.get(tuple(said[:2]))
    if led_by is not None:
        return led_by
    thinks = said.index("think") if "think" in said[1:3] else 0
    taken_in = said[0] in TAKEN_IN and said[1:2] in (["will"], ["would"], ["might"])
    if thinks and (taken_in or said[0] in {"you'd", "they'd"}) and not any(compares(word) for word in said):
        # "Players will think they won."
        return Clause.COMPLAINT
    if said[0] == "what" and _HEARD & set(said[1:5]) and "is" in said[2:]:
        # "What he's hearing is menace."
        return Clause.COMPLAINT
    if said[0] in words["people"] and {("don't", "know"), ("doesn't", "know")} & set(pairwise(said)):
        # "We don't know yet that Grandpa is sick."
        return Clause.SCENE
    if said[:2] == ["i", "don't"] and ({"why", "how"} & set(said[3:4])):
        # "I don't get why it's so cheerful."
        return Clause.COMPLAINT
    if said[0] == "what" and {"bothers", "worries", "annoys", "bugs"} & set(said[1:3]):
        # "I mind cheerful", "what bothers me is the sweetness".
        return Clause.COMPLAINT
    if said[1:2] and said[1] in _ISSUES and "is" in said[2:-1] and not {"that", "it's", "too", "with"} & set(said[2:]):
        # "The issue is the happiness of it."
        return Clause.COMPLAINT
    if ("doesn't", "bother") in set(pairwise(said)):
        return Clause.SCENE
    felt = next((n for n in (1, 2) if felt_at(clause.tokens, clause.place + 2, n)), 0) if said[:2] in _I_HEAR else 0
    if felt and (len(said) == felt + 2 or said[felt + 2] in words["during"]):
        # "I hear triumph, but the scene is a defeat."
        return Clause.COMPLAINT
    if said[0] in {"we", "you"} and set(said[1:2]) & {"sound", "overshot", "overshoot"}:
        # "We sound delighted about it?"
        return Clause.COMPLAINT
    if {("it", "as"), ("this", "as")} & set(pairwise(said)) and _READ & set(said[:4]):
        # "They read it as romantic."
        return Clause.COMPLAINT
    if (
        {"played", "scored"} & set(said)
        and said[-1] not in {"played", "scored"}
        and "is" in said[:-2]
        and {"like", "as", "for"} & set(said)
    ):
        # "The kiss is played like a threat."
        return Clause.COMPLAINT
    if said[:2] in _WHERE_IS:
        # "Where's the danger?"
        return Clause.WISH
    doubted = next((len(doubt) for doubt in DOUBTS if tuple(said[: len(doubt)]) == doubt), 0)
    if doubted:
        # "I don't think it's scary", but "I don't think it should be sad".
        if set(said[doubted : doubted + 1]) & (words["people"] - {"they", "we"}):
            # "I don't think she's sad here."
            return Clause.SCENE
        wished = any(wishes_at(said, at) for at in range(doubted, len(said)))
        return Clause.WISH if wished or not set(said[doubted:]) & words["verbs"] else Clause.COMPLAINT
    if said[:2] == ["how", "come"] or ("how" in said and said[-2:] in _HOW_IT_IS):
        # "I can't believe how loud it is", but "I love how loud it is".
        return None if {"love", "like"} & set(said) else Clause.COMPLAINT
    if said[0] == "why":
        negated = len(said) > 1 and said[1].endswith("n't")
        asks_for = said[1:2] in (["not"], ["don't"]) or (negated and any(compares(word) for word in said))
        return Clause.WISH if asks_for else Clause.COMPLAINT
    if {"find", "finds", "found"} & set(said[:4]) and _OF_MUSIC & set(said[:7]):
        # "The client finds it depressing."
        return Clause.COMPLAINT
    if said[:2] in _DONT_SENSE and set(said[2:4]) & words["sensed"]:
        return Clause.COMPLAINT
    if (
        said[1:2] in (["can't"], ["cannot"])
        and said[0] in words["people"] | {"i", "you"}
        and set(said[2:3]) & (words["sensed"] - {"hear", "see"} | {"detect", "find"})
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
    if (said[0] in {"i", "we"} and set(said[1:2]) & _ASKED) or (
        said[0] in words["people"] and {("asked", "for")} & set(pairwise(said[1:5]))
    ):
        # "I asked for menace."
        return Clause.WISH
    if said[0] in {"i", "we"} and {"goosebumps", "chills", "shivers"} & set(said) and said[1:2] in (["got"], ["had"]):
        # "I got goosebumps at the end."
        return Clause.SCENE
    if said[0] in words["people"] | {"i"} and {"felt", "found", "thought"} & set(said[1:3]) and "too" in said:
        # "We all felt the ending was too happy."
        return Clause.COMPLAINT
    if said[0] == "i" and "was" in said[1:2] and {"asleep", "bored", "yawning"} & set(said):
        return Clause.COMPLAINT
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
    if (
        (said[0] == "there" or said[:2] in (["we", "have"], ["i", "have"], ["it", "has"]))
        and said[1:]
        and {"plenty", "lots", "loads", "enough"} & set(said[1:4])
        and not _NEGATED & set(said)
    ):
        # "There's plenty of joy in it."
        return Clause.SCENE
    if said[0] == "there" and {"about", "in"} & set(said) and {"him", "her", "them", "people"} & set(said[-2:]):
        # "There's nothing heroic about him."
        return Clause.SCENE
    if said[0] in {"it", "it's", "this", "there"} and (
        "don't" in said[2:] and {"like", "want", "need"} & set(said[3:])
    ):
        # "It has an edge I don't like."
        return Clause.COMPLAINT
    if said[:3] == ["the", "word", "is"]:
        return Clause.WISH
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
    if (said[0] == "i'm" and set(said[1:2]) & _AIMS) or (
        said[:2] in (["we", "are"], ["they", "are"])
        and set(said[2:3]) & _AIMS
        and "for" in said + ["for"] * (said[2:3] == ["after"])
    ):
        # "I'm looking for dread."
        return Clause.WISH
    if said[0] == "i'm" and "with" in said[2:4] and set(said[1:3]) & _GLAD:
        # "I'm delighted with it."
        return Clause.SCENE
    if said[0] == "i'm" or (said[0] == "i" and (said[1:2] == ["keep"] or not clause.wishes)):
        if words["about_me"] & set(said[:2]):
            return Clause.COMPLAINT
        done = len(said) > 1 and (said[1].endswith("ed") or said[1] in words["done"])
        return Clause.SCENE if done else Clause.WISH
    return None


def _by_its_wishes(clause: Beginning) -> Clause | None:
    said, words = clause.said, change_table().grammar
    if said[0] == "better" and (len(said) == 1 or said[1] == "than"):
        # "Better than before but still not scary."
        return Clause.SCENE
    nodded = said[:1] if said[1:] in (["so"], ["now"], ["already"]) or set(said[1:]) <= _PRAISED else said
    if len(nodded) == 1 and nodded[0] in words["praise"] | {"grand"} and len(clause.tokens) > clause.place + 1:
        # "Nice, but can it be darker?"
        return Clause.SCENE
    if not clause.wishes and {(by, it) for by in ("by", "to") for it in ("this", "it", "that")} & set(
        pairwise(said[2:])
    ):
        # "Nobody is going to be scared by this."
        return Clause.COMPLAINT
    if "thinks" in said[1:4] and words["music"] & set(said[:2]):
        # "The cue thinks this is a comedy."
        return Clause.COMPLAINT
    if said[0] == "nothing" and set(said[1:]) & {"says", "feels", "makes", "sounds", "tells", "scares"}:
        # "Nothing about this says danger."
        return Clause.COMPLAINT
    if (
        said[:2] == ["nobody", "is"]
        and set(said[2:3]) & _MOVED
        and (clause.joint == "but" or clause.last is Clause.COMPLAINT)
    ):
        # "It's all very nice but nobody's frightened."
        return Clause.COMPLAINT
    if said[0] in _WHO_WATCHES and clause.reacts:
        # "Nobody cried", "the test audience weren't scared".
        return Clause.COMPLAINT
    if said[0] == "nobody" and {"likes", "wants", "needs"} & set(said[1:3]):
        # "Nobody here likes the choir."
        return Clause.WISH
    if said[0] in _ALL_OF_US and said[1:2] and not is_verb_at(said, 1) and said[1] not in _AFTER_US:
        # "Everybody calm down."
        return Clause.WISH
    if said[0] in {"it", "this"} and said[1:2] == ["never"]:
        # "It never explodes" wants it to.
        return Clause.COMPLAINT
    if said[0] == "you" and set(said[1:2]) & (words["done"] - {"gave", "made"}):
        # "You cut the harp."
        return Clause.SCENE
    if said[:2] in (["it's", "so"], ["that's", "so"]) or (said[0] in words["music"] and said[1:3] == ["is", "so"]):
        # "This is so gloomy I want to quit."
        return Clause.COMPLAINT
    if said[0] in words["people"] and {("could", "have"), ("would", "have"), ("should", "have")} & set(pairwise(said)):
        # "They could have been happy."
        return Clause.SCENE
    if said[0] in {"it's", "that's"} and said[1:2] and said[1] in _FINE and said[2:3] == ["to"]:
        # "It's ok to be loud here."
        return Clause.WISH
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
        # "There's plenty of joy in it, but no tension."
        goes_on = goes_on or (clause.joint == "but" and said[0] == "no" and clause.last is Clause.SCENE)
        # "Terribly loud for a bedroom."
        alone = clause.joint == "so" and clause.last is None and len(said) < 3
        # "So depressing!"
        # "Strip it back, hardly any notes" wants that.
        few = said[0] in SCARCELY and clause.last is not Clause.WISH
        lacks = few and said[1:2] and said[1] not in _BARELY
        # "Scarcely any jeopardy here."
        lacks = lacks or (few and said[1:2] == ["any"] and felt_at(clause.tokens, clause.place + 2, 1))
        long_so = bool(_TOO_LONG & set(pairwise(said))) and said[0] != "too"
        asks = longest(clause.tokens, clause.place, change_table().players)[1] or said[0] == "music"
        # "Terribly loud for a bedroom", but "swap the trumpet for a horn".
        meant_for = {"for", "a"} <= set(said[1:]) and not asks
        # "All this bustle, and he's asleep."
        alone = alone or (said[:2] in (["all", "this"], ["all", "these"]) and len(said) < 5)
        amiss = alone or lacks or long_so or meant_for or said[0] in words["excess"] or clause.still_not
        return Clause.COMPLAINT if (goes_on or amiss) and not clause.compares else Clause.WISH
    verb = owned(clause, verb)
    if {"screen", "page"} & set(said) and "on" in said and not _TOO & set(said):
        # "The last third is heartbreaking on screen."
        return Clause.SCENE
    if "between" in said[verb:] and {"them", "us"} & set(said[verb:]):
        # "Everything is resolved between them."
        return Clause.SCENE
    if clause.last is Clause.WISH and {"merely", "only"} & set(said):
        # "It should be tense, at the moment it's only busy."
        return Clause.SCENE
    after = [word for word in said[verb + 1 :] if word != "not"]
    if after[:1] in (["wrong"], ["off"], ["misplaced"]) and felt_at(clause.tokens, clause.place, verb):
        # "Light-hearted is wrong."
        return Clause.COMPLAINT
    if clause.compares:
        # "Faster without getting louder."
        return Clause.WISH
    negated = said[verb].endswith("n't") or "not" in said[verb:]
    if after in _AS_IT_SHOULD and not negated and said[verb] not in {"sits", "sit"}:
        # "The loudness is spot on."
        return Clause.SCENE
    if after[-1:] == ["already"] and not negated and not _TOO & set(after):
        # "The start's calm already."
        return Clause.SCENE
    if (
        after
        and after[0] in _FINE | _OVER
        and not negated
        and (len(after) == 1 or after[1] in _UP_TO | words["during"])
    ):
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
    seen = longest(clause.tokens, clause.place + verb + 1, change_table().scenes)[1]
    if said[verb] in _COPULAS and after[1:] == [] and seen and not plays_at(clause.tokens, clause.place + verb + 1):
        # "It's summer."
        names_it = longest(clause.tokens, clause.place + verb + 1, all_changes())[1] == 0
    if said[0] in {"it's", "it"} and len(after) == 1 and but_is_not(clause.tokens, clause.place + len(said)):
        # "It's romantic but it's not relaxed."
        return Clause.SCENE
    if {"that", "that's"} & set(after) and _places(after[:3]):
        # "It's the opening that is too slow."
        names_it = False
    if said_at(clause.tokens, clause.place - 1) in {"now", "currently", "moment"} and said[0] == "it's":
        # "Right now it's a panic."
        names_it = False
    if (
        names_it
        and not words["music"] - {"moment", "beat", "second"} & set(after)
        and not plays_at(clause.tokens, clause.place + verb + 2)
    ):
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
    return of_whom(clause.tokens, clause.place, verb)


def _places(said: list[str]) -> bool:
    """True where a place in the cue is spoken of."""
    return any((word,) in change_table().places or word in {"half", "bars"} for word in said)


_RULES = (
    by_its_joint, by_its_question, by_its_measure, _by_who_speaks, by_how_much, by_its_subject, _by_its_wishes,
    _by_its_verb,
)  # fmt: skip
"""The first that knows what a clause is about says it."""


_WHO_WATCHES = {"nobody", "noone", "audience", "audiences", "viewers", "people", "crowd", "the", "my", "our", "no"}
_ALL_OF_US = {"everybody", "everyone", "guys", "people", "lads", "folks", "kids", "team"}
_AFTER_US = {"who", "in", "at", "on", "should", "will", "has", "have", "had", "can", "could", "would",
             "just", "and", "knows"}  # fmt: skip
