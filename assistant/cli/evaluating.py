"""The chat model that the evaluation suite asks, as the project configures it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.cli.spending import Recorded, Spending
from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.cli.session import Session
    from evals.suite.chat import Chat


@contextmanager
def open_chat(session: Session, flag: str, spending: Spending) -> Iterator[Chat]:
    """The project's chat model with the engines that ask it; what it took is printed at the end.

    Replies are kept in the project, so that a run that was stopped goes on when its command is repeated.

    Args:
        session: Whose project, settings and prompts.
        flag: What was typed that needs it, for messages.
        spending: What may be spent.

    Raises:
        SettingsError: If none is configured.
        ProjectNotFound: If there is no project, whose settings could say.
    """
    from assistant.engines.model.memory import Memory
    from assistant.engines.model.opening import identity, open_caller
    from assistant.engines.waiting import result_of
    from evals.suite.chat import Chat, Watched

    model, cascade = (session.with_flags(answer__engine=(flag, name)) for name in ("model", "cascade"))
    settings = session.effective.settings.model
    if not settings.name:
        raise SettingsError(
            f"{flag} asks a chat model, and none is configured", remedy="Set model.name, such as 'ollama:qwen3:8b'."
        )
    memory = Memory(cache=session.replies, use_cache=spending.use_cache)
    caller = open_caller(settings, memory, spending.limits(model))
    watched, begun = Watched(caller), time.monotonic()
    chat = Chat(model.engine_with(watched), cascade.engine_with(watched), watched, identity(settings))
    try:
        yield chat
    finally:
        result_of(caller.close())
        Recorded(chat.model, caller).closing(session, time.monotonic() - begun, items=2)
