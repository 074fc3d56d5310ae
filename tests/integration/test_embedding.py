"""The real encoder: its vectors against sentence-transformers', its limits, what it imports, its cache."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.embedding.minilm import MiniLM
from assistant.embedding.session import Loaded
from assistant.embedding.transformer import TransformerEmbedder
from assistant.embedding.weights import packaged_files
from assistant.errors import EmbeddingError

TEXTS = [
    "",
    "Hi",
    "Where nurses trusted the lead, they tried the checklist, because they felt it was theirs.",
    "Cafés, naïve façades and ½ doses: “quoted” — dashed… 中文 and 🙂.",
    "supercalifragilistic" * 20,
    "The board met monthly, and its members learnt to disagree without harm. " * 16,
    "trust " * 254,
]


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    return MiniLM(cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def reference() -> TransformerEmbedder:
    return TransformerEmbedder(str(packaged_files().weights.parent))


def test_vectors_equal_those_of_sentence_transformers(embedder: MiniLM, reference: TransformerEmbedder) -> None:
    assert embedder.count_tokens(TEXTS) == reference.count_tokens(TEXTS)
    assert embedder.count_tokens(TEXTS)[-1] == embedder.max_tokens == reference.max_tokens
    ours = embedder.embed(TEXTS)
    assert ours.dtype == np.float32
    assert np.abs(ours - reference.embed(TEXTS)).max() < 1e-6
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1.0, atol=1e-6)


def test_a_vector_does_not_depend_on_its_company(embedder: MiniLM) -> None:
    together = embedder.embed(TEXTS * 3)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.abs(together - np.tile(alone, (3, 1))).max() < 1e-6


def test_the_last_layer_is_given_when_asked_for(embedder: MiniLM) -> None:
    loaded, ids = embedder._load(packed=False), np.array([[101, 3404, 102]])
    assert isinstance(loaded, Loaded)
    vector, hidden = loaded.vectors(ids), loaded.states(ids)
    assert hidden.shape == (1, 3, 384)
    mean = hidden[0].mean(axis=0)
    np.testing.assert_allclose(vector[0], mean / np.linalg.norm(mean), atol=1e-6)


def test_nothing_is_cut_off(embedder: MiniLM) -> None:
    with pytest.raises(ValueError, match="257 tokens"):
        embedder.embed(["fine", "trust " * 255])


def test_no_texts_give_no_vectors(embedder: MiniLM, reference: TransformerEmbedder) -> None:
    for either in (embedder, reference):
        assert either.embed([]).shape == (0, 384)
        assert either.count_tokens([]) == []


def test_threads_may_share_an_embedder(tmp_path: Path) -> None:
    embedder = MiniLM(cache=tmp_path, threads=1)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: embedder.embed([text])[0], TEXTS))
    assert np.abs(np.stack(found) - embedder.embed(TEXTS)).max() < 1e-6


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_a_unit_vector(embedder: MiniLM, text: str) -> None:
    assert np.linalg.norm(embedder.embed([text])) == pytest.approx(1.0, abs=1e-5)


def test_a_damaged_graph_is_built_again(tmp_path: Path) -> None:
    expected = MiniLM(cache=tmp_path).embed(["trust"])
    (graph,) = tmp_path.glob("*.onnx")
    whole = graph.read_bytes()
    graph.write_bytes(whole[:1000])
    np.testing.assert_array_equal(MiniLM(cache=tmp_path).embed(["trust"]), expected)
    assert graph.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    assert MiniLM(cache=blocked / "cache").embed(["trust"]).shape == (1, 384)


def test_a_question_imports_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from assistant.embedding.opening import open_embedder\n"
        f"embedder = open_embedder('minilm', cache=Path({str(tmp_path)!r}))\n"
        "early = {'numpy', 'onnxruntime', 'tokenizers'} & set(sys.modules)\n"
        "embedder.embed(['What made it work?'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'chromadb'} & set(sys.modules)\n"
        "print(sorted(early), sorted(heavy))"
    )
    for expected in ("[] ['onnx']", "[] []"):  # the second process finds the graph that the first one built
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=dict(os.environ))
        assert done.stdout.strip() == expected, done.stderr


def test_a_folder_names_its_weights(reference: TransformerEmbedder) -> None:
    assert reference.fingerprint.startswith(f"{packaged_files().weights.parent}@")
    assert reference.fingerprint.endswith("/384")
    with pytest.raises(ValueError, match="257 tokens"):
        reference.embed(["trust " * 255])


def test_a_model_that_is_not_here_says_so(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match=r"can't be loaded.*minilm"):
        TransformerEmbedder(str(tmp_path / "absent"), threads=1).embed(["trust"])
