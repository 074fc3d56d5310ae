"""Names and values in WordprocessingML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""Namespace of Word's own tags and attributes."""
_INTEGER = re.compile(r"-?\d{1,7}")


def local(element: _Element) -> str:
    """The element's tag without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def value_of(parent: _Element | None, tag: str) -> str:
    """The ``w:val`` of the child ``tag`` of ``parent``; empty where there is none."""
    child = parent.find(f"{W}{tag}") if parent is not None else None
    return (child.get(f"{W}val") or "") if child is not None else ""


def number_of(text: str) -> int | None:
    """``text`` as a whole number; None where it is none."""
    return int(text) if _INTEGER.fullmatch(text) else None
