"""A chat model that says what it is told to, and studies to ask it about."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.domain.study import BlockKind, SectionType, SourceFile, Study
from assistant.engines.model.prompting import Prompts
from assistant.engines.model.requests import ModelReply, ModelRequest, Usage
from assistant.readers.builder import RawBlock, RawStudy, build_study

PROMPTS = Prompts.load([Path(__file__).parents[4] / "prompts"])

PARAGRAPH = (
    "Where nurses knew each other, the huddle led to candour because they felt safe. It met on Mondays. "
    "Porters stayed on because they trusted the matron. On wards without a sister nobody spoke up."
)
METHODS = "We held talks with the staff of nine wards and read their notes with care."
REFERENCE = "Someone. Huddles make every ward a kinder place. Imaginary Press."

Said = str | ModelReply | dict[str, Any]


@dataclass
class Scripted:
    """A `Caller` that gives prepared replies, or those that a function makes; the last one again and again."""

    replies: Sequence[Said] | Callable[[ModelRequest], Said]
    pieces: int = 7
    """Code points of a streamed piece."""
    breaks_off: bool = False
    """Whether a stream fails half way."""
    asked: list[ModelRequest] = field(default_factory=list)

    async def call(self, request: ModelRequest) -> ModelReply:
        return self._next(request)

    async def stream(self, request: ModelRequest, take: Callable[[str], None]) -> ModelReply:
        reply = self._next(request)
        end = len(reply.text) * 2 // 3 if self.breaks_off else len(reply.text)
        for at in range(0, end, self.pieces):
            take(reply.text[at : min(at + self.pieces, end)])
        return replace(reply, text="", problem="the reply broke off") if self.breaks_off else reply

    def _next(self, request: ModelRequest) -> ModelReply:
        self.asked.append(request)
        if callable(self.replies):
            said = self.replies(request)
        else:
            said = self.replies[min(len(self.asked), len(self.replies)) - 1]
        if isinstance(said, ModelReply):
            return said
        return ModelReply(
            said if isinstance(said, str) else json.dumps(said, ensure_ascii=False), Usage(1, 100, 10), 0.1
        )


def study_of(text: str = PARAGRAPH, study: str = "trial", *, reference: str = REFERENCE) -> Study:
    """Methods, results and references."""
    blocks = [
        RawBlock(BlockKind.HEADING, "Methods", level=1, section_type=SectionType.METHODS),
        RawBlock(BlockKind.PARAGRAPH, METHODS),
        RawBlock(BlockKind.HEADING, "Results", level=1, section_type=SectionType.RESULTS),
        RawBlock(BlockKind.PARAGRAPH, text, page=3),
        RawBlock(BlockKind.HEADING, "References", level=1, section_type=SectionType.REFERENCES),
        RawBlock(BlockKind.REFERENCE, reference),
    ]
    return build_study(study, SourceFile(f"{study}.txt", "0" * 64, "text"), RawStudy(blocks))


def configuration(**changes: Any) -> dict[str, Any]:
    """A configuration of `PARAGRAPH` whose every quote stands there."""
    return {
        "passage": "Where nurses knew each other, the huddle led to candour because they felt safe.",
        "context": ["nurses knew each other"],
        "resource": ["the huddle"],
        "reasoning": ["they felt safe"],
        "outcome": ["candour"],
        "level": "finding",
        "polarity": "enabling",
        "proposition": "Where nurses know each other, huddles bring candour, because they feel safe.",
        "certainty": "high",
        **changes,
    }


def given(request: ModelRequest) -> str:
    """What stands between the marks of a request's task, the examples left out."""
    user = [message.text for message in request.messages if message.speaker == "user" and "=====" in message.text]
    match = re.search(r"^(=====\w+=====)$\n(.*?)\n^\1$", user[-1], re.MULTILINE | re.DOTALL)
    assert match is not None
    return match[2]
