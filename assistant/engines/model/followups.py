"""Follow-up questions made to stand alone by a chat model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.engines.model.parsing import read_followup
from assistant.engines.model.prompting import Prompts, request_for
from assistant.engines.model.replies import FollowupReply
from assistant.engines.model.requests import Caller

_TURNS = 3
"""Exchanges that a follow-up may lean on."""
_ANSWER = 600
"""Code points of an answer that are given; its beginning says what it was about."""
_LONGEST = 400
"""Code points of a question; a longer reply is no question."""


@dataclass(frozen=True)
class ModelFollowups:
    """Fills in what follow-up questions lean on."""

    caller: Caller
    """Who asks the chat model."""
    prompts: Prompts
    """In what words."""

    async def condensed(self, question: str, turns: Sequence[tuple[str, str]]) -> str:
        """``question`` as it is understood after ``turns``, oldest first; empty where the model was of no help."""
        history = "\n".join(f"Asked: {asked}\nAnswered: {said[:_ANSWER]}" for asked, said in turns[-_TURNS:])
        values = {"history": history, "question": question}
        name = hashlib.sha256("\0".join(values.values()).encode()).hexdigest()[:16]
        reply = await self.caller.call(request_for(f"followup/{name}", self.prompts.followup, FollowupReply, values))
        standalone = " ".join(read_followup(reply.text).split())
        return standalone if len(standalone) <= _LONGEST else ""
