"""Fits the weights of retrieval and answering on the development questions, and measures them by cross-validation.

``python -m evals.answering.calibrate --studies FOLDER [--write]``

FOLDER holds the open-access articles. Folds are over questions: what is measured on a question was fitted without
it. The five studies' own texts are never looked at.
"""

from __future__ import annotations

import argparse
import hashlib
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.answers import Claim
from assistant.domain.passages import RetrievedPassage
from assistant.domain.spans import Span
from assistant.embedding.opening import open_embedder
from assistant.engines.extractive.evidence import evidence_features
from assistant.engines.extractive.reranking import PackagedReranker
from assistant.engines.extractive.scope import said_to_the_tool
from assistant.retrieval.linear import LinearModel
from assistant.retrieval.retriever import DEFAULT_PASSAGES
from assistant.text.chunking import ChunkSize
from evals.answering.fitting import fit_ranking, fit_yes_or_no
from evals.answering.measures import Hits, Place, hits, rate, summary
from evals.answering.questions import EvalQuestion, questions_of
from evals.answering.stores import built_store
from evals.answering.trials import Corpus, Remembering, RememberingReranker, Trial, is_hard, put, with_threshold
from evals.baselines.vanilla import Vanilla

ROOT = Path(__file__).parents[2]
FOLDS = 5
FALSE_ABSTENTION = 0.10
"""Share of the hard answerable questions, by cross-validation, at which the threshold is set."""
_OUT_OF_SCOPE = 0.3
"""Weight of a question out of scope among those without evidence."""


@dataclass(frozen=True)
class Models:
    """What is fitted."""

    relevance: LinearModel
    sentences: LinearModel
    evidence: LinearModel


@dataclass(frozen=True)
class Result:
    """What became of a trial."""

    trial: Trial
    passages: list[RetrievedPassage]
    probability: float
    citations: Hits | None
    """None where there is no evidence to find."""
    characters: int
    """Length of what was cited."""


def fit(trials: Sequence[Trial]) -> Models:
    """The three models, each fitted on what the one before it yields."""
    answerable = [trial for trial in trials if trial.pieces]
    relevance = fit_ranking([trial.candidate_set for trial in answerable])
    looks = {id(trial): trial.look(trial.passages(relevance)) for trial in trials if trial.asked.stems}
    sentences = fit_ranking([trial.sentence_set(looks[id(trial)]) for trial in answerable])
    judged = [trial for trial in trials if id(trial) in looks]
    evidence = fit_yes_or_no(
        [evidence_features(looks[id(trial)]) for trial in judged],
        [bool(trial.pieces) for trial in judged],
        weights_of([trial.question for trial in judged]),
    )
    return Models(relevance, sentences, evidence)


def weights_of(questions: Sequence[EvalQuestion]) -> list[float]:
    """How much each question counts when the evidence is judged.

    With evidence and without, the hard ones weigh as much as the others together: if vague questions were mostly
    the silent ones, the model would learn that a vague question has no answer. Questions out of scope are told by
    their words before they are judged, and count little.
    """
    each = [_OUT_OF_SCOPE if one.kind == "out_of_scope" else 1.0 for one in questions]
    cells = [(one.answerable, is_hard(one)) for one in questions]
    total: dict[tuple[bool, bool], float] = defaultdict(float)
    for cell, weight in zip(cells, each, strict=True):
        total[cell] += weight
    return [weight / total[cell] for cell, weight in zip(cells, each, strict=True)]


def tried(trial: Trial, models: Models) -> Result:
    """Puts a trial through retrieval and engine with ``models``."""
    passages = trial.passages(models.relevance)
    if not trial.asked.stems or said_to_the_tool(trial.question.question):
        return Result(trial, passages, 0.0, None, 0)
    found = trial.look(passages)
    claims = trial.engine(models.evidence, models.sentences).claims(found)
    cited = [_place(claim) for claim in claims]
    return Result(
        trial,
        passages,
        models.evidence.probability(evidence_features(found)),
        hits(trial.pieces, cited) if trial.pieces else None,
        sum(len(span) for _, span in cited),
    )


def _place(claim: Claim) -> Place:
    (study, quote), (start,) = claim.support[0], claim.at
    return study, Span(start or 0, (start or 0) + len(quote))


def fold_of(question: EvalQuestion) -> int:
    """The fold of a question, the same at each run: that of the first study with its evidence, else its own."""
    return zlib.crc32(min(question.studies, default=question.id).encode()) % FOLDS


