from pathlib import Path

import pytest

from assistant.embedding.minilm import MiniLM
from assistant.embedding.opening import open_embedder
from assistant.embedding.transformer import TransformerEmbedder
from assistant.errors import SettingsError


def test_names_lead_to_their_embedders(tmp_path: Path) -> None:
    assert isinstance(open_embedder("minilm", cache=tmp_path), MiniLM)
    assert isinstance(open_embedder("sentence-transformers:some/model", cache=tmp_path), TransformerEmbedder)


@pytest.mark.parametrize("name", ["", "mini", "sentence-transformers:"])
def test_an_unknown_name_says_which_there_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="minilm"):
        open_embedder(name, cache=tmp_path)


def test_opening_loads_nothing(tmp_path: Path) -> None:
    embedder = open_embedder("minilm", cache=tmp_path / "cache")
    assert (embedder.dimension, embedder.max_tokens) == (384, 256)
    assert embedder.fingerprint == "all-MiniLM-L6-v2@53aa51172d142c89/384"
    assert not (tmp_path / "cache").exists()
