"""Writes a study as a Word document, a page, an e-book or an OpenDocument text, to read it back and compare.

The words are the study's; the clothing is what publishers and word processors put around them: navigation, notices
and scripts around a page, and Word's own styles. A text that comes back whole shows that no reader loses or garbles
what its format can say; it does not show how other programs write that format.

Run as ``python -m evals.reading.rewrite FOLDER`` with a folder of JATS articles.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from statistics import mean

from assistant.domain.study import Block, BlockKind, Study
from assistant.readers.registry import read_study
from evals.reading.agreement import Agreement, agreement

_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
TARGET = 0.98
"""Share of body sentences that stand whole and in order, in each format."""
_GATE_FAILED = 3
_NOTICE = "This site keeps cookies on your machine so that it knows you when you come back to it one day."


def as_html(study: Study) -> bytes:
    """The study as a publisher's page, with a frame around the article."""
    title = escape(study.bibliography.title)
    return (
        f'<!DOCTYPE html><html><head><title>Site | {title}</title><meta name="citation_title" content="{title}">'
        "</head><body><nav><ul><li><a href='/'>Journals</a></li></ul></nav>"
        f"<div class='cookie-banner'><p>{_NOTICE}</p></div><div id='main'><h1>{title}</h1>{_body(study)}</div>"
        f"<footer><p>{_NOTICE}</p></footer><script>let x = '<p>never</p>';</script></body></html>"
    ).encode()


def as_epub(study: Study) -> bytes:
    """The study as an e-book of one page."""
    page = (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><h1>{escape(study.bibliography.title)}'
        f"</h1>{_body(study)}</body></html>"
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"<dc:title>{escape(study.bibliography.title)}</dc:title></metadata><manifest>"
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": _CONTAINER}
    return _zipped({**parts, "book.opf": package, "a.xhtml": page})


def as_docx(study: Study) -> bytes:
    """The study as a Word document in Word's own styles."""
    import docx

    styles = {
        BlockKind.LIST_ITEM: "List Bullet",
        BlockKind.QUOTATION: "Quote",
        BlockKind.CAPTION: "Caption",
    }
    document = docx.Document()
    document.add_paragraph(study.bibliography.title, style="Title")
    for block in _written(study):
        words = block.span.of(study.text)
        if block.kind is BlockKind.HEADING:
            document.add_heading(words, min(block.level or 1, 9))
        elif block.kind is BlockKind.TABLE:
            _docx_table(document, words)
        else:
            document.add_paragraph(words, style=styles.get(block.kind))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_odt(study: Study) -> bytes:
    """The study as an OpenDocument text."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
    )
    parts = [f'<text:p text:style-name="Title">{escape(study.bibliography.title)}</text:p>']
    for block in _written(study):
        words = escape(block.span.of(study.text))
        if block.kind is BlockKind.HEADING:
            parts.append(f'<text:h text:outline-level="{block.level or 1}">{words}</text:h>')
        elif block.kind is BlockKind.LIST_ITEM:
            parts.append(f"<text:list><text:list-item><text:p>{words}</text:p></text:list-item></text:list>")
        elif block.kind is BlockKind.TABLE:
            cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
            rows = ("".join(cell.format(text) for text in line.split(" | ")) for line in words.splitlines())
            filled = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
            parts.append(f"<table:table>{filled}</table:table>")
        else:
            style = "Quotations" if block.kind is BlockKind.QUOTATION else "Text_20_body"
            parts.append(f'<text:p text:style-name="{style}">{words}</text:p>')
    content = (
        f"<office:document-content {spaces}><office:body><office:text>{''.join(parts)}</office:text></office:body>"
        "</office:document-content>"
    )
    return _zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


WRITERS: dict[str, Callable[[Study], bytes]] = {
    "html": as_html,
    "docx": as_docx,
    "epub": as_epub,
    "odt": as_odt,
}
"""Writers by the ending of their files."""


def _written(study: Study) -> Iterator[Block]:
    """The blocks after the title page."""
    return (block for block in study.blocks if block.kind is not BlockKind.FRONT_MATTER)


def _body(study: Study) -> str:
    tags = {
        BlockKind.QUOTATION: "<blockquote><p>{}</p></blockquote>",
        BlockKind.LIST_ITEM: "<ul><li>{}</li></ul>",
        BlockKind.CAPTION: "<figure><figcaption>{}</figcaption></figure>",
        BlockKind.REFERENCE: "<ul><li>{}</li></ul>",
        BlockKind.FOOTNOTE: '<div class="footnotes"><p>{}</p></div>',
    }
    parts: list[str] = []
    for block in _written(study):
        words = escape(block.span.of(study.text))
        if block.kind is BlockKind.HEADING:
            level = min((block.level or 1) + 1, 6)
            parts.append(f"<h{level}>{words}</h{level}>")
        elif block.kind is BlockKind.TABLE:
            rows = ("</td><td>".join(line.split(" | ")) for line in words.splitlines())
            parts.append("<table>" + "".join(f"<tr><td>{row}</td></tr>" for row in rows) + "</table>")
        else:
            parts.append(tags.get(block.kind, "<p>{}</p>").format(words))
    return "\n".join(parts)


def _docx_table(document: object, words: str) -> None:
    rows = [line.split(" | ") for line in words.splitlines()]
    table = document.add_table(len(rows), max(len(row) for row in rows))  # type: ignore[attr-defined]
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=False):
            cell.text = text


def _zipped(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return buffer.getvalue()


def read_back(study: Study, ending: str) -> Study:
    """The study as it is read from a file of another format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{study.id}.{ending}"
        path.write_bytes(WRITERS[ending](study))
        return read_study(path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures each format over a folder's articles; 3 when a target is missed."""
    parser = argparse.ArgumentParser(prog="evals.reading.rewrite", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="folder of JATS articles")
    parser.add_argument("--limit", type=int, default=20, help="articles, by name")
    chosen = parser.parse_args(arguments)
    studies = [read_study(path) for path in sorted(chosen.folder.glob("*.nxml"))[: chosen.limit]]
    print(f"{'':6} {'sent.':>6} {'whole':>7} {'order':>7} {'typed':>7} {'heads':>7} {'garbled':>7}")
    scores = [_row(ending, [agreement(study, read_back(study, ending)) for study in studies]) for ending in WRITERS]
    return _GATE_FAILED if not all(score >= TARGET for score in scores) else 0


def _row(ending: str, found: Sequence[Agreement]) -> float:
    """Prints the means of one format; its main score."""
    in_order = mean(one.in_order for one in found)
    shares = (mean(one.whole for one in found), in_order, mean(one.typed for one in found))
    rest = (mean(one.headings for one in found), mean(one.garbled for one in found))
    columns = " ".join(f"{share:7.4f}" for share in (*shares, *rest))
    print(f"{ending:6} {sum(one.sentences for one in found):6} {columns}")
    return in_order


if __name__ == "__main__":
    sys.exit(main())
