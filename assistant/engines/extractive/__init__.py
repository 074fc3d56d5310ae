"""The engine that needs no chat model: verbatim sentences, and configurations from a tagger."""

from assistant.engines.extractive.engine import ExtractiveEngine

__all__ = ["ExtractiveEngine"]
