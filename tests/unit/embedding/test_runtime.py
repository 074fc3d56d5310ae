from __future__ import annotations

import pytest

from assistant.embedding import openvino_session
from assistant.embedding.runtime import EXACT, Runtime, choose_runtime
from assistant.errors import SettingsError


@pytest.fixture(params=[(False, False), (True, False), (True, True)], ids=["bare", "installed", "bf16"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, bool]:
    """Whether OpenVINO is installed, and whether the processor has bf16."""
    installed, native = request.param
    monkeypatch.setattr(openvino_session, "is_installed", lambda: installed)
    monkeypatch.setattr(openvino_session, "computes_bf16", lambda: native)
    return request.param


def test_auto_takes_the_fastest_there_is(machine: tuple[bool, bool]) -> None:
    expected = {
        (False, False): EXACT,
        (True, False): Runtime("openvino", "fp32"),
        (True, True): Runtime("openvino", "bf16"),
    }
    assert choose_runtime("auto", "auto") == expected[machine]


def test_what_is_exact_can_always_be_had(machine: tuple[bool, bool]) -> None:
    assert choose_runtime("auto", "fp32") == choose_runtime("onnxruntime", "auto") == EXACT


def test_what_is_forced_and_missing_is_refused_with_the_remedy(machine: tuple[bool, bool]) -> None:
    installed, native = machine
    with pytest.raises(SettingsError, match=r"\[fast\]"):
        choose_runtime("onnxruntime", "bf16")
    if not installed:
        with pytest.raises(SettingsError, match=r"not installed.*\[fast\]"):
            choose_runtime("openvino", "auto")
        with pytest.raises(SettingsError, match=r"\[fast\]"):
            choose_runtime("auto", "bf16")
        return
    assert choose_runtime("openvino", "fp32") == Runtime("openvino", "fp32")
    if native:
        assert choose_runtime("auto", "bf16") == Runtime("openvino", "bf16")
    else:
        with pytest.raises(SettingsError, match="no instructions"):
            choose_runtime("openvino", "bf16")


def test_only_openvino_fills_texts_up() -> None:
    assert EXACT.step == 1 < Runtime("openvino", "fp32").step
