"""``realist chat``: the conversation in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.options import EngineFlag
from assistant.cli.session import Session
from assistant.cli.spending import MaxCalls, MaxCost, NoCache, Spending

SUMMARY = "The terminal conversation."
EXAMPLES = """\b
Examples:
  realist chat
  realist chat --study marston-2022

Inside, /help lists the commands.
"""


def command(
    context: typer.Context,
    study: Annotated[
        list[str] | None, typer.Option("--study", metavar="ID", help="Begin with this study only; repeatable.")
    ] = None,
    engine: EngineFlag = None,
    top_k: Annotated[
        int | None, typer.Option("--top-k", metavar="N", min=1, max=100, help="Passages given to the engine.")
    ] = None,
    max_calls: MaxCalls = None,
    max_cost: MaxCost = None,
    no_cache: NoCache = False,
) -> None:
    """Ask and follow up; every answer comes with its quotes. Arrow keys bring earlier lines back."""
    from assistant.cli.asking import conversing
    from assistant.cli.chat_loop import ChatLoop

    session: Session = context.obj
    session = session.with_flags(retrieval__top_k=("--top-k", top_k), answer__engine=("--engine", engine))
    spending = Spending(max_calls, max_cost, use_cache=not no_cache)
    with conversing(session, tuple(study or ()), spending) as asker:
        ChatLoop(session, asker).run()
