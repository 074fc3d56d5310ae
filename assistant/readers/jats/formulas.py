"""Formulas as one line of text: MathML is read, TeX only where nothing else is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.readers.xml_safety import bare_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEAVES = frozenset({"mi", "mn", "mo", "mtext", "ms", "mspace"})
_SKIPPED = frozenset({"annotation", "annotation-xml", "graphic", "inline-graphic", "alt-text", "long-desc"})
_TEX_FRAME = re.compile(r"\\documentclass.*?\\begin\{document\}|\\end\{document\}|\$\$?", re.DOTALL)
_SPACED_OPERATORS = frozenset("=<>≤≥≠≈≡+−±×∼~→←↔∈")


def formula_text(element: _Element) -> str:
    """``element`` on one line, such as ``(a + b)/2``; empty where the formula is only a picture.

    Args:
        element: An inline or displayed formula, or MathML or TeX itself.
    """
    math = element if element.tag == "math" else next(element.iter("math"), None)
    label = element.findtext("label", default="")
    if math is not None:
        return " ".join(f"{_mathml(math)} {label}".split())
    if (tex := next(element.iter("tex-math"), None)) is not None:
        return " ".join(f"{_TEX_FRAME.sub('', bare_text(tex))} {label}".split())
    return " ".join(_visible(element).split())


def _visible(element: _Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += [_visible(child) if child.tag not in _SKIPPED else "", child.tail or ""]
    return "".join(parts)


def _mathml(node: _Element) -> str:
    tag, children = node.tag, [child for child in node if child.tag not in _SKIPPED]
    if tag in _LEAVES:
        text = " ".join(bare_text(node).split())
        return f" {text} " if text in _SPACED_OPERATORS else text
    parts = [_mathml(child) for child in children]
    match tag, parts:
        case "mfrac", [above, below]:
            return f"{_grouped(above)}/{_grouped(below)}"
        case (("msup" | "mover"), [base, upper]):
            return f"{base}^{_grouped(upper)}"
        case (("msub" | "munder"), [base, lower]):
            return f"{base}_{_grouped(lower)}"
        case (("msubsup" | "munderover"), [base, lower, upper]):
            return f"{base}_{_grouped(lower)}^{_grouped(upper)}"
        case "mroot", [base, degree]:
            return f"{_grouped(base)}^(1/{degree})"
        case "msqrt", _:
            return f"√{_grouped(''.join(parts))}"
        case "mfenced", _:
            return f"{node.get('open', '(')}{', '.join(parts)}{node.get('close', ')')}"
        case (("mtr" | "mtable"), _):
            return "; ".join(parts)
        case _:
            return "".join(parts)


def _grouped(part: str) -> str:
    part = part.strip()
    return part if len(part) <= 1 or part.isalnum() else f"({part})"
