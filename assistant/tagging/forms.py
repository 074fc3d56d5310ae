"""The grammatical form of a phrase, as far as word lists and endings tell, so that phrases join readably."""

from __future__ import annotations

import re
from enum import Enum, auto

from assistant.tagging.cues import CueForm, lexicon

_PRONOUN_SUBJECT = frozenset("they he she we i it you there people".split())
_AUXILIARY = frozenset(
    "is are was were am has have had do does did can could may might will would should must cannot isn't "
    "aren't wasn't weren't "
    "don't doesn't didn't can't couldn't won't wouldn't hasn't haven't hadn't i'm i've i'd it's that's they're "
    "we're you're they've we've".split()
)
_PAST = frozenset(
    "felt saw went became took made gave led found thought knew said got came began kept left held brought "
    "built wanted "
    "meant chose saw understood told lost won met paid set grew drew spoke wrote ran stood fell fought hid "
    "sought taught "
    "feel think want know believe see need like say trust find enjoy seem seems feels needs wants makes leads".split()
)
_OPENING_VERB = _PAST.union(["let"]).difference(
    "felt thought found left set like trust need feel want needs wants leads meant".split()
)
"""Those that open no noun phrase."""
_RELATIVE = frozenset("who which that whose whom where when how what why if whether because".split())
_DETERMINER = frozenset(
    "the a an their its his her our my your this these those that some any no more less such of and or with in "
    "by to for".split()
)
_BASE_VERB = frozenset(
    "feel be have make take get talk think understand see cope manage deal do learn stay become find gain "
    "develop establish "
    "improve reduce increase share speak express discuss use engage participate attend continue maintain keep "
    "change adopt "
    "identify build create provide give go come work live move focus reflect accept help raise prevent "
    "remember learn apply handle tackle appreciate explain undertake choose recognise recognize negotiate "
    "collaborate implement mobilise translate interpret apply contribute deliver produce meet ensure achieve "
    "act start stop relax open adhere seek".split()
)
_OBJECT = frozenset("them him her us me".split())


class Form(Enum):
    """What a phrase can be joined to."""

    CLAUSE = auto()
    """A subject with a finite verb: "they trusted the nurse"."""
    NOUN = auto()
    """A noun phrase or a gerund: "lack of time", "being listened to"."""
    PREDICATE = auto()
    """A finite verb without its subject: "reduced the chance of meeting"."""
    INFINITIVE = auto()
    """Someone to do something: "staff to reflect on their practice"."""
    BARE = auto()
    """A verb in its base form: "reflect on their practice", "them feel safe"."""


def form_in_statement(phrase: str) -> Form:
    """As `form_of`; but what opens with a verb lacks its subject, whatever clauses it holds.

    Apart from it, because the rules ask `form_of` too, and the tagger was trained on what they then say.
    """
    words = _words(phrase)
    return Form.PREDICATE if words and words[0] in _OPENING_VERB else form_of(phrase)


def form_of(phrase: str) -> Form:
    """The form of a phrase; a noun phrase where nothing tells otherwise."""
    words = _words(phrase)
    if not words:
        return Form.NOUN
    if words[0] in _OBJECT and len(words) > 1 and words[1] not in _AUXILIARY:
        return Form.INFINITIVE if "to" in words[1:3] else Form.BARE
    if words[0] in _BASE_VERB and len(words) > 1 and not (set(words[1:]) & _AUXILIARY):
        return Form.BARE
    if _is_infinitive(words) and not _is_clause(words[: words.index("to", 1)]):
        return Form.INFINITIVE
    if _is_clause(words):
        return Form.CLAUSE
    return Form.PREDICATE if _is_predicate(phrase) else Form.NOUN


def _words(phrase: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in re.findall(r"[\w'’-]+", phrase)]


def _is_predicate(phrase: str) -> bool:
    """Whether the phrase opens with a verb of the lexicon: "reduced the chance", "encourage visits"."""
    match = lexicon().inner.match(phrase)
    if match is None:
        return False
    return lexicon().cue_of(match).form is CueForm.FORWARD and not match[0].lower().endswith("ing")


def _is_clause(words: list[str]) -> bool:
    """Whether more finite verbs stand in a phrase than its relative clauses need."""
    finite = relatives = 0
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        if word in _RELATIVE and place:
            relatives += 1
        elif (
            word in _AUXILIARY
            and before not in _AUXILIARY
            and (place or word.endswith(("'m", "'s", "'re", "'ve", "'d")))
        ):
            finite += 1
        elif place and _is_lexical_finite(word, before):
            finite += 1
    return finite > relatives


def _is_lexical_finite(word: str, before: str) -> bool:
    if before in _PRONOUN_SUBJECT:
        return not word.endswith(("ing", "ly")) and word not in _DETERMINER
    if before in _DETERMINER or before in _AUXILIARY or before in _RELATIVE:
        return False
    if word in _PAST:
        return before != "not"
    return word.endswith("ed") and len(word) > 4 and before.endswith("s") and not before.endswith(("ss", "ous"))


def _is_infinitive(words: list[str]) -> bool:
    """Whether the phrase is people or things, then "to" and a verb."""
    if "to" not in words[1:7] or words[0].endswith("ing"):
        return False
    place = words.index("to", 1)
    following = words[place + 1] if place + 1 < len(words) else ""
    nominal = words[place - 1] in {
        "access",
        "due",
        "response",
        "relation",
        "approach",
        "barrier",
        "barriers",
        "adherence",
        "commitment",
        "contribution",
        "attention",
        "resistance",
        "ability",
        "desire",
        "motivation",
        "willingness",
        "opportunity",
        "opportunities",
        "exposure",
        "changes",
        "return",
        "need",
        "reluctance",
        "right",
        "way",
        "attitude",
        "attitudes",
    }
    nominal = nominal or words[place - 1].endswith(("ed", "able", "ing", "ly", "ult", "ant", "ent")) or place > 6
    return bool(following) and following not in _DETERMINER and not following.endswith("ing") and not nominal
