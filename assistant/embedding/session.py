"""Sessions of onnxruntime on the encoder's graph, with the weights given from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.embedding import graph
from assistant.embedding.cache import cached

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession, OrtValue, SessionOptions


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session, and the tensors that it computes on, which it does not keep alive itself."""

    session: InferenceSession
    tensors: dict[str, OrtValue]

    def vectors(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        """Unit vectors, shape (n_texts, DIMENSION), of token ids and their mask, shape (n_texts, n_tokens)."""
        import numpy as np

        (found,) = self.session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})
        return np.asarray(found, dtype=np.float32)


def open_session(
    weights: Mapping[str, NDArray[np.float32]], name: str, cache: Path, *, threads: int, packed: bool
) -> Loaded:
    """A session on ``weights``.

    Args:
        weights: By the names of the packaged file.
        name: Names the shapes of the weights in the cache.
        cache: Folder that keeps the graph.
        threads: For one call.
        packed: Whether copies of the weights are laid out for speed: slower to start, faster in batches.
    """
    import onnxruntime

    tensors = graph.graph_tensors(weights)
    model = cached(cache / f"minilm-{name}-{graph.BUILDER_VERSION}.onnx", lambda: graph.build_graph(tensors))
    values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(tensor) for name, tensor in tensors.items()}
    options = _options(threads, packed=packed)
    options.add_external_initializers(list(values), list(values.values()))
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return Loaded(session, values)


def _options(threads: int, *, packed: bool) -> SessionOptions:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # Threads that wait in a loop take the processor from other processes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Packed copies of the weights cost 25 ms at the start and 42 MB, and gain a twentieth in batches.
    options.add_session_config_entry("session.disable_prepacking", "0" if packed else "1")
    return options
