"""The same encoder on OpenVINO, for embedding much at once: an optional dependency, the extra ``fast``.

The graph is put together by OpenVINO's own operators on the mapped weights. Requests are made one after another:
OpenVINO's queue of asynchronous ones was seen to end the process.

Source: Devlin et al. 2019, doi:10.18653/v1/N19-1423; pooling after Reimers and Gurevych 2019,
doi:10.18653/v1/D19-1410.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.embedding import graph
from assistant.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EPSILON = 1e-12
_HEAD = graph.DIMENSION // graph.HEADS
_HINTS = {"fp32": "f32", "bf16": "bf16"}
_REPORTING = ("openvino.tools.ovc", "openvino_telemetry")
"""Parts of the package that report each import to its maker, and that nothing here needs."""


def is_installed() -> bool:
    """Whether the optional dependency is there; imports nothing."""
    return importlib.util.find_spec("openvino") is not None


def computes_bf16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware."""
    return "BF16" in _openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _openvino() -> Any:
    """The package, without the parts that would report its use."""
    for name in _REPORTING:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    try:
        import openvino
    except ImportError as error:
        raise EmbeddingError(
            f"OpenVINO can't be loaded ({error})",
            remedy="Install it with pip install 'realist-assistant[fast]', or set embedding.runtime to onnxruntime.",
        ) from error
    return openvino


class OpenVinoSession:
    """The compiled encoder; any thread may call it, one at a time gets through.

    Args:
        weights: By the names of the packaged file.
        threads: For one call.
        precision: ``fp32`` or ``bf16``.
    """

    def __init__(self, weights: Mapping[str, NDArray[np.float32]], *, threads: int, precision: str) -> None:
        openvino = _openvino()
        encoder = _Encoder(openvino, graph.graph_tensors(weights))
        settings = {
            "INFERENCE_PRECISION_HINT": _HINTS[precision],
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            "ENABLE_CPU_PINNING": False,
        }
        self._request = openvino.Core().compile_model(encoder.model(), "CPU", settings).create_infer_request()
        self._busy = threading.Lock()

    def vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Unit vectors, shape (n_texts, DIMENSION), of token ids, shape (n_texts, n_tokens), filled up with 0."""
        import numpy as np

        mask = (ids[:, ::-1].cumsum(axis=1)[:, ::-1] > 0).astype(np.int64)  # up to the last that is not 0
        with self._busy:
            found = self._request.infer([ids, mask], share_inputs=True)
            return np.array(found[0], dtype=np.float32)


class _Encoder:
    """BERT with six layers, then the sum over the tokens that are no padding, scaled to unit length."""

    def __init__(self, openvino: Any, tensors: Mapping[str, NDArray[np.float32]]) -> None:
        self._openvino = openvino
        self._ops = openvino.opset13
        self._tensors = tensors

    def model(self) -> Any:
        """The graph: from token ids and their mask to unit vectors."""
        ops = self._ops
        whole = self._openvino.Type.i64
        ids, mask = (ops.parameter([-1, -1], whole) for _ in range(2))
        counted = ops.convert(mask, "f32")
        hidden = self._embedded(ids)
        unseen = ops.multiply(ops.subtract(counted, self._number(1.0)), self._number(1e9))
        bias = ops.unsqueeze(unseen, self._axes(1, 2))
        for layer in range(graph.LAYERS):
            hidden = self._layer(hidden, bias, f"encoder.layer.{layer}")
        summed = ops.reduce_sum(ops.multiply(hidden, ops.unsqueeze(counted, self._axes(2))), self._axes(1), False)
        # The mean's divisor does not change the direction: the unit vector of the sum is that of the mean.
        unit = ops.normalize_l2(summed, self._axes(1), _EPSILON, "max")
        return self._openvino.Model([unit], [ids, mask], "all-MiniLM-L6-v2")

    def _embedded(self, ids: Any) -> Any:
        ops = self._ops
        words = ops.gather(self._stored("embeddings.word_embeddings.weight"), ids, self._whole(0))
        length = ops.slice(ops.shape_of(ids), self._axes(1), self._axes(2), self._axes(1))
        places = ops.slice(self._stored(graph.POSITIONS), self._axes(0), length, self._axes(1), self._axes(0))
        return self._norm(ops.add(words, places), "embeddings.LayerNorm")

    def _layer(self, hidden: Any, bias: Any, layer: str) -> Any:
        ops = self._ops
        attended = self._attention(hidden, bias, f"{layer}.attention.self")
        mixed = self._linear(attended, f"{layer}.attention.output.dense")
        middle = self._norm(ops.add(mixed, hidden), f"{layer}.attention.output.LayerNorm")
        wide = ops.gelu(self._linear(middle, f"{layer}.intermediate.dense"), "erf")
        return self._norm(ops.add(self._linear(wide, f"{layer}.output.dense"), middle), f"{layer}.output.LayerNorm")

    def _attention(self, hidden: Any, bias: Any, own: str) -> Any:
        ops = self._ops
        joined = self._tensors[f"{own}.bias"].reshape(3, graph.DIMENSION)
        query, key, value = (
            self._heads(ops.add(self._product(hidden, f"{own}.{role}.weight"), self._given(joined[at])))
            for at, role in enumerate(graph.ROLES)
        )
        scores = ops.multiply(ops.matmul(query, key, False, True), self._number(_HEAD**-0.5))
        shares = ops.softmax(ops.add(scores, bias), -1)
        mixed = ops.transpose(ops.matmul(shares, value, False, False), self._axes(0, 2, 1, 3))
        return ops.reshape(mixed, self._axes(0, 0, graph.DIMENSION), True)

    def _heads(self, source: Any) -> Any:
        """From (texts, tokens, DIMENSION) to (texts, heads, tokens, width of a head)."""
        split = self._ops.reshape(source, self._axes(0, 0, graph.HEADS, _HEAD), True)
        return self._ops.transpose(split, self._axes(0, 2, 1, 3))

    def _norm(self, source: Any, name: str) -> Any:
        ops = self._ops
        scaled = ops.mvn(source, self._axes(-1), True, _EPSILON, "inside_sqrt")
        return ops.add(ops.multiply(scaled, self._stored(f"{name}.weight")), self._stored(f"{name}.bias"))

    def _linear(self, source: Any, name: str) -> Any:
        return self._ops.add(self._product(source, f"{name}.weight"), self._stored(f"{name}.bias"))

    def _product(self, source: Any, name: str) -> Any:
        return self._ops.matmul(source, self._stored(name), False, True)

    def _stored(self, name: str) -> Any:
        return self._given(self._tensors[name])

    def _given(self, tensor: NDArray[np.float32]) -> Any:
        # A copy, which goes when the model is compiled: OpenVINO shares no memory that can't be written to.
        return self._openvino.op.Constant(tensor, shared_memory=False)

    def _number(self, value: float) -> Any:
        import numpy as np

        return self._ops.constant(np.float32(value))

    def _whole(self, value: int) -> Any:
        import numpy as np

        return self._ops.constant(np.int64(value))

    def _axes(self, *values: int) -> Any:
        import numpy as np

        return self._ops.constant(np.array(values, dtype=np.int64))
