"""Follow-up questions made to stand alone, by rules, without a model.

A follow-up leans on what was said before: it has a pronoun without a noun ("why did they leave?"), lacks a verb
("and in Oakdown?"), or asks for more ("what else?"). It is completed with the content words of the question it
leans on, and kept to the study that the answer rested on where it points there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.domain.answers import Answer
from assistant.text.words import STOPWORDS, stem, words

_LEADS_IN = re.compile(r"^\W*(?:and|but|so|or|also|ok(?:ay)?|then|what about|how about|and what about)\b[\s,]*", re.I)
_POINTS_BACK = re.compile(
    r"\b(?:they|them|their|theirs|it|its|this|these|those|that|he|she|him|his|her|there|then|such|"
    r"the same|the other|the others|the former|the latter|each of|both|either|neither|one|ones)\b",
    re.I,
)
_WANTS_MORE = re.compile(
    r"^\W*(?:(?:why|how|when|where|who|how so|says who|and why|why not|really|examples?|for example|more|anything else|"
    r"what else|who else|where else|go on|continue|elaborate|tell me more|say more|in what way|like what|such as|"
    r"how many|how much|which ones?|any (?:numbers?|quotes?|evidence))\W*)+$",
    re.I,
)
_THAT_STUDY = re.compile(r"\b(?:that|this|the same|the) (?:study|paper|article|authors?|trial|evaluation)\b", re.I)
_OTHERS = re.compile(r"\b(?:other|another|different|elsewhere|rest of the) (?:stud(?:y|ies)|papers?|articles?)?", re.I)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|do|does|did|has|have|had|can|could|should|would|will|may|might|must|"
    r"\w+(?:ed|ing|ise|ize|ify))\b",
    re.I,
)
_FEW = 4
"""Content words up to which a question without a verb is taken for a fragment."""
_REACH = 3
"""Answers back to look for a question that stands alone."""


def standalone(question: str, history: Sequence[Answer]) -> str:
    """``question`` with what it leans on filled in; as it is where it stands alone or nothing came before.

    Args:
        question: As typed.
        history: Earlier answers with their questions, oldest first.
    """
    if not history or not leans(question):
        return question
    carried = _carried(question, history)
    return f"{_LEADS_IN.sub('', question).strip() or question} ({' '.join(carried)})" if carried else question


def study_focus(question: str, history: Sequence[Answer]) -> tuple[str, ...]:
    """Ids to keep a follow-up to: the study most cited last time where the question says "that study", else none."""
    if not history or not _THAT_STUDY.search(question) or _OTHERS.search(question):
        return ()
    cited = Counter(citation.study for citation in history[-1].citations if citation.quote.found)
    return tuple(study for study, _ in cited.most_common(1))


def leans(question: str) -> bool:
    """Whether a question needs what was said before to be understood."""
    if _WANTS_MORE.match(question) or _LEADS_IN.match(question):
        return True
    content = _content(question)
    if _POINTS_BACK.search(question) and len(content) <= _FEW:
        return True
    return len(content) <= 1 or (len(content) <= 2 and not _VERB.search(question))


def _carried(question: str, history: Sequence[Answer]) -> list[str]:
    """Content words of the question leant on that ``question`` lacks; those of an answer's names are not guessed."""
    own = {stem(word) for word in _content(question)}
    for answer in reversed(history[-_REACH:]):
        earlier = [word for word in _content(answer.question.search_text) if stem(word) not in own]
        if earlier:
            return list(dict.fromkeys(earlier))
    return []


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in STOPWORDS]
