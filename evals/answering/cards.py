"""Weights that were trained on the questions of the split ``train``, written with the card that says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from torch import nn

from assistant.embedding.trained import TrainedPart
from evals.answering.calibrate import digest
from evals.answering.questions import EvalQuestion
from evals.learning.shipping import changed_tensors, write_weights

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_NOTE = (
    "Trained on questions written for it by language models, no person among the authors, over 33 open-access "
    "articles; no test question is about these, and the development questions that are were not used beside it."
)


def write_trained(
    part: TrainedPart,
    model: nn.Module,
    heads: Sequence[str],
    questions: Sequence[EvalQuestion],
    tuning: DataclassInstance,
    command: str,
) -> None:
    """Writes weights and card into the part's folder.

    Args:
        part: What was trained, and where it goes; the folder is made if it is not there.
        model: With an ``encoder``, trained.
        heads: Names of its tensors that ship beside what changed of the encoder.
        questions: On which it was trained.
        tuning: How.
        command: That did it.
    """
    card = {
        **write_weights(part, changed_tensors(model, heads)),
        "questions": len(questions),
        "questions_sha256": digest(questions),
        "authors": sorted({one.author for one in questions}),
        "command": command,
        "tuning": asdict(tuning),
        "note": _NOTE,
    }
    part.card_file.write_text(json.dumps(card, indent=1) + "\n", "utf-8")
