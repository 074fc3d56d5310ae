"""Questions as the terminal asks them: many in hand where a chat model answers, and each call of it recorded."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.cli.spending import Recorded, Spending, estimator, recorded
from assistant.errors import BudgetSpent, ModelError, RealistError, UsageError

if TYPE_CHECKING:
    from assistant.cli.session import Session
    from assistant.domain.answers import Answer
    from assistant.engines.model.estimating import Estimate
    from assistant.records.runs import Journal
    from assistant.work.answering import Asker

KIND = "ask"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what came of it."""

    id: str | None
    """Its id in a batch."""
    text: str
    """As typed."""
    answer: Answer | None
    """None where it was not answered."""
    problem: RealistError | None = None
    """Why not."""


class Asking:
    """Some questions about the studies of a project.

    Args:
        session: Whose project and settings.
        questions: Ids and texts.
        studies: Ids of studies to search; all if none.
        spending: What may be spent on a chat model.
    """

    def __init__(
        self,
        session: Session,
        questions: Sequence[tuple[str | None, str]],
        studies: Sequence[str] = (),
        spending: Spending = Spending(),
    ) -> None:
        self._session = session
        self._questions = questions
        self._studies = tuple(studies)
        self._spending = spending
        self.stopped: RealistError | None = None
        """What put an end to it before its time; known once the answers are at their end."""

    @contextmanager
    def answers(self) -> Iterator[tuple[Asker, Iterator[Asked]]]:
        """Who answers, and what came of each question in turn."""
        if not self._session.asks_model:
            with self._session.asker(self._studies) as asker:
                with closing(self._asked(asker, Recorded(self._session.engine, None))) as results:
                    yield asker, results
            return
        begun = time.monotonic()
        with self._run() as journal, recorded(self._session, journal, self._spending) as work:
            with self._session.asker(self._studies, work.engine) as asker:
                with closing(self._written(self._asked(asker, work), journal)) as results:
                    yield asker, results
            spent = work.closing(self._session, time.monotonic() - begun, items=len(self._questions))
            if not self.stopped:
                journal.finish({"questions": len(self._questions), **spent})

    def estimate(self) -> Estimate:
        """What it would take; nothing is sent and nothing is written."""
        engine, estimate = estimator(self._session, self._spending)
        if self._session.asks_model:
            with self._session.asker(self._studies, engine) as asker:
                for _ in self._asked(asker, Recorded(engine, None)):
                    pass
        return estimate

    def _asked(self, asker: Asker, work: Recorded) -> Generator[Asked]:
        from assistant.domain.answers import Question
        from assistant.engines.waiting import each_of, in_order

        async def one(question: tuple[str | None, str]) -> Asked | None:
            if self.stopped:
                return None
            try:
                return Asked(*question, await asker.answered(Question(question[1], asker.studies)))
            except (BudgetSpent, ModelError, UsageError) as error:
                hopeless = work.caller.hopeless if work.caller else None
                if isinstance(error, BudgetSpent) or hopeless:
                    self.stopped = self.stopped or hopeless or error
                    return None
                return Asked(*question, None, error)

        results = each_of(in_order(self._questions, one, work.engine.in_hand))
        for asked in results if len(self._questions) == 1 else self._shown(results, work):
            if asked is not None:
                yield asked

    def _shown(self, results: Iterator[Asked | None], work: Recorded) -> Iterator[Asked | None]:
        """The same results, with a bar that follows them."""
        with work.progress_bar(self._session) as bar:
            task = bar.add_task("asking", total=len(self._questions))
            for asked in results:
                bar.update(task, advance=1)
                yield asked

    def _written(self, results: Iterator[Asked], journal: Journal) -> Generator[Asked]:
        """The same results, each written down before it is given out."""
        for number, asked in enumerate(results, 1):
            found = len(asked.answer.citations) if asked.answer else 0
            journal.append(f"{number:04}", {"id": asked.id, "citations": found, "problem": str(asked.problem or "")})
            yield asked

    def _run(self) -> Journal:
        from assistant.records.runs import open_run, run_key

        header = {
            **_about(self._session),
            "studies": list(self._studies),
            "top_k": self._session.effective.settings.retrieval.top_k,
            "questions": [list(question) for question in self._questions],
        }
        return open_run(self._session.project.runs, KIND, run_key(kind=KIND, **header), header)


@contextmanager
def conversing(session: Session, studies: tuple[str, ...], spending: Spending = Spending()) -> Iterator[Asker]:
    """Who answers in a conversation; where a chat model does, all that it is asked is recorded as one run.

    Args:
        session: Whose project and settings.
        studies: Ids of studies to search; all if none.
        spending: What may be spent on a chat model in the whole conversation.
    """
    if not session.asks_model:
        with session.asker(studies) as asker:
            yield asker
        return
    from assistant.records.runs import open_run, run_key

    begun, header = time.monotonic(), _about(session)
    journal = open_run(session.project.runs, "chat", run_key(kind="chat", **header), header, fresh=True)
    with journal:
        with recorded(session, journal, spending) as work, session.asker(studies, work.engine) as asker:
            yield asker
            spent = work.closing(session, time.monotonic() - begun, items=1)
        journal.finish(spent)


def _about(session: Session) -> dict[str, Any]:
    """Who answers, for a run's header."""
    record = session.engine.record
    prompt = record.prompt.hash if record.prompt else None
    return {"engine": record.name, "model": record.model, "prompt": prompt, "sender": session.sender}
