"""The rule-based tagger: no model, no training, the same result every time.

A sentence is screened, searched for explicit labels, for frames, then for causal chains; what is found is
marked, given a level, a polarity and a score.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.domain.cmo import Level, Role
from assistant.domain.spans import Span
from assistant.domain.study import SectionType
from assistant.tagging.chains import Chain, Node, chains
from assistant.tagging.confidence import confidence
from assistant.tagging.cues import Cue, CueForm, count, lexicon
from assistant.tagging.hits import Hit
from assistant.tagging.labels import labelled_runs
from assistant.tagging.linking import link
from assistant.tagging.phrases import lead_end, trim, words_in
from assistant.tagging.responses import STRENGTH, response_claim
from assistant.tagging.roles import RoleRun, role_runs, source_role
from assistant.tagging.screening import doubts, is_coded
from assistant.tagging.stance import level_of, polarity_of, quotations
from assistant.tagging.tags import NOTHING, Anaphor, Mark, MarkSet, SentenceInPlace, SentenceTags, TaggedClaim

_BACK_REFERENCE = re.compile(
    r"(?P<bare>(?:this|that|these|those|it|all this|all of this|doing so|both)$)|(?:this|that|these|those|"
    r"such)\s(?!who\b|with\b|that\b|in\b|of\b)",
    re.IGNORECASE,
)
_EMPTY_NOUN = re.compile(
    r"^(?:this|these|that|such(?: an?)?) (?:\w+ )?(?:approach|process|situation|finding|findings|way|factors?|"
    r"issues?|aspects?|results?|changes?|conditions?|circumstances)$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^(?:it|this|that|these|those|they|he|she|we|i|you|which|who|there|one|some|others|many|them|so)(?: "
    r"(?:also|too|all|both))?$",
    re.IGNORECASE,
)
_SECTION_FEATURE = {
    SectionType.RESULTS: "results",
    SectionType.DISCUSSION: "discussion",
    SectionType.CONCLUSION: "summary",
    SectionType.ABSTRACT: "summary",
    SectionType.BACKGROUND: "background",
}
_HEDGE = re.compile(r"\b(?:may|might|could|perhaps|possibly|seem\w*|appear\w*|suggest\w*)\b", re.IGNORECASE)
_LONG_SENTENCE, _LONG_RUN = 60, 32
"""Words above which a sentence or a run is likely to hold more than the claim."""
_FLOOR = 0.25
"""Claims that score lower are left out."""


class RuleTagger:
    """Marks sentences by the lexicon of ``cues.toml``."""

    name = "rules/1"

    def claims(self, sentences: Sequence[SentenceInPlace]) -> Sequence[TaggedClaim]:
        """The claims of one study's sentences, in the order of the text."""
        return link(sentences, self.tag(sentences))

    def tag(self, sentences: Sequence[SentenceInPlace]) -> Sequence[SentenceTags]:
        """Tags for each sentence, in the same order."""
        return tuple(
            self._tag_one(sentence, quoted) for sentence, quoted in zip(sentences, quotations(sentences), strict=True)
        )

    def _tag_one(self, sentence: SentenceInPlace, quoted: bool) -> SentenceTags:
        if not is_coded(sentence):
            return NOTHING
        level = level_of(sentence, quoted=quoted)
        claims = tuple(claim for claim in _claims(sentence, level) if claim.score >= _FLOOR)
        return SentenceTags(max((claim.score for claim in claims), default=0.0), claims)


def _claims(sentence: SentenceInPlace, level: Level) -> Iterator[MarkSet]:
    labelled = labelled_runs(sentence.text)
    if labelled:
        yield _labelled(sentence, level, labelled)
        return
    framed = _framed(sentence)
    if framed is not None:
        yield _mark_set(sentence, level, *framed, framed[0].strength)
        return
    found = False
    for chain in chains(sentence.text):
        runs = role_runs(sentence.text, chain)
        if _says_enough(sentence.text, chain, runs):
            found = True
            yield _mark_set(sentence, level, chain, runs, chain.strength)
    told = None if found else response_claim(sentence.text)
    if told is not None:
        yield _mark_set(sentence, level, *told, STRENGTH)


def _labelled(sentence: SentenceInPlace, level: Level, runs: tuple[RoleRun, ...]) -> MarkSet:
    """The claim that explicit labels make; part of one where no outcome or nothing else is labelled."""
    roles = {role for role, _ in runs}
    whole = Role.OUTCOME in roles and len(roles) > 1
    polarity = polarity_of(sentence.text, Chain(), runs)
    score = confidence({"labels": 1.0, **_common(sentence, level, runs)})
    return MarkSet(_marks(sentence, runs), level, polarity, score, part=not whole)