def cross_validated(trials: Sequence[Trial]) -> list[Result]:
    """Each trial's result with models fitted on the questions of the other folds."""
    results: list[Result] = []
    for fold in range(FOLDS):
        models = fit([trial for trial in trials if fold_of(trial.question) != fold])
        results += [tried(trial, models) for trial in trials if fold_of(trial.question) == fold]
    return results


def threshold_for(results: Sequence[Result], share: float = FALSE_ABSTENTION) -> float:
    """The probability below which ``share`` of the hard answerable questions lie; of all where none is hard."""
    answerable = [one for one in results if one.trial.pieces]
    chosen = [one for one in answerable if is_hard(one.trial.question)] or answerable
    held = sorted(one.probability for one in chosen)
    return held[int(share * len(held))] if held else 0.5


FEW = 6
"""Studies of the small corpora: as many as a review may have, and a question is asked of the most alike."""


def corpora(studies: Path, cache: Path, size: ChunkSize) -> list[Corpus]:
    """The digests alone, and of them with the open-access articles of ``studies`` six alike for each question."""
    encoder = Remembering(open_embedder("minilm", cache=cache))
    reranker = RememberingReranker(PackagedReranker(cache=cache))
    digests = sorted((ROOT / "corpus").glob("*.md"))
    articles = sorted(studies.rglob("PMC*.nxml"))
    alone = built_store(cache / f"digests-{size.target}", digests, encoder.inner, size)
    mixed = built_store(cache / f"digests-and-articles-{size.target}", [*digests, *articles], encoder.inner, size)
    return [
        Corpus("digests", alone, encoder, reranker),
        Corpus("six studies alike", mixed, encoder, reranker, FEW),
    ]


def apart(questions: Sequence[EvalQuestion], trained_on: Sequence[EvalQuestion]) -> list[EvalQuestion]:
    """Those of ``questions`` without evidence in a study that the reranker was trained on."""
    known = frozenset[str]().union(*(one.studies for one in trained_on))
    return [one for one in questions if not one.studies & known]


def may_be_asked(question: EvalQuestion, corpus: Corpus) -> bool:
    """Whether it is known that a silent question is silent in a corpus: `d1` wrote against the digests."""
    return question.answerable or is_hard(question) or not corpus.few


MANNERS: dict[str, Callable[[EvalQuestion], bool]] = {
    "asked nearly as the texts say it": lambda question: not is_hard(question),
    "asked in lay words, of several sections": is_hard,
}
"""Two ways of asking, apart because the second is far harder."""


def ablations(trials: Sequence[Trial]) -> dict[str, list[Hits]]:
    """Evidence in the first eight passages: of a vanilla pipeline, and by single parts of the ranking."""
    parts = {
        "dense only": LinearModel(0.0, {"similarity": 1.0}),
        "lexical only": LinearModel(0.0, {"lexical": 1.0}),
        "fused by reciprocal rank": LinearModel(0.0, {"fused": 1.0}),
    }
    answerable = [trial for trial in trials if trial.pieces]
    found = {}
    if not trials[0].corpus.few:
        found["vanilla LangChain: 1,000/200 characters, dense"] = _of_vanilla(answerable)
    for name, model in parts.items():
        found[name] = [in_passages(trial, trial.passages(model)) for trial in answerable]
    return found


def _of_vanilla(trials: Sequence[Trial]) -> list[Hits]:
    corpus = trials[0].corpus
    vanilla = Vanilla([corpus.store.study(study) for study in sorted(corpus.ids)], corpus.encoder)
    shown = [vanilla.retrieve(one.question.question, DEFAULT_PASSAGES) for one in trials]
    return [
        hits(one.pieces, [(place.study, place.span) for place in places])
        for one, places in zip(trials, shown, strict=True)
    ]


def in_passages(trial: Trial, passages: Sequence[RetrievedPassage]) -> Hits:
    """The evidence of a trial that passages hold."""
    return hits(trial.pieces, [(one.passage.study, one.passage.span) for one in passages])


