"""Answers without a chat model: the best-supported sentences, verbatim, grouped by study; or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.domain.answers import AbstentionReason, Claim, DraftAnswer, Question
from assistant.domain.passages import Passage, RetrievedPassage
from assistant.domain.spans import Span
from assistant.engines.extractive.evidence import Found, evidence_features, reason_for
from assistant.engines.extractive.reranking import Bears
from assistant.engines.extractive.scope import everyday, said_to_the_tool
from assistant.engines.extractive.sentences import Sentence, choose, sentence_features, sentences_of
from assistant.retrieval.cues import Cue
from assistant.retrieval.linear import LinearModel, load_model
from assistant.retrieval.question import analyse

Rarity = Callable[[Sequence[str]], Mapping[str, float]]
"""Stems to how telling each is in the corpus that is asked."""

_PACKAGE = "assistant.engines.extractive"
_LONGEST = 10
"""Sentences in an answer that explains."""
_SHORTER = 5
"""Sentences in an answer that names a figure, a time, a person or a place."""
_FEWEST = 3
"""Sentences that are shown however far they stand behind the best."""
_BEHIND = 3.0
"""Log-odds behind the best sentence from which another is left out."""
_FACTS = frozenset({Cue.QUANTITY, Cue.TIME, Cue.PERSON, Cue.PLACE})


def alike(stems: Sequence[str]) -> Mapping[str, float]:
    """Every stem as telling as any other."""
    return dict.fromkeys(stems, 1.0)


@dataclass(frozen=True)
class ExtractiveAnswering:
    """Answers questions with sentences of the passages; the same input gives the same answer."""

    reranker: Bears
    """Says how far passages and their sentences bear on a question."""
    rarity: Rarity = alike
    """How telling a stem is; all alike where nothing is known of the corpus."""
    evidence: LinearModel = field(default_factory=lambda: load_model(_PACKAGE, "evidence"))
    """Whether the passages support an answer."""
    ranking: LinearModel = field(default_factory=lambda: load_model(_PACKAGE, "sentences"))
    """Which sentences answer."""

    def answer(self, question: Question, passages: Sequence[RetrievedPassage]) -> DraftAnswer:
        """Answers from ``passages`` alone, best first, or abstains with the reason."""
        text = question.search_text
        if said_to_the_tool(text):
            return DraftAnswer((), AbstentionReason.OUT_OF_SCOPE)
        found = self.look(text, passages)
        if not found.asked.stems:
            return DraftAnswer((), AbstentionReason.OUT_OF_SCOPE)
        if self.evidence.probability(evidence_features(found)) < self.evidence.threshold:
            reason = AbstentionReason.OUT_OF_SCOPE if everyday(text) else reason_for(found)
            return DraftAnswer((), reason)
        return DraftAnswer(self.claims(found))

    def look(self, text: str, passages: Sequence[RetrievedPassage]) -> Found:
        """What there is to judge for a question."""
        asked = analyse(text)
        bearings = self.reranker.bearings(text, [one.passage for one in passages]) if asked.stems else []
        sentences = sentences_of(passages, bearings) if bearings else []
        return Found(asked, passages, [one.passage for one in bearings], sentences, self.rarity(asked.stems))

    def claims(self, found: Found) -> tuple[Claim, ...]:
        """The best-supported sentences of what was found, as claims in the order to be shown."""
        features = sentence_features(found.asked, found.sentences, found.rarity)
        scores = [self.ranking.log_odds(values) for values in features]
        fact = found.asked.kind in _FACTS
        order = choose(scores, found.sentences, _SHORTER if fact else _LONGEST)
        floor = max(scores, default=0.0) - _BEHIND
        chosen = [found.sentences[at] for place, at in enumerate(order) if place < _FEWEST or scores[at] >= floor]
        return tuple(map(_claim, arranged(chosen, lead_alone=fact)))


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring sentences of one passage, to be quoted together."""

    passage: Passage
    """Where they stand."""
    first: int
    """Number of the first one in ``passage.sentences``."""
    last: int
    """Number of the last one."""

    @property
    def span(self) -> Span:
        """Where they stand in the stored text."""
        return Span(self.passage.sentences[self.first].start, self.passage.sentences[self.last].end)


def arranged(chosen: Sequence[Sentence], *, lead_alone: bool = False) -> list[Run]:
    """Chosen sentences, best first, as runs in the order to be shown.

    Studies come in the order of their best sentence. Within a study the best sentence leads and the others follow
    in the order of the text. A sentence that leans on the one before is quoted with it, where both stand in one
    block; neighbours that are both chosen are quoted as one.

    Args:
        chosen: Sentences of which none is chosen twice.
        lead_alone: Do not join the best sentence to others, so that the answer opens with it.
    """
    runs: list[Run] = []
    for at, sentence in enumerate(chosen):
        alone = lead_alone and at == 0 and not sentence.leans
        first = sentence.number if alone else _anchor(sentence)
        _add(runs, Run(sentence.passage, first, sentence.number), fixed=int(lead_alone))
    studies = list(dict.fromkeys(run.passage.study for run in runs))
    ordered: list[Run] = []
    for study in studies:
        lead, *others = [run for run in runs if run.passage.study == study]
        ordered += [lead, *sorted(others, key=lambda run: run.span)]
    return ordered


def _anchor(sentence: Sentence) -> int:
    """Number of the sentence that a quote begins with."""
    before = sentence.number - 1
    return before if sentence.leans and before >= 0 and _one_block(sentence.passage, before) else sentence.number


def _one_block(passage: Passage, number: int) -> bool:
    """Whether nothing but a space parts a sentence from the next."""
    return passage.sentences[number + 1].start - passage.sentences[number].end <= 1


def _add(runs: list[Run], new: Run, *, fixed: int) -> None:
    """Adds ``new``, or widens a run that it touches; the ``fixed`` first runs are left as they are."""
    for run in runs[:fixed]:
        if run.passage is new.passage and run.first <= new.last and new.first <= run.last:
            if new.last <= run.last:
                return
            new = Run(new.passage, run.last + 1, new.last)
    for at, run in enumerate(runs):
        if at >= fixed and run.passage is new.passage and new.first <= run.last + 1 and run.first <= new.last + 1:
            joined = Run(run.passage, min(run.first, new.first), max(run.last, new.last))
            if all(_one_block(run.passage, number) for number in range(joined.first, joined.last)):
                runs[at] = joined
                return
    runs.append(new)


def _claim(run: Run) -> Claim:
    text = run.span.shifted(-run.passage.span.start).of(run.passage.text)
    return Claim(text=text, support=((run.passage.study, text),), at=(run.span.start,))
