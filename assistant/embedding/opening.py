"""From an embedder's name in the settings to the embedder."""

from __future__ import annotations

from pathlib import Path

from assistant.embedding.protocol import Embedder
from assistant.embedding.runtime import EXACT, Runtime
from assistant.errors import SettingsError

DEFAULT_EMBEDDER = "minilm"
_TRANSFORMERS = "sentence-transformers:"


def open_embedder(
    name: str, *, cache: Path, threads: int = 0, batch_size: int = 8, runtime: Runtime = EXACT
) -> Embedder:
    """The embedder called ``name``; loads nothing yet.

    Args:
        name: ``minilm``, or ``sentence-transformers:NAME`` for a model's folder or name on the hub.
        cache: Folder for what is computed once and kept.
        threads: For one call; 0 leaves the choice to the embedder.
        batch_size: Texts that are computed together; ``minilm`` counts sentences, and takes fewer of longer texts.
        runtime: What computes ``minilm``; any other model has torch.

    Raises:
        SettingsError: If there is no such embedder.
    """
    if name == DEFAULT_EMBEDDER:
        from assistant.embedding.minilm import MiniLM

        return MiniLM(cache=cache, threads=threads, batch_size=batch_size, runtime=runtime)
    model = name.removeprefix(_TRANSFORMERS)
    if name.startswith(_TRANSFORMERS) and model:
        from assistant.embedding.transformer import TransformerEmbedder

        return TransformerEmbedder(model, threads=threads, batch_size=batch_size)
    raise SettingsError(
        f"There is no embedder called {name!r}", remedy=f"Use {DEFAULT_EMBEDDER!r} or '{_TRANSFORMERS}NAME'."
    )
