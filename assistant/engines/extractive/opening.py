"""The default engine with the weights that ship."""

from __future__ import annotations

from pathlib import Path

from assistant.engines.extractive.engine import ExtractiveEngine
from assistant.engines.extractive.reranking import PackagedReranker
from assistant.engines.extractive.tagging import PackagedTagger


def packaged_engine(cache: Path, threads: int = 0) -> ExtractiveEngine:
    """The engine with reranker and tagger, each loaded when it is first used.

    Args:
        cache: Folder for what is computed once and kept.
        threads: For one call; 0 for as many as there are cores.
    """
    return ExtractiveEngine(
        PackagedReranker(cache=cache, threads=threads), PackagedTagger(cache=cache, threads=threads)
    )
