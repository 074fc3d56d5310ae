"""Cues in their places: which words of a statement really tie a cause to an effect.

No part of speech is known, so a form counts as a predicate by the words around it: "the training improved
trust" ties, "improved trust" after a preposition, "were encouraged" and "a motivating factor" do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.tagging.cues import Cue, CueForm, lexicon

_TO_VERB_AFTER = re.compile(
    r"(?:likely|able|unable|appear\w*|seem\w*|found|shown|tend\w*|serv\w+|help\w*|act\w*|enough|fail\w*|report\w*|said|"
    r"thought|believed|perceived|felt|considered|known|potential|chance|continu\w+|beg[au]n|start\w*|us\w+|"
    r"expected|work\w*|"
    r"power|capacity|going) to$",
    re.IGNORECASE,
)
_NOMINAL = frozenset(
    "the a an of for in at on from with about towards toward their its these no any such his her our my your more most "
    "less very as into without between than how whether each another through what perceived reported".split()
)
"""Words after which a form is part of a noun phrase."""
_BE = frozenset("is are was were be been being get got gets".split())
_BETWEEN = frozenset("not also often never further still then only".split())
"""Words that part a form of "be" from its participle."""
_MODAL = frozenset("can could may might will would should must did does do not also to".split())
_NO_OBJECT = re.compile(
    r"\s*(?:$|[,;:.)!?]|(?:by|in|at|on|from|with|and|or|of|as|when|if|because|over|after|during|significantly|"
    r"slightly|among|"
    r"through|due|since|but|for|between|more than|less than|again|further|until|while|where|is|are|was|were|"
    r"has|had)\b)",
    re.IGNORECASE,
)
_DETERMINED = re.compile(
    r"\s(?:the|an?|their|its|his|her|our|my|your|this|these|those|them|him|us|me|people|more|greater|better|women|men|"
    r"staff|\w+s)\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"[\s,]*(?:(?:and|which|that|also|then|to|in turn|has|have|may|can|might|could|will|would|not only|either|both|"
    r"therefore|thus|indirectly|directly|often|even|further|potentially|n['’]t|not|\w+ly)[\s,]*)*",
    re.IGNORECASE,
)
"""What may stand between two cues that are one: "led to improved …", "thereby enabling …"."""
_PARALLEL = re.compile(
    r"(?:^|[\s,])(?:and|or|as well as)\s+(?:(?:also|to|then|in turn|thereby|thus|further|often|even|may|can|"
    r"could|will|would|"
    r"might|not|\w+ly) )*$|,\s(?:(?:may|can|could|will|would|might|also|\w+ly) )*$",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"(?:and )?(?:thereby|thus|therefore|hence|consequently|as a|so|in turn|\w+ing)\b", re.IGNORECASE
)
"""Cues that lead on to a further effect even after "and"."""
_NEGATED = re.compile(
    r"(?:\bnot|\bnever|n['’]t|\bfail(?:ed|s)? to|\bcannot|\bno longer|\brarely|\bhardly)\s+(?:\w+ ){0,2}$",
    re.IGNORECASE,
)
_PEOPLE_LAST = re.compile(
    rf"\b(?:{lexicon().fragments['people']}|they|we|he|she|i|it|who|that|which|this|these)\s+(?:\w+ly |also |"
    rf"had |have |has |may |can )*$",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"\w+s|\w+ly|people|men|women|children|staff|they|we|i|you|who|that|which|and|or|can|could|may|might|will|"
    r"would|should|"
    r"must|not|also|did|do|does|then|often|further|even|n't|\w+n['’]t",
    re.IGNORECASE,
)
"""What may stand before a verb in its base form: a plural, an auxiliary, an adverb."""
_LONG_SUBJECT = 14
_CONJUNCTION = re.compile(r"(?:when|where|if|once|whenever)$", re.IGNORECASE)
_NO_SUBJECT = re.compile(
    r"\s(?:to|not|how|in|under|on|at|with|from|using|feeling|\w+ed|shown|seen|given|done|being|possible|"
    r"necessary|there is a need)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:know\w*|sees?|decid\w+|understand\w*|learn\w*|about|on|of|ask\w*|wonder\w*|unsure|clear|as|like|"
    r"even|what|explor\w+|"
    r"question\w*|determin\w+|unlike|doubt\w*|remember\w*) $",
    re.IGNORECASE,
)
_UNINFLECTED = re.compile(
    r"(?:led|brought|gave|made|meant|drove|built|so|such|thereby|therefore|consequently|accordingly|hence|thus|"
    r"in|as|because|"
    r"for|which|and|to|is|are|was|were|be|been|being)\b",
    re.IGNORECASE,
)
"""Openings of cues that are no bare infinitive although they end like one."""
_STRONG, _DESCRIBING = 2.0, 1.6
"""Strength from which a cue explains, and below which it may only describe."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue in its place."""

    cue: Cue
    """Its entry in the lexicon."""
    start: int
    """Offset of its first code point in the sentence."""
    end: int
    """Offset after its last."""
    negated: bool = False
    """Whether a negation stands right before it."""
    said_from: int = -1
    """Where the words start that stay in the effect when the cue is kept; ``start`` if negative."""
    parallel: bool = False
    """Whether it shares the subject of the cue before it ("enabled X and improved Y")."""

    @property
    def effect_start(self) -> int:
        """Where the effect of a forward cue starts: at its own words if they are kept, else after them."""
        if not self.cue.kept:
            return self.end
        return self.said_from if self.said_from >= 0 else self.start


