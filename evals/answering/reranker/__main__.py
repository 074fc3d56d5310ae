"""``python -m evals.answering.reranker --studies FOLDER``: trains the reranker and writes its weights.

Trains on the questions of the split ``train``, each put to six studies: its own and those nearest to it. No study of
the test set is read; `evals.answering.calibrate` leaves out the questions of ``dev`` whose evidence is in its studies.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.numpy import save

from assistant.embedding.vocabulary import packaged_tokenizer
from assistant.engines.extractive.reranking import NAMES
from assistant.engines.extractive.weights import CARD, FOLDER, WEIGHTS
from assistant.retrieval.linear import load_model
from assistant.text.chunking import ChunkSize
from evals.answering.calibrate import corpora, digest
from evals.answering.questions import EvalQuestion, questions_of
from evals.answering.reranker.examples import Prepared, batches, prepare
from evals.answering.reranker.model import RerankerModel
from evals.answering.trials import put
from evals.extraction.train.export import changed_tensors
from evals.extraction.train.fit import AVERAGED_FROM, Mean, optimiser_of
from evals.extraction.train.settings import Tuning

_BATCH_TOKENS = 1800
"""Tokens of the passages that make one step, padding included."""
NOTE = (
    "Trained on questions written for it by a language model, no person among the authors, over 33 open-access "
    "articles; no test question is about these, and the development questions that are were not used beside it."
)


def fit(questions: Sequence[Prepared], tuning: Tuning) -> RerankerModel:
    """A model trained on questions, each epoch with other passages; the weights of the last steps are averaged."""
    torch.manual_seed(tuning.seed)
    rng = random.Random(tuning.seed)
    model = RerankerModel(tuning)
    plan = [batches(questions, _BATCH_TOKENS, rng) for _ in range(tuning.epochs)]
    steps, step, mean = sum(map(len, plan)), 0, Mean()
    optimiser, scheduler = optimiser_of(model, tuning, steps)
    model.train()
    for number, epoch in enumerate(plan, 1):
        began, total = time.monotonic(), 0.0
        for examples in epoch:
            loss = model.loss(examples)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            scheduler.step()
            step += 1
            if step > AVERAGED_FROM * steps:
                mean.add(model)
            total += float(loss.detach())
        spent = time.monotonic() - began
        print(f"epoch {number}: {len(epoch)} steps, {spent:.0f} s; loss {total / len(epoch):.3f}", flush=True)
    mean.copy_to(model)
    return model.eval()


def write(folder: Path, model: RerankerModel, questions: Sequence[EvalQuestion], tuning: Tuning) -> None:
    """Writes weights and card into ``folder``."""
    content = save(changed_tensors(model, NAMES))
    digest_of = hashlib.sha256(content).hexdigest()
    card = {
        "name": f"minilm-reranker/{digest_of[:8]}",
        "sha256": digest_of,
        "questions": len(questions),
        "questions_sha256": digest(questions),
        "authors": sorted({one.author for one in questions}),
        "command": "python -m evals.answering.reranker --studies FOLDER",
        "tuning": asdict(tuning),
        "note": NOTE,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(content)
    (folder / CARD).write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def main() -> None:
    """Trains and writes."""
    parser = argparse.ArgumentParser(prog="python -m evals.answering.reranker", description=__doc__)
    parser.add_argument("--studies", type=Path, required=True, help="folder of the open-access articles")
    parser.add_argument("--cache", type=Path, default=Path(".cache/answering"), help="where stores are built")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the weights and their card")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--layers", type=int, default=4, help="how many of the encoder's layers change")
    parser.add_argument("--rate", type=float, default=1e-4)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    tuning = Tuning(layers=given.layers, epochs=given.epochs, rate=given.rate)
    questions = questions_of("train")
    began = time.monotonic()
    few = corpora(given.studies, given.cache, ChunkSize())[-1]
    ranking, tokenizer = load_model("assistant.retrieval", "relevance"), packaged_tokenizer()
    prepared = [prepare(tokenizer, trial, ranking) for trial in put(few, questions) if trial.asked.stems]
    print(f"{len(questions)} questions, {time.monotonic() - began:.0f} s", flush=True)
    model = fit(prepared, tuning)
    write(given.out, model, questions, tuning)


if __name__ == "__main__":
    main()
