"""One readable sentence from a configuration's spans: "Where C, O, because M (resource: R)".

The spans' words stay as they stand; only the joints between them are chosen, by each phrase's form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from assistant.domain.cmo import Role
from assistant.tagging.directions import Direction, Way
from assistant.tagging.forms import Form, form_in_statement

_NAMED = {
    Way.COMES: "the outcome",
    Way.FAILS: "the outcome that fails to come",
    Way.HELD_BACK: "the outcome held back",
    Way.AFFECTED: "the outcome affected",
}
_EDGES = " \t\n,;:.–—-"
_OWN_OPENING = re.compile(
    r"(?:without|despite|in|unless|regardless of|even when|among|for|within|at|under|across|during|throughout|when|"
    r"whenever|where|if|once|while)(?=\s)",
    re.IGNORECASE,
)
_PEOPLE_WITH = re.compile(
    r"(?:\w+ ){0,2}(?:those|people|women|men|patients|participants|staff|families|parents|mothers|clients|"
    r"individuals|children|students|carers|nurses|workers|teachers|others|many|some) (?:who|with|whose|"
    r"without)\b",
    re.IGNORECASE,
)
_FUNCTION_WORDS = frozenset(
    "the a an this that these those their its his her our my your they he she we it there when where if in on "
    "at by for with from as to "
    "some many most all no not one two each both such being having while because without despite given lack".split()
)


def is_function_word(word: str) -> bool:
    """Whether a word is one that carries no name: it may be put in lower case anywhere."""
    return word.lower() in _FUNCTION_WORDS


def statement(
    spans: Mapping[Role, Sequence[str]],
    is_common: Callable[[str], bool] = is_function_word,
    directions: Sequence[Direction] = (),
) -> str:
    """The sentence for a configuration; missing parts are left out.

    Args:
        spans: The words of each role's spans, in order.
        is_common: Whether a capitalised word is no name, so that it may stand inside a sentence in lower case.
        directions: Which way each outcome is taken; without it, outcomes follow.

    Returns:
        A sentence with a capital and a full stop; empty if nothing is stated.
    """
    parts = {role: [_inside(words, is_common) for words in texts] for role, texts in spans.items()}
    contexts = _conditions(parts.get(Role.CONTEXT, []))
    outcome = _effect(parts.get(Role.OUTCOME, []), directions)
    reasons = _reasons(parts.get(Role.REASONING, []), parts.get(Role.RESOURCE, []))
    sentence = ", ".join(part for part in (contexts, outcome, reasons) if part)
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else ""


def _inside(words: str, is_common: Callable[[str], bool]) -> str:
    """``words`` as they read inside a sentence: no punctuation at the ends, no capital that only opened one."""
    words = " ".join(words.split()).strip(_EDGES)
    first = re.match(r"[^\W\d_]+(?:['’]\w+)?", words)
    if first is None or (first[0] in {"I", "A"} and words[:2] != "A ") or first[0].startswith(("I'", "I’")):
        return words
    opens = (first[0][:1].isupper() and first[0][1:].islower()) or first[0] == "A"
    return words[0].lower() + words[1:] if opens and (is_function_word(first[0]) or is_common(first[0])) else words


def _joined(phrases: Sequence[str]) -> str:
    """Phrases in a row: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]] if len(phrases) > 1 else phrases)


def _conditions(phrases: Sequence[str]) -> str:
    """Contexts: clauses after "where", noun phrases after "given", people after "for"."""
    kinds: dict[str, list[str]] = {}
    for phrase in phrases:
        if _OWN_OPENING.match(phrase):
            kinds.setdefault("", []).append(phrase)
        elif _PEOPLE_WITH.match(phrase) and form_in_statement(phrase) is not Form.CLAUSE:
            kinds.setdefault("for", []).append(phrase)
        elif form_in_statement(phrase) is Form.CLAUSE:
            kinds.setdefault("where", []).append(phrase)
        else:
            kinds.setdefault("given", []).append(phrase)
    return " and ".join(f"{word} {_joined(group)}".strip() for word, group in kinds.items())


def _effect(phrases: Sequence[str], directions: Sequence[Direction]) -> str:
    """Outcomes, each made a clause of its own."""
    ways = [*directions, *[Direction()] * len(phrases)]
    return _joined([_as_clause(*one) for one in zip(phrases, ways, strict=False)]) if phrases else ""


def _as_clause(phrase: str, direction: Direction) -> str:
    """A clause that follows stands by itself; anything else is named, with its way, a fragment in quotation marks."""
    form = Form.BARE if direction.verbal else form_in_statement(phrase)
    if form is Form.CLAUSE and direction.way is Way.COMES:
        return f"perhaps {phrase}" if direction.hedged else phrase
    verb = "may be" if direction.hedged else "is"
    return f"{_NAMED[direction.way]} {verb} {phrase if form is Form.NOUN else f'“{phrase}”'}"


def _reasons(reasoning: Sequence[str], resource: Sequence[str]) -> str:
    """Mechanisms: "because" before the response, the resource in brackets after it or, alone, after "through"."""
    if reasoning:
        because = " and ".join(_because(phrase) for phrase in reasoning)
        return f"{because} (resource: {_joined(resource)})" if resource else because
    if not resource:
        return ""
    if any(form_in_statement(phrase) is Form.CLAUSE for phrase in resource):
        return " and ".join(_because(phrase) for phrase in resource)
    return f"through {_joined(resource)}"


def _because(phrase: str) -> str:
    form = form_in_statement(phrase)
    if form is Form.CLAUSE:
        return f"because {phrase}"
    return f"because of {phrase}" if form is Form.NOUN else f"because of “{phrase}”"
