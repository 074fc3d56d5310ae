"""From marked passages to what is learnt from them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from assistant.domain.cmo import Role
from assistant.embedding.vocabulary import packaged_tokenizer
from assistant.tagging.trained.labels import runs_of
from assistant.tagging.trained.relations import pairs
from evals.extraction.train.documents import Document, authored
from evals.extraction.train.examples import UNKNOWN, of_article, packed, prepare, relations

TOKENIZER = packaged_tokenizer()
PASSAGES = """\
# polarity=constraining
The hall was booked twice. Where [C1 the rota changed weekly], [M1 drivers lost patience] and [O1,C2 vans stood idle].
That is why [O2 parcels came late].

# negative=aim section=background
We asked why vans stand idle.

# section=background level=background
[R1 A shared diary] kept [O1 drivers on the road].
"""


@pytest.fixture
def documents(tmp_path: Path) -> tuple[Document, ...]:
    (tmp_path / "transport-1.txt").write_text(PASSAGES, "utf-8")
    return authored(tmp_path)


def words(document: Document, sentence: int, offsets: tuple[tuple[int, int], ...], start: int, end: int) -> str:
    return document.sentences[sentence].text[offsets[start][0] : offsets[end - 1][1]]


def test_tags_say_what_is_marked(documents: tuple[Document, ...]) -> None:
    first = prepare(TOKENIZER, documents[0])
    found = [
        (run.role, words(documents[0], at, first.tokens[at].offsets, run.start, run.end))
        for at, label in enumerate(first.labels)
        for run in runs_of(label.tags)
    ]

    # "vans stood idle" is outcome and context: the tags can say one, the runs below say both.
    assert (Role.CONTEXT, "the rota changed weekly") in found
    assert (Role.REASONING, "drivers lost patience") in found
    assert (Role.OUTCOME, "parcels came late") in found
    assert [label.detected for label in first.labels] == [False, True, True]
    assert first.labels[0].level == UNKNOWN
    assert {run.role for run in first.runs if run.start == first.runs[-2].start} >= {Role.OUTCOME, Role.CONTEXT}


def test_relations_are_those_of_the_same_configuration(documents: tuple[Document, ...]) -> None:
    (example,) = of_article(TOKENIZER, prepare(TOKENIZER, documents[0]))
    found = pairs(example.runs)
    named = {
        (example.runs[head].sentence, example.runs[other].role, example.runs[other].sentence): relation
        for (head, other), relation in zip(found, relations(example, found), strict=True)
    }

    assert named[2, Role.CONTEXT, 1] in (0, 1)
    assert named[1, Role.REASONING, 1] == 1 + list(Role).index(Role.REASONING)
    assert named[2, Role.REASONING, 1] == 0


def test_packing_keeps_every_passage_whole_and_with_its_kind(documents: tuple[Document, ...]) -> None:
    prepared = [prepare(TOKENIZER, one) for one in documents]
    examples = list(packed(prepared, random.Random(0)))

    assert sum(len(one.labels) for one in examples) == 5
    assert sorted(len(one.claims) for one in examples) == [1, 2]
    for one in examples:
        for claim in one.claims:
            assert Role.OUTCOME in {role for _, role in claim}
            assert all(one.runs[at].role is role for at, role in claim)
        assert len(one.hints) == len(one.labels) == len(one.window.starts)


def test_training_on_a_few_passages_runs_and_repeats_itself(documents: tuple[Document, ...]) -> None:
    torch = pytest.importorskip("torch")
    from evals.extraction.train.fit import collate
    from evals.extraction.train.model import gathered
    from evals.learning.encoder import run_means

    (example, *_) = packed([prepare(TOKENIZER, one) for one in documents[:1]], random.Random(0))
    batch, again = collate([example], random.Random(1)), collate([example], random.Random(1))

    assert torch.equal(batch.features, again.features) and torch.equal(batch.relations, again.relations)
    assert batch.sentences.shape == (3, 3) and batch.tags.shape == batch.hints.shape[:2]
    states = torch.arange(batch.ids.numel(), dtype=torch.float32).reshape(*batch.ids.shape, 1)
    tokens, mask = gathered(states, batch.sentences)
    assert tokens[1, 0, 0] == batch.sentences[1, 1] and mask.sum(1).tolist() == batch.sentences[:, 2].tolist()
    assert run_means(states, torch.tensor([[0, 2, 5]]))[0, 0] == 3.0
