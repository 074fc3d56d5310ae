"""A run done once more from its journal: the same replies, no chat model, no network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.cli.session import Session
    from assistant.domain.answers import Answer
    from assistant.engines.protocol import Engine
    from assistant.records.extraction import Extracted
    from assistant.records.reports import RunReport


def replayed_candidates(session: Session, report: RunReport) -> Iterator[Extracted]:
    """The candidates of an extraction, study by study.

    Raises:
        NotInJournal: If the studies, the prompts or the tool changed so that the run's calls no longer fit.
    """
    from assistant.engines.waiting import result_of
    from assistant.records.extraction import Extracted
    from assistant.work.extracting import extract_study

    then = _as_then(session, report)
    engine = _engine(then, report)
    with then.store(texts_only=True) as store:
        for name in report.header["studies"]:
            if name in report.items:  # an unfinished run has no replies for the others
                found = result_of(extract_study(store.study(name), engine))
                yield Extracted(name, found.candidates, "", found.problems, found.usage)


def replayed_answers(session: Session, report: RunReport) -> Iterator[tuple[str | None, Answer]]:
    """The answers of a run of questions, with the questions' ids.

    Raises:
        NotInJournal: As `replayed_candidates`.
    """
    then = _as_then(session, report, top_k=report.header["top_k"])
    answered = [done for done in report.items.values() if not done["problem"]]
    texts = dict(enumerate(report.header["questions"], 1))
    with then.asker(tuple(report.header["studies"]), _engine(then, report)) as asker:
        for done in answered:
            id, text = texts[int(done["item"])]
            yield id, asker.ask(text)


def _as_then(session: Session, report: RunReport, top_k: int | None = None) -> Session:
    """The session with the model's settings as they were."""
    sender = report.header.get("sender")
    if not sender:
        raise UsageError(
            f"run {report.name} asked no chat model, so that there is nothing to replay",
            remedy="Repeat its command: the same studies give the same again.",
        )
    source = f"run {report.name}"
    settings: dict[str, Any] = {f"model__{name}": (source, value) for name, value in sender.items()}
    engine = str(report.header["engine"]).partition("/")[0]
    return session.with_flags(answer__engine=(source, engine), retrieval__top_k=(source, top_k), **settings)


def _engine(session: Session, report: RunReport) -> Engine:
    from assistant.engines.model.replaying import ReplayingCaller

    return session.engine_with(ReplayingCaller.of(report.name, report.header["sender"], report.calls))
