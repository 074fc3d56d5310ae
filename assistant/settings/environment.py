"""The one module that reads the environment.

``REALIST_<SECTION>_<KEY>`` sets a setting (``REALIST_RETRIEVAL_TOP_K=12``); besides these there are
``REALIST_PROJECT`` (the project's folder) and ``REALIST_CACHE`` (where the encoder's graph is kept).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

PREFIX = "REALIST_"
_OWN = {"REALIST_PROJECT", "REALIST_CACHE"}
_FOREIGN_PREFIX = "REALIST_TEST_"
"""Variables of the tests; the tool passes them by."""
_HOLDS_KEY = re.compile(r"(?i)(KEY|TOKEN|SECRET|PASSWORD)$")
_SHORTEST_KEY = 8
"""Shorter values are no keys, and taking them out would garble ordinary text."""


def setting_variables(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Variables that set a setting, by name; whether they name a known one is checked where they are merged."""
    environ = os.environ if environ is None else environ
    return {
        name: value
        for name, value in sorted(environ.items())
        if name.startswith(PREFIX) and name not in _OWN and not name.startswith(_FOREIGN_PREFIX)
    }


def project_folder() -> Path | None:
    """What ``REALIST_PROJECT`` names; None if unset."""
    value = os.environ.get("REALIST_PROJECT")
    return Path(value) if value else None


def studies_folder() -> Path | None:
    """The folder of study texts that tests and evaluations may use, which ``REALIST_TEST_STUDIES`` names."""
    value = os.environ.get("REALIST_TEST_STUDIES")
    return Path(value) if value else None


def cache_folder() -> Path:
    """Where derived files that any project may share are kept; made by whoever writes there."""
    value = os.environ.get("REALIST_CACHE")
    if value:
        return Path(value)
    from platformdirs import user_cache_path

    return user_cache_path("realist", appauthor=False)


def variable(name: str) -> str | None:
    """The value of a variable of the chat model's provider; None if unset or empty."""
    return os.environ.get(name) or None


def without_keys(text: str) -> str:
    """``text`` with the value of every key in the environment replaced by its variable's name."""
    for name, value in os.environ.items():
        if len(value) >= _SHORTEST_KEY and _HOLDS_KEY.search(name):
            text = text.replace(value, f"[{name}]")
    return text


def forbid_network_libraries() -> None:
    """Tells the libraries that could reach a hub or send telemetry not to."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    os.environ["LANGSMITH_TRACING"] = "false"
    os.environ["LANGCHAIN_TRACING_V2"] = "false"
    os.environ["LANGSMITH_GATEWAY"] = "false"
    # Pydantic would look through every installed package for plugins at each start.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
