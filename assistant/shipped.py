"""Where the files that ship with the tool lie: the corpus of digests, and the prompts."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import RealistError


def shipped(name: str) -> Path:
    """The folder ``corpus`` or ``prompts``, in an installed wheel or in a checkout.

    Raises:
        RealistError: If the installation lacks it.
    """
    package = Path(__file__).parent
    for folder in (package / "shipped" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise RealistError(f"this installation lacks its {name}", remedy="Install realist-assistant again.")