def _framed(sentence: SentenceInPlace) -> tuple[Chain, tuple[RoleRun, ...]] | None:
    """The first frame that fits, as a chain and its runs."""
    text = sentence.text
    for frame in lexicon().frames:
        match = frame.pattern.search(text, lead_end(text))
        if match is None:
            continue
        runs: list[RoleRun] = []
        for name, words in match.groupdict().items():
            run = trim(text, lead_end(text, match.start(name)), match.end(name)) if words else None
            if run is None:
                break
            role = source_role(text, Node(run, 0.0)) if name == "cause" else Role(name)
            runs.append((role, run))
        else:
            cue = Cue(CueForm.FORWARD, frame.strength)
            return Chain(hits=(Hit(cue, match.start(), match.end()),)), tuple(sorted(runs, key=lambda pair: pair[1]))
    return None


def _says_enough(text: str, chain: Chain, runs: tuple[RoleRun, ...]) -> bool:
    """Whether a chain is a claim: an outcome, something that brings it about, and wording that ties them."""
    roles = {role for role, _ in runs}
    if Role.OUTCOME not in roles:
        return False
    if chain.consequence:
        return True
    if len(roles) < 2:
        return False
    causal = [hit for hit in chain.hits if hit.cue.form is not CueForm.CIRCUMSTANCE]
    if causal and max(hit.cue.strength for hit in causal) >= 2:
        return True
    valued = count("good", text) + count("bad", text) + count("reasoning", text)
    return valued > 0 and (len(chain.hits) > 1 or chain.strength >= 1.5)


def _mark_set(
    sentence: SentenceInPlace, level: Level, chain: Chain, runs: tuple[RoleRun, ...], strength: float
) -> MarkSet:
    anaphor = _anaphor(sentence, chain, runs)
    return MarkSet(
        marks=_marks(sentence, runs),
        level=level,
        polarity=polarity_of(sentence.text, chain, runs),
        score=confidence({"strength": strength, **_common(sentence, level, runs)}),
        anaphor=anaphor,
    )


def _marks(sentence: SentenceInPlace, runs: Sequence[RoleRun]) -> tuple[Mark, ...]:
    return tuple(Mark(Span(run.start, run.end).shifted(sentence.span.start), role) for role, run in runs)


def _anaphor(sentence: SentenceInPlace, chain: Chain, runs: tuple[RoleRun, ...]) -> Anaphor | None:
    """What in the claim points back to the sentence before."""
    for role, run in runs:
        words = run.of(sentence.text)
        if role is Role.OUTCOME or run.start > lead_end(sentence.text) + 12:
            continue
        match = _BACK_REFERENCE.match(words)
        if match:
            bare = bool(match["bare"]) or bool(_EMPTY_NOUN.match(words))
            return Anaphor(Mark(Span(run.start, run.end).shifted(sentence.span.start), role), bare)
    return Anaphor(None, bare=True) if chain.consequence else None


def _common(sentence: SentenceInPlace, level: Level, runs: Sequence[RoleRun]) -> dict[str, float]:
    """The features that every claim has, whatever found it."""
    text = sentence.text
    roles = {role for role, _ in runs}
    lengths = [words_in(run.of(text)) for _, run in runs]
    outcome = " ".join(run.of(text) for role, run in runs if role is Role.OUTCOME)
    causes = [run.of(text) for role, run in runs if role is not Role.OUTCOME]
    features = {
        **doubts(text),
        "context": float(Role.CONTEXT in roles),
        "resource": float(Role.RESOURCE in roles),
        "reasoning": float(Role.REASONING in roles),
        "complete": float(Role.CONTEXT in roles and bool(roles & {Role.RESOURCE, Role.REASONING})),
        "valued": float(count("good", outcome) + count("bad", outcome) + count("reasoning", outcome) > 0),
        "quotation": float(level is Level.QUOTE),
        "hypothesis": float(level is Level.HYPOTHESIS),
        "hedged": float(bool(_HEDGE.search(text))),
        "long_sentence": float(words_in(text) > _LONG_SENTENCE),
        "long_run": float(sum(length > _LONG_RUN for length in lengths)),
        "thin_run": float(words_in(outcome) < 2 or bool(_PRONOUN.match(outcome))),
        "pronoun_cause": float(bool(causes) and all(_PRONOUN.match(cause) for cause in causes)),
    }
    if name := _SECTION_FEATURE.get(sentence.section_type):
        features[name] = 1.0
    return features
