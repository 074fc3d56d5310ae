"""How pages travel between the process that opens a file and the one that reads it: a line of JSON each.

JSON and nothing richer, because the process that opened a hostile file is not to be trusted with more.
"""

from __future__ import annotations

from typing import Any

from assistant.readers.pdf.glyphs import DocumentInfo, Face, PageContent, PageFault, Rule, Word

ENCRYPTED = "encrypted"
MALFORMED = "malformed"
TOO_LARGE = "too large"
"""Why a file was refused."""


def encode(found: DocumentInfo | PageContent | PageFault) -> dict[str, Any]:
    """``found`` as JSON; each face of a page is named once and words give its number."""
    if isinstance(found, DocumentInfo):
        return {"info": [found.title, found.author]}
    if isinstance(found, PageFault):
        return {"fault": [found.number, found.reason]}
    faces: dict[Face, int] = {}
    words, turned = (
        [[w.text, _r(w.x0), _r(w.x1), _r(w.y), faces.setdefault(w.face, len(faces)), w.spaced] for w in run]
        for run in (found.words, found.turned)
    )
    return {
        "page": [found.number, _r(found.width), _r(found.height), found.pictured, found.unknown],
        "faces": list(faces),
        "words": words,
        "turned": turned,
        "rules": [[_r(x0), _r(x1), _r(y)] for x0, x1, y in found.rules],
    }


def decode(answer: dict[str, Any]) -> DocumentInfo | PageContent | PageFault:
    """The page, or what else it is, that `encode` made ``answer`` of."""
    if "info" in answer:
        return DocumentInfo(*answer["info"])
    if "fault" in answer:
        return PageFault(*answer["fault"])
    number, width, height, pictured, unknown = answer["page"]
    faces = [Face(*face) for face in answer["faces"]]
    words, turned = (
        tuple(Word(text, x0, x1, y, faces[face], spaced) for text, x0, x1, y, face, spaced in answer[run])
        for run in ("words", "turned")
    )
    rules = tuple(Rule(*rule) for rule in answer["rules"])
    return PageContent(number, width, height, words, rules, turned, pictured, unknown)


def _r(points: float) -> float:
    """Hundredths of a point are finer than anything printed."""
    return round(points, 2)
