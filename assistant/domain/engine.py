"""Who made a statement: the record that travels with every answer and candidate."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PromptRecord:
    """Which prompt an engine used."""

    id: str
    """Name of the prompt file, without its ending."""
    hash: str
    """sha256 of its content, hexadecimal."""


@dataclass(frozen=True, slots=True)
class EngineRecord:
    """Which engine made a statement; travels with every answer and candidate."""

    name: str
    """``extractive`` or ``model``, with its version: ``extractive/1``."""
    model: str | None = None
    """The chat model, or the tagger's name; None where none is used."""
    prompt: PromptRecord | None = None
    """The prompt; None where none is used."""
