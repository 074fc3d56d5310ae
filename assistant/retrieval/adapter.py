"""Turns a question's vector towards the passages that answer it, before the nearest are looked for.

The encoder puts a question near texts that *read* like it; those who ask use other words than those who report. A
linear map, near the identity, fitted on questions and the passages that hold their evidence, moves the question and
leaves the stored vectors as they are. It belongs to one encoder, and any other goes without. What it was fitted on is
in the head of ``question.safetensors``, which ``python -m evals.answering.calibrate --write`` writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("question.safetensors")


@dataclass(frozen=True, eq=False)
class QuestionAdapter:
    """A linear map of question vectors."""

    fingerprint: str
    """Of the encoder that it was fitted for."""
    change: NDArray[np.float32]
    """(dim, dim): what is added to the identity."""

    def turned(self, vector: NDArray[np.float32], fingerprint: str) -> NDArray[np.float32]:
        """The unit vector to search with; ``vector`` (dim,) itself where it is of another encoder."""
        import numpy as np

        if fingerprint != self.fingerprint:
            return vector
        moved = vector + self.change @ vector
        return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)


@cache
def load_adapter(path: Path = WEIGHTS) -> QuestionAdapter:
    """The adapter that ships."""
    import numpy as np
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:  # type: ignore[no-untyped-call]
        return QuestionAdapter(file.metadata()["fingerprint"], file.get_tensor("change").astype(np.float32))


def save_adapter(adapter: QuestionAdapter, path: Path, fitted: dict[str, str]) -> None:
    """Writes an adapter in half precision.

    Args:
        adapter: What to write.
        path: The file.
        fitted: What it was fitted on and by.
    """
    import numpy as np
    from safetensors.numpy import save_file

    save_file({"change": adapter.change.astype(np.float16)}, path, {"fingerprint": adapter.fingerprint, **fitted})
