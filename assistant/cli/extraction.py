"""Extraction as the terminal sees it: a run with its journal, a progress bar, and what it took at the end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.cli.spending import Spending, estimator, recorded
from assistant.errors import ModelError, RealistError, UsageError

if TYPE_CHECKING:
    from assistant.cli.session import Session
    from assistant.cli.spending import Recorded
    from assistant.engines.model.estimating import Estimate
    from assistant.records.extraction import Extracted
    from assistant.records.runs import Journal
    from assistant.store.store import Store


@dataclass(frozen=True, slots=True)
class Going:
    """How a run begins or goes on."""

    fresh: bool = False
    """Do not go on with an unfinished run."""
    retry_failed: bool = False
    """Take the last run up again, and do anew what failed in it."""
    spending: Spending = Spending()
    """What may be spent."""


class Extracting:
    """One extraction over studies of a project.

    Args:
        session: Whose project and settings.
        wanted: Ids of studies; all if none.
        going: How the run begins or goes on.
    """

    def __init__(self, session: Session, wanted: list[str], going: Going = Going()) -> None:
        self._session = session
        self._wanted = wanted
        self._going = going
        self.stopped: RealistError | None = None
        """What put an end to it before its time; known once the results are at their end."""

    def results(self) -> Iterator[Extracted]:
        """Candidates study by study, with a progress bar on a terminal and a closing table where a model was asked."""
        from assistant.engines.waiting import each_of
        from assistant.records.extraction import Extraction, extraction_run

        going, begun = self._going, time.monotonic()
        with self._session.store(texts_only=True) as store:
            chosen = self._chosen(store)
            journal = extraction_run(
                self._session.project.runs,
                self._session.engine,
                list(chosen.items()),
                sender=self._session.sender,
                fresh=going.fresh,
                again=going.retry_failed,
            )
            with journal, self._work(journal) as work:
                self._say_resumed(journal, len(chosen))
                extraction = Extraction(journal, work.engine, store.study, retry_failed=going.retry_failed)
                counts: Counter[str] = Counter(studies=len(chosen))
                lengths = {entry.id: max(1, entry.passages) for entry in store.studies() if entry.id in chosen}
                for extracted in self._shown(each_of(extraction.of(list(chosen))), lengths, work):
                    counts.update(_counts(extracted))
                    yield extracted
                self.stopped = extraction.stopped
                spent = work.closing(self._session, time.monotonic() - begun, items=len(chosen))
                if not self.stopped:
                    journal.finish({**counts, **spent})

    def estimate(self) -> Estimate:
        """What it would take; drafts nothing and writes nothing."""
        from assistant.engines.waiting import each_of, in_order

        engine, estimate = estimator(self._session, self._going.spending)
        if not self._session.asks_model:
            return estimate

        with self._session.store(texts_only=True) as store:

            async def one(name: str) -> None:
                try:
                    await engine.drafts(store.study(name))
                except ModelError:
                    pass  # no reply came, and none was sent for

            for _ in each_of(in_order(self._chosen(store), one, engine.in_hand)):
                pass
        return estimate

    def _chosen(self, store: Store) -> dict[str, str]:
        """Ids of the studies with the hashes of their stored texts."""
        hashes = {entry.id: entry.sha256 for entry in store.studies()}
        if not hashes:
            raise UsageError("the store holds no studies", remedy="Run `realist ingest PATH...` first.")
        return {name: hashes.get(name) or store.study(name).sha256 for name in self._wanted} or hashes

    def _work(self, journal: Journal) -> AbstractContextManager[Recorded]:
        """The engine, with its calls written into the run's folder."""
        done = journal.finished_items.values() if self._going.retry_failed else ()
        failed = frozenset(item for study in done for item, _ in study.get("parts", ()))
        return recorded(self._session, journal, self._going.spending, failed)

    def _say_resumed(self, journal: Journal, studies: int) -> None:
        if journal.resumed and journal.finished_items:
            self._session.messages.print(
                f"Going on with an earlier run: {len(journal.finished_items)} of {studies} studies are done."
            )

    def _shown(self, results: Iterator[Extracted], lengths: dict[str, int], work: Recorded) -> Iterator[Extracted]:
        """The same results, with a bar that follows them: a study counts by its ``lengths``, in passages."""
        with work.progress_bar(self._session) as bar:
            task = bar.add_task("extracting", total=sum(lengths.values()))
            for extracted in results:
                bar.update(task, advance=lengths[extracted.study], description=extracted.study)
                yield extracted


def _counts(extracted: Extracted) -> dict[str, Any]:
    from assistant.domain.cmo import CandidateStatus

    quarantined = sum(one.status is CandidateStatus.QUARANTINED for one in extracted.candidates)
    problems = len(extracted.parts) + bool(extracted.problem)
    return {"candidates": len(extracted.candidates), "quarantined": quarantined, "problems": problems}