def report(corpus: str, trials: Sequence[Trial], results: Sequence[Result], threshold: float) -> str:
    """The tables of one corpus, as Markdown."""
    with_evidence = [one for one in results if one.trial.pieces]
    rows = {name: summary(found) for name, found in ablations(trials).items()}
    rows["fused and reranked (cross-validated)"] = summary(
        [in_passages(one.trial, one.passages) for one in with_evidence]
    )
    nothing = Hits(0.0, False)
    cited = [one.citations or nothing for one in with_evidence]
    answered = [
        found if one.probability >= threshold else nothing for one, found in zip(with_evidence, cited, strict=True)
    ]
    rows["in the citations, were every question answered"] = summary(cited)
    rows["in the citations of the answers given"] = summary(answered)
    lines = [
        f"### {corpus}",
        "",
        "| | evidence recall / any |",
        "|---|---|",
        *(f"| {k} | {v} |" for k, v in rows.items()),
    ]
    lines += ["", "| question | n | abstained |", "|---|---|---|"]
    for kind in dict.fromkeys(one.trial.question.kind for one in results):
        of_kind = [one.probability < threshold for one in results if one.trial.question.kind == kind]
        lines.append(f"| {kind} | {len(of_kind)} | {rate(of_kind):.2f} |")
    for name, silent in (("with evidence", False), ("without evidence, in scope", True)):
        of_all = [
            one.probability < threshold
            for one in results
            if bool(one.trial.pieces) is not silent and one.trial.question.kind != "out_of_scope"
        ]
        lines.append(f"| **{name}** | {len(of_all)} | **{rate(of_all):.2f}** |")
    length = sum(one.characters for one in with_evidence) / max(len(with_evidence), 1)
    return "\n".join([*lines, "", f"Characters cited: {length:.0f} on average.", ""])


BY = "python -m evals.answering.calibrate --write"


def digest(questions: Sequence[EvalQuestion]) -> str:
    """The sha256 of the questions that something was fitted on."""
    return hashlib.sha256("\n".join(map(repr, questions)).encode()).hexdigest()


def write_model(path: Path, model: LinearModel, questions: Sequence[EvalQuestion], by: str = BY) -> None:
    """Writes a model to the file that the tool loads it from."""
    weights = "\n".join(f"{name} = {weight:.4f}" for name, weight in sorted(model.weights.items()))
    path.write_text(
        f"bias = {model.bias:.4f}\nthreshold = {model.threshold:.4f}\n\n[weights]\n{weights}\n\n[fitted]\n"
        f'by = "{by}"\n'
        f'questions = "the {len(questions)} of split dev in evals/answering/questions"\n'
        f'questions_sha256 = "{digest(questions)}"\n'
        'on = "the five digests, and for each question six studies alike of these and 60 open-access articles"\n',
        "utf-8",
    )


def main() -> None:
    """Fits, measures, prints, and writes the weights where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=Path, required=True, help="folder of the open-access articles")
    parser.add_argument("--cache", type=Path, default=Path(".cache/answering"), help="where stores are built")
    parser.add_argument("--target", type=int, default=ChunkSize().target, help="tokens at which a passage is closed")
    parser.add_argument("--write", action="store_true", help="write the weights that the tool uses")
    given = parser.parse_args()
    questions = apart(questions_of("dev"), questions_of("train"))
    places = corpora(given.studies, given.cache, ChunkSize(given.target))
    trials = {corpus.name: put(corpus, [one for one in questions if may_be_asked(one, corpus)]) for corpus in places}
    lost = places[-1].resolver.unresolved(questions)
    print(f"{len(questions)} questions; {len(lost)} sentences of evidence not found in the stored texts")
    print("\n".join(f"  {name}: {one.study} {one.key[:12]}" for name, one in lost))
    everything = [trial for group in trials.values() for trial in group]
    results = cross_validated(everything)
    threshold = threshold_for(results)
    for name, group in trials.items():
        for manner, asks_so in MANNERS.items():
            own = [one for one in group if asks_so(one.question)]
            if any(one.pieces for one in own):
                numbers = {id(one) for one in own}
                judged = [one for one in results if id(one.trial) in numbers]
                print(report(f"{name}, {manner}", own, judged, threshold))
    print(f"threshold {threshold:.3f}")
    if given.write:
        models = fit(everything)
        write_model(ROOT / "assistant/retrieval/relevance.toml", models.relevance, questions)
        write_model(ROOT / "assistant/engines/extractive/sentences.toml", models.sentences, questions)
        write_model(
            ROOT / "assistant/engines/extractive/evidence.toml", with_threshold(models.evidence, threshold), questions
        )


if __name__ == "__main__":
    main()