def hits_between(text: str, start: int, end: int) -> list[Hit]:
    """The cues between two offsets of a sentence that tie something to something, in order."""
    hits: list[Hit] = []
    for match in lexicon().inner.finditer(text, start, end):
        hit = _hit(text, match, start, end)
        if hit is None:
            continue
        before = text[hits[-1].end if hits else start : hit.start]
        forward = hit.cue.form is CueForm.FORWARD
        if _FILLER.fullmatch(before):
            if hits and forward and hits[-1].cue.form is CueForm.FORWARD:
                hits[-1] = _joined(hits[-1], hit)
            continue
        parallel = forward and bool(_PARALLEL.search(before)) and not _CONCLUDES.match(match[0])
        follows = any(one.cue.form is CueForm.FORWARD for one in hits)
        if parallel and not follows and hit.cue.kept:
            continue
        hits.append(replace(hit, parallel=parallel and follows))
    return _explaining(text, start, hits)


def _hit(text: str, match: re.Match[str], start: int, end: int) -> Hit | None:
    """The cue found, unless it has no object or is no predicate."""
    cue = lexicon().cue_of(match)
    if cue.object and _NO_OBJECT.match(text, match.end(), end):
        return None
    if cue.form is CueForm.FORWARD and not _is_predicate(text, match):
        return None
    if cue.form is CueForm.CIRCUMSTANCE and not _opens_clause(text, match):
        return None
    negated = bool(_NEGATED.search(text[max(start, match.start() - 40) : match.start()]))
    return Hit(cue, match.start(), match.end(), negated)


def _joined(first: Hit, second: Hit) -> Hit:
    """Two cues side by side as one."""
    cue = replace(
        second.cue,
        strength=max(first.cue.strength, second.cue.strength),
        sign=first.cue.sign * second.cue.sign,
        enabling=first.cue.enabling or second.cue.enabling,
    )
    said_from = second.start if second.cue.kept else -1
    return Hit(cue, first.start, second.end, first.negated or second.negated, said_from, first.parallel)


def _explaining(text: str, start: int, hits: list[Hit]) -> list[Hit]:
    """``hits`` without verbs that only describe, where something stronger explains.

    The verb that opens the claim stays when what it is said of is no person: "coaching improved trust, because …"
    tells what is offered, "nurses built trust by listening" does not.
    """
    if max((hit.cue.strength for hit in hits), default=0.0) < _STRONG:
        return hits[:2]
    kept = [
        hit
        for place, hit in enumerate(hits)
        if hit.cue.strength >= _DESCRIBING
        or hit.parallel
        or hit.cue.form is CueForm.CIRCUMSTANCE
        or (place == 0 and not _said_of_people(text[start : hit.start]))
    ]
    return kept


def _said_of_people(subject: str) -> bool:
    """Whether a verb's subject is people or a pronoun, as far as its last words tell."""
    return _PEOPLE_LAST.search(subject) is not None or len(subject.split()) > _LONG_SUBJECT


def _is_predicate(text: str, match: re.Match[str]) -> bool:
    """Whether the form found is a verb with a subject, as far as the words before it tell."""
    form = match[0].lower().split()[0]
    before = text[max(0, match.start() - 60) : match.start()].rstrip()
    words = [word.lower() for word in re.findall(r"[\w'’-]+", before)[-2:]]
    last = words[-1] if words else ""
    if _UNINFLECTED.fullmatch(form):
        return last not in _BE or form in {"so", "such", "thus"}
    if form.endswith("ing"):
        return last not in _MODAL and last not in _NOMINAL and _takes_object(text, match)
    if form.endswith("ed"):
        passive = last in _BE or ((last.endswith("ly") or last in _BETWEEN) and words[0] in _BE)
        return not passive and last not in _NOMINAL and last != "to"
    if last == "to":
        return bool(_TO_VERB_AFTER.search(before))
    if last in _NOMINAL - {"that", "which"} or last in _BE:
        return False
    return form.endswith("s") or _PLURAL.fullmatch(last) is not None


def _opens_clause(text: str, match: re.Match[str]) -> bool:
    """Whether a clause follows, and neither a bare participle ("if shown") nor a question ("know when")."""
    if not _CONJUNCTION.match(match[0].split()[-1]):
        return True
    return not (_NO_SUBJECT.match(text, match.end()) or _ASKS.search(text[max(0, match.start() - 24) : match.start()]))


def _takes_object(text: str, match: re.Match[str]) -> bool:
    """Whether an -ing form governs what follows, and is no adjective ("a motivating factor")."""
    detached = text[: match.start()].rstrip().endswith((",", " and", " thus", " thereby"))
    return detached or " " in match[0] or bool(_DETERMINED.match(text, match.end()))
