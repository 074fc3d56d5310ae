"""What may be spent on a chat model: the flags, and an engine whose every call is in its run's journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import UsageError

if TYPE_CHECKING:
    from rich.progress import Progress

    from assistant.cli.session import Session
    from assistant.engines.model.budget import Limits
    from assistant.engines.model.calling import ModelCaller
    from assistant.engines.model.estimating import Estimate
    from assistant.engines.protocol import Engine
    from assistant.records.runs import Journal

EstimateFlag = Annotated[
    bool, typer.Option("--estimate", help="Only reckon calls, tokens and cost; nothing is sent, nothing is drafted.")
]
MaxCalls = Annotated[
    int | None, typer.Option("--max-calls", metavar="N", min=0, help="Stop before a call to the chat model passes it.")
]
MaxCost = Annotated[
    float | None, typer.Option("--max-cost", metavar="X", min=0.0, help="The same for the cost, at the set prices.")
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Ask the chat model anew, though replies of earlier runs are kept.")
]


@dataclass(frozen=True, slots=True)
class Spending:
    """What may be spent."""

    max_calls: int | None = None
    """Requests to the chat model; None for no limit."""
    max_cost: float | None = None
    """In the currency of the prices; None for no limit."""
    use_cache: bool = True
    """Whether replies of earlier runs are taken."""

    def limits(self, session: Session) -> Limits:
        """As the budget takes them.

        Raises:
            UsageError: If a cost is limited that can't be reckoned.
        """
        from assistant.engines.model.budget import Limits

        model = session.effective.settings.model
        if self.max_cost is not None and session.asks_model and not (model.price_in or model.price_out):
            raise UsageError(
                "--max-cost needs prices", remedy="Set model.price_in and model.price_out, or use --max-calls."
            )
        return Limits(self.max_calls, self.max_cost)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An engine at work on a run."""

    engine: Engine
    """Who answers and drafts."""
    caller: ModelCaller | None
    """Through which it reaches the chat model; None where it asks none."""

    def progress_bar(self, session: Session) -> Progress:
        """A bar; beside it what the chat model took so far, where one is asked."""
        from assistant.presentation.console import progress_bar

        if self.caller is None:
            return progress_bar(session.messages)
        from assistant.engines.model.opening import prices
        from assistant.presentation.spending import SpentColumn

        priced = prices(session.effective.settings.model)
        return progress_bar(session.messages, SpentColumn(self.caller.tally, priced, self.engine.in_hand))

    def closing(self, session: Session, seconds: float, *, items: int) -> dict[str, Any]:
        """What was spent in ``seconds`` of wall time on so many items, printed and returned for the run's record."""
        if self.caller is None:
            return {"seconds": round(seconds, 3)}
        from assistant.engines.model.opening import prices
        from assistant.presentation.spending import render_tally, render_tally_line, tally_json

        priced = prices(session.effective.settings.model)
        render = render_tally if items > 1 else render_tally_line
        render(self.caller.tally, priced, seconds, session.messages)
        return tally_json(self.caller.tally, priced, seconds)


@contextmanager
def recorded(
    session: Session, journal: Journal, spending: Spending, anew: frozenset[str] = frozenset()
) -> Iterator[Recorded]:
    """The session's engine, with its calls written into the folder of ``journal``.

    Args:
        session: Whose settings say which engine.
        journal: An open run.
        spending: What may be spent.
        anew: Names of pieces of work that are asked anew.

    Yields:
        What to work with; its connections are closed at the end, after the replies that are under way.
    """
    limits = spending.limits(session)
    if not session.asks_model:
        yield Recorded(session.engine, None)
        return
    from assistant.engines.model.memory import Memory
    from assistant.engines.model.opening import open_caller
    from assistant.engines.waiting import result_of
    from assistant.records.calls import CallJournal

    # A reply is kept for later runs even if this one does not take any: it is the newer one.
    log = CallJournal(journal.folder)
    session.replies.take_over(log.records)
    memory = Memory(log, session.replies, anew, spending.use_cache)
    caller = open_caller(session.effective.settings.model, memory, limits)
    try:
        yield Recorded(session.engine_with(caller), caller)
    except KeyboardInterrupt:
        session.messages.print("Waiting for the replies that are under way; Ctrl-C again leaves them.")
        raise
    finally:
        result_of(caller.close())


def estimator(session: Session, spending: Spending) -> tuple[Engine, Estimate]:
    """The session's engine over a caller that sends nothing, and what it counts."""
    from assistant.engines.model.estimating import Estimate, EstimatingCaller
    from assistant.engines.model.memory import Memory
    from assistant.engines.model.opening import identity

    if not session.asks_model:
        return session.engine, Estimate()
    model = session.effective.settings.model
    memory = Memory(cache=session.replies, use_cache=spending.use_cache)
    caller = EstimatingCaller(identity(model), model.max_tokens, memory)
    return session.engine_with(caller), caller.estimate


def print_estimate(estimate: Estimate, session: Session, *, as_json: bool) -> None:
    """Prints what a run would take, as data."""
    from assistant.engines.model.opening import prices
    from assistant.presentation.console import print_json
    from assistant.presentation.spending import estimate_json, render_estimate

    priced = prices(session.effective.settings.model)
    if as_json:
        print_json(estimate_json(estimate, priced))
    else:
        render_estimate(estimate, priced, session.out)
