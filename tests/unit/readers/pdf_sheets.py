"""Small PDFs that tests make themselves, and the sentences that stand in them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

LEFT, RIGHT, WIDTH = 56.0, 306.0, 233.0
PROSE = (
    "Volunteers kept the allotment open through two dry summers because the parish lent them a pump. "
    "Newcomers who were shown how to graft trees came back with their families and took a plot. "
    "The committee learned to answer quarrels in the shed rather than by letter, and fewer people left. "
    "When the pump broke, those who had trusted the parish blamed the weather and those who had not blamed the parish. "
)


def draw(*pages: Callable[[Any], None], **options: Any) -> bytes:
    """A PDF with one page for each function, which draws on it."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), **options)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def column(
    canvas: Any, text: str, x: float, y: float, *, width: float = WIDTH, size: float = 10, font: str = "Times-Roman"
) -> float:
    """Sets ``text`` from the height ``y`` downwards, and gives the height of the next line."""
    canvas.setFont(font, size)
    for line in simpleSplit(text, font, size, width):
        canvas.drawString(x, y, line)
        y -= 1.2 * size
    return y


def line(canvas: Any, text: str, x: float, y: float, *, size: float = 10, font: str = "Times-Roman") -> float:
    """Sets one line."""
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)
    return y - 1.2 * size


def raw_pdf(objects: list[bytes]) -> bytes:
    """A PDF of ``objects``, of which the first is the catalogue."""
    out = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + head + table + tail


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data)


def one_page(content: bytes, resources: bytes = b"<<>>") -> list[bytes]:
    """The objects of a document of one page; ``content`` is its content stream, object 4."""
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources %b>>" % resources,
        content,
    ]


def deflated(unit: bytes, times: int) -> bytes:
    """A stream that unfolds to ``times`` times ``unit``."""
    squeeze = zlib.compressobj(9)
    parts = [squeeze.compress(unit) for _ in range(times)] + [squeeze.flush()]
    return stream(b"".join(parts), b"/Filter/FlateDecode")
