"""The one module that reads the environment.

``REALIST_<SECTION>_<KEY>`` sets a setting (``REALIST_RETRIEVAL_TOP_K=12``); besides these there are
``REALIST_PROJECT`` (the project's folder) and ``REALIST_CACHE`` (where the encoder's graph is kept).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

PREFIX = "REALIST_"
_OWN = {"REALIST_PROJECT", "REALIST_CACHE"}
_FOREIGN_PREFIX = "REALIST_TEST_"
"""Variables of the tests; the tool passes them by."""


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


def forbid_network_libraries() -> None:
    """Tells the libraries that could reach a hub or send telemetry not to."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    os.environ["LANGSMITH_TRACING"] = "false"
    os.environ["LANGCHAIN_TRACING_V2"] = "false"
