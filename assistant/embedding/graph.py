"""The encoder of all-MiniLM-L6-v2 as an ONNX graph whose weights stay in their own file.

BERT with six layers, then the mean over the tokens, scaled to unit length. The graph points to the tensors of the
safetensors file as they are stored there; the products take their transposes, so that the runtime computes on the
mapped file itself. The fused operators are onnxruntime's own (``com.microsoft``). It has no mask: what is computed
together is of one length, and without a mask the runtime's attention goes block by block through the cache.

Source: Devlin et al. 2019, doi:10.18653/v1/N19-1423; pooling after Reimers and Gurevych 2019,
doi:10.18653/v1/D19-1410.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.embedding.weights import Place

BUILDER_VERSION = 4
"""Changes when the graph does; part of its name in the cache."""

DIMENSION = 384
LAYERS = 6
HEADS = 12
_EPSILON = 1e-12
_FUSED = "com.microsoft"
ROLES = ("query", "key", "value")

POSITIONS = "positions"
"""Position embeddings with the embedding of the only token type added."""


def graph_tensors(weights: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """What the graph needs by name: the stored tensors, and the few that are joined from them."""
    import numpy as np

    needed = {name: tensor for name, tensor in weights.items() if _used_as_stored(name)}
    tokens = weights["embeddings.token_type_embeddings.weight"][0]
    needed[POSITIONS] = weights["embeddings.position_embeddings.weight"] + tokens
    for layer in range(LAYERS):
        own = f"encoder.layer.{layer}.attention.self"
        needed[f"{own}.bias"] = np.concatenate([weights[f"{own}.{role}.bias"] for role in ROLES])
    return needed


def _used_as_stored(name: str) -> bool:
    joined = name.startswith(("embeddings.position", "embeddings.token_type", "pooler"))
    return not joined and not (".self." in name and name.endswith(".bias"))


def build_graph(tensors: Mapping[str, NDArray[np.float32]], file: str, places: Mapping[str, Place]) -> bytes:
    """The serialised graph for `graph_tensors`, without their content (some 12 kB).

    Args:
        tensors: What it computes with.
        file: Name of the file that holds the stored ones.
        places: Where in it; a session has to be given all others.

    Input ``input_ids``, int64 (n_texts, n_tokens), of texts of one length; outputs ``embedding``, float32
    (n_texts, DIMENSION), and ``hidden``, the last layer, float32 (n_texts, n_tokens, DIMENSION).
    """
    from onnx import TensorProto, helper

    graph = _Graph()
    hidden = _encoder(graph)
    graph.add("Identity", [hidden], "hidden")
    _pooling(graph, hidden)
    text, token = "n_texts", "n_tokens"
    constants = [helper.make_tensor(f"axis_{axis}", TensorProto.INT64, [1], [axis]) for axis in (0, 1, 2)]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [text, token])],
            [
                helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [text, DIMENSION]),
                helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [text, token, DIMENSION]),
            ],
            [*constants, *(_outside(name, tensor.shape, file, places.get(name)) for name, tensor in tensors.items())],
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)],
        ir_version=9,
    )
    return bytes(model.SerializeToString())


class _Graph:
    """Nodes in order; each is named after its only output."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []

    def add(self, operator: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, [output], f"make {output}", domain=domain, **attributes))
        return output

    def fused(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        return self.add(operator, inputs, output, domain=_FUSED, **attributes)

    def linear(self, source: str, name: str) -> str:
        """``source`` times the transpose of the stored weight, without its bias."""
        return self.fused("FusedMatMul", [source, f"{name}.weight"], name, transB=1)

    def add_and_norm(self, source: str, name: str, residual: str) -> str:
        """Bias and residual added to the product ``source``, then layer normalisation.

        Not by the runtime's own operator that fuses the three: it sums value by value, and took six times as long.
        """
        biased = self.add("Add", [source, f"{name}.dense.bias"], f"{name}.biased")
        summed = self.add("Add", [biased, residual], f"{name}.summed")
        return self.norm(summed, f"{name}.LayerNorm")

    def norm(self, source: str, name: str) -> str:
        """Layer normalisation over the width of a token."""
        inputs = [source, f"{name}.weight", f"{name}.bias"]
        return self.add("LayerNormalization", inputs, name, axis=-1, epsilon=_EPSILON)


def _encoder(graph: _Graph) -> str:
    graph.add("Gather", ["embeddings.word_embeddings.weight", "input_ids"], "words")
    graph.add("Shape", ["input_ids"], "shape")
    graph.add("Slice", ["shape", "axis_1", "axis_2"], "length")
    graph.add("Slice", [POSITIONS, "axis_0", "length", "axis_0"], "places")
    graph.add("Add", ["words", "places"], "placed")
    hidden = graph.norm("placed", "embeddings.LayerNorm")
    for layer in range(LAYERS):
        hidden = _layer(graph, hidden, f"encoder.layer.{layer}")
    return hidden


def _layer(graph: _Graph, hidden: str, layer: str) -> str:
    own, feed = f"{layer}.attention.self", f"{layer}.intermediate.dense"
    parts = [graph.linear(hidden, f"{own}.{role}") for role in ROLES]
    attended = graph.fused("MultiHeadAttention", [*parts, f"{own}.bias"], own, num_heads=HEADS)
    mixed = graph.linear(attended, f"{layer}.attention.output.dense")
    middle = graph.add_and_norm(mixed, f"{layer}.attention.output", hidden)
    wide = graph.fused("BiasGelu", [graph.linear(middle, feed), f"{feed}.bias"], f"{feed}.gelu")
    return graph.add_and_norm(graph.linear(wide, f"{layer}.output.dense"), f"{layer}.output", middle)


def _pooling(graph: _Graph, hidden: str) -> None:
    graph.add("ReduceSum", [hidden, "axis_1"], "sum", keepdims=0)
    # The mean's divisor does not change the direction: the unit vector of the sum is that of the mean.
    graph.add("LpNormalization", ["sum"], "embedding", axis=-1, p=2)


def _outside(name: str, shape: tuple[int, ...], file: str, place: Place | None) -> Any:
    """A tensor in ``file``, or one that the session is given, whose place is then never read."""
    from onnx import TensorProto

    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
    found = {"location": file, "offset": place.start, "length": place.end - place.start} if place else {}
    for key, value in (found or {"location": "given", "offset": 0}).items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor
