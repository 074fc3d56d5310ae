"""Sessions of onnxruntime on the encoder's graph, which compute on the mapped file of the weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from assistant.embedding import graph
from assistant.embedding.cache import cached
from assistant.embedding.weights import WEIGHTS_SHA256, map_weights, tensor_places

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession, OrtValue, SessionOptions


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session, and the tensors that it was given, which it does not keep alive itself."""

    session: InferenceSession
    tensors: dict[str, OrtValue]

    def vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Unit vectors, shape (n_texts, DIMENSION), of the token ids of texts of one length, (n_texts, n_tokens)."""
        return self._run("embedding", ids)

    def states(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The last layer, shape (n_texts, n_tokens, DIMENSION), of the same."""
        return self._run("hidden", ids)

    def _run(self, output: str, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        import numpy as np

        (found,) = self.session.run([output], {"input_ids": ids})
        return np.asarray(found, dtype=np.float32)


def open_session(
    path: Path,
    cache: Path,
    *,
    threads: int,
    packed: bool,
    changed: Mapping[str, NDArray[np.float32]] = MappingProxyType({}),
) -> Loaded:
    """A session on the packaged weights.

    Args:
        path: Their file, checked.
        cache: Folder that keeps the graph.
        threads: For one call.
        packed: Whether copies of the weights are laid out for speed: slower to start, faster in batches.
        changed: Weights that stand in for the packaged ones, by their names; the shapes are the same.
    """
    import onnxruntime

    path = path.resolve()  # the runtime follows no link out of the folder
    stored = map_weights(path)
    tensors = graph.graph_tensors({**stored, **changed})
    model = cached(
        cache / f"minilm-{WEIGHTS_SHA256[:16]}-{graph.BUILDER_VERSION}-{path.name}.onnx",
        lambda: graph.build_graph(tensors, path.name, tensor_places(path)),
    )
    # The runtime copies what it is given, and maps what it finds in the file.
    given = {name: tensor for name, tensor in tensors.items() if tensor is not stored.get(name)}
    values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(tensor) for name, tensor in given.items()}
    options = _options(threads, packed=packed)
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(path.parent))
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
