"""What computes the packaged encoder: onnxruntime, or OpenVINO where it is installed, and in which number format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.errors import SettingsError

Engine = Literal["onnxruntime", "openvino"]
Precision = Literal["fp32", "bf16"]

_STEP = 16
"""Tokens to which OpenVINO's texts are filled up: it compiles anew for every length."""
_BATCH_FACTOR = 2
"""Times as many tokens that OpenVINO computes together: with as few as onnxruntime it took a quarter longer in bf16."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """A library and a number format."""

    engine: Engine
    """The library."""
    precision: Precision
    """Format of what is multiplied; vectors leave as float32 either way."""

    def __str__(self) -> str:
        return f"{self.engine}, {self.precision}"

    @property
    def step(self) -> int:
        """Tokens to a multiple of which a batch is filled up."""
        return _STEP if self.engine == "openvino" else 1

    @property
    def batch_factor(self) -> int:
        """Times as many tokens as with onnxruntime that are best computed together."""
        return _BATCH_FACTOR if self.engine == "openvino" else 1


EXACT = Runtime("onnxruntime", "fp32")
"""Equal to sentence-transformers within 1e-6; starts soonest."""


def choose_runtime(
    engine: Literal["auto", "onnxruntime", "openvino"], precision: Literal["auto", "fp32", "bf16"]
) -> Runtime:
    """The fastest that is installed and that this processor computes, within what was asked for.

    Raises:
        SettingsError: If what was asked for is not to be had here.
    """
    from assistant.embedding import openvino_session

    if engine == "auto":
        engine = "openvino" if precision != "fp32" and openvino_session.is_installed() else "onnxruntime"
    if engine == "onnxruntime":
        if precision == "bf16":
            raise SettingsError(
                "embedding.precision = 'bf16', which onnxruntime does not compute",
                remedy="Install OpenVINO with pip install 'realist-assistant[fast]', or take fp32.",
            )
        return EXACT
    if not openvino_session.is_installed():
        raise SettingsError(
            "embedding.runtime = 'openvino', which is not installed",
            remedy="Install it with pip install 'realist-assistant[fast]', or set it to auto.",
        )
    if precision == "fp32":
        return Runtime("openvino", "fp32")
    native = openvino_session.computes_bf16()
    if precision == "bf16" and not native:
        raise SettingsError(
            "embedding.precision = 'bf16', which this processor has no instructions for", remedy="Set it to auto."
        )
    return Runtime("openvino", "bf16" if native else "fp32")
