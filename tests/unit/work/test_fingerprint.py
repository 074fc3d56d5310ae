from __future__ import annotations

from typing import Any

from assistant.text.chunking import ChunkSize
from assistant.work.fingerprint import fingerprint_of


def test_other_sizes_and_embedders_are_told_apart(stem_encoder: Any) -> None:
    usual = fingerprint_of(stem_encoder, ChunkSize(100, 200))
    assert usual.embedder == "stems/64" and usual == fingerprint_of(stem_encoder, ChunkSize(100, 200))
    assert fingerprint_of(stem_encoder, ChunkSize(100, 201)).differences(usual) == ("chunking",)
