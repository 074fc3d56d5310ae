"""The encoder on OpenVINO, where the extra ``fast`` is installed: near enough to the exact one, and it tells nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.embedding.minilm import MiniLM, question_encoder_in
from assistant.embedding.openvino_session import computes_bf16, is_installed
from assistant.embedding.runtime import Runtime

from .test_embedding import TEXTS

# Looked for without importing it, which by itself would report to its maker.
pytestmark = pytest.mark.skipif(not is_installed(), reason="the extra `fast` is not installed")


def embedded(tmp_path: Path, precision: str) -> tuple[np.ndarray, np.ndarray]:
    exact, fast = (
        MiniLM(cache=tmp_path, runtime=one) for one in (Runtime("onnxruntime", "fp32"), Runtime("openvino", precision))
    )
    assert fast.fingerprint == exact.fingerprint and fast.precision == precision
    return exact.embed(TEXTS), fast.embed(TEXTS)


def test_in_fp32_both_runtimes_agree(tmp_path: Path) -> None:
    exact, fast = embedded(tmp_path, "fp32")
    assert np.abs(exact - fast).max() < 1e-6


def test_in_bf16_vectors_drift_by_little(tmp_path: Path) -> None:
    if not computes_bf16():
        pytest.skip("this processor has no bf16")
    exact, fast = embedded(tmp_path, "bf16")
    assert (exact * fast).sum(axis=1).min() > 0.9998
    np.testing.assert_allclose(np.linalg.norm(fast, axis=1), 1.0, atol=1e-5)


def test_a_vector_does_not_depend_on_its_company(tmp_path: Path) -> None:
    fast = MiniLM(cache=tmp_path, runtime=Runtime("openvino", "fp32"))
    alone = np.concatenate([fast.embed([text]) for text in TEXTS])
    assert np.abs(fast.embed(TEXTS) - alone).max() < 1e-6


def test_trained_layers_are_taken_by_both_runtimes(tmp_path: Path) -> None:
    runtimes = (Runtime("onnxruntime", "fp32"), Runtime("openvino", "fp32"))
    exact, fast = (MiniLM(cache=tmp_path, runtime=one, trained=question_encoder_in()).embed(TEXTS) for one in runtimes)
    assert np.abs(exact - fast).max() < 1e-6
    assert np.abs(exact - MiniLM(cache=tmp_path).embed(TEXTS)).max() > 0.01


def test_its_import_reports_to_nobody(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "tried = []\n"
        "outward = ('socket.', 'subprocess.')\n"
        "sys.addaudithook(lambda event, _: tried.append(event) if event.startswith(outward) else None)\n"
        "from pathlib import Path\n"
        "from assistant.embedding.minilm import MiniLM\n"
        "from assistant.embedding.runtime import Runtime\n"
        f"MiniLM(cache=Path({str(tmp_path)!r}) / 'cache', runtime=Runtime('openvino', 'fp32')).embed(['trust'])\n"
        "names = [name for name, module in sys.modules.items() if module]\n"
        "print(tried, [name for name in names if 'telemetry' in name or '.ovc' in name])"
    )
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "[] []", done.stderr
    assert list(home.iterdir()) == []
