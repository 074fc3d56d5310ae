"""Makes damaged and hostile files of each format. Run as a program it reads a folder of them, bounded in memory."""

from __future__ import annotations

import json
import random
import resource
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from tests.unit.readers.making import W, docx, epub, odt, paragraph, zipped

BOMB = b"0" * 80_000_000
"""Content that packs to a thousandth of its size."""
WORDS = "Staff told us that the daily huddle changed what they dared to say to each other. "
PAGE = f"<html><body><h1>Huddles</h1><h2>Results</h2><p>{WORDS}</p><ul><li>one</li></ul></body></html>"
BMC = f"<?xml version='1.0'?><art><fm><bibl/></fm><bdy><sec><st><p>Results</p></st><p>{WORDS}</p></sec></bdy></art>"
RTF = rf"{{\rtf1\ansi {{\fonttbl\f0 Arial;}}\b Results\b0\par {WORDS}\par}}"
XHTML = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Results</h1><p>{WORDS}</p></body></html>'
_NAMES = ["b", *(f"c{n}" for n in range(9))]
ENTITIES = (
    '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">'
    + "".join(f'<!ENTITY {name} "' + f"&{before};" * 10 + '">' for before, name in pairwise(_NAMES))
    + "]>"
)
"""Entities that would unfold to ten thousand million characters."""


def _odt_text(body: str) -> bytes:
    return odt(f'<text:h text:outline-level="1">Results</text:h>{body}')


BASES: dict[str, Callable[[], bytes]] = {
    "html": lambda: PAGE.encode(),
    "xml": lambda: BMC.encode(),
    "docx": lambda: docx(paragraph("Results", style="Heading1") + paragraph(WORDS)),
    "epub": lambda: epub({"a.xhtml": XHTML}),
    "odt": lambda: _odt_text(f"<text:p>{WORDS}</text:p>"),
    "rtf": lambda: RTF.encode(),
}
"""An intact file of each format."""


def malformed() -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files."""
    chance = random.Random(3)
    for ending, base in BASES.items():
        data = base()
        for number in range(4):
            yield f"cut-{number}.{ending}", data[: chance.randrange(8, len(data))]
        yield f"nulls.{ending}", data[:60] + bytes(50) + data[60:]
        yield f"magic.{ending}", b"%PDX-" + data[5:]
        yield f"twice.{ending}", data + data
        yield f"noise.{ending}", bytes(chance.randrange(256) for _ in range(5_000))
    yield from _deep()
    yield from _wide()
    yield from _bombs()
    yield from _recursive()
    yield from _odd_characters()


def _deep() -> Iterator[tuple[str, bytes]]:
    yield "deep.html", (b"<div>" * 50_000 + b"words" + b"</div>" * 50_000)
    yield "deep-inline.html", b"<p>" + b"<b>" * 50_000 + b"words"
    yield "deep-list.html", b"<ul><li>" * 20_000 + b"words"
    yield "deep.xml", b"<art><bdy>" + b"<sec>" * 20_000 + b"</sec>" * 20_000 + b"</bdy></art>"
    yield "deep.docx", docx("<w:sdt><w:sdtContent>" * 5_000 + "</w:sdtContent></w:sdt>" * 5_000)
    yield "deep.epub", epub({"a.xhtml": "<html><body>" + "<div>" * 20_000 + "</div>" * 20_000 + "</body></html>"})
    yield "deep.odt", _odt_text("<text:list><text:list-item>" * 5_000 + "</text:list-item></text:list>" * 5_000)
    yield "deep.rtf", b"{\\rtf1 " + b"{" * 100_000 + b"words" + b"}" * 100_000


def _wide() -> Iterator[tuple[str, bytes]]:
    row = "<tr>" + "<td>x</td>" * 50 + "</tr>"
    yield "table.html", f"<html><body><p>{WORDS}</p><table>{row * 2_000}</table></body></html>".encode()
    cell = '<td colspan="99999999" rowspan="99999999">x</td>'
    yield "span.html", f"<html><body><p>{WORDS}</p><table>{f'<tr>{cell * 20}</tr>' * 50}</table></body></html>".encode()
    entry = '<entry namest="c1" nameend="c99999999" morerows="99999999"><p>x</p></entry>'
    rows = f"<row>{entry * 5}</row>" * 40
    yield "span.xml", f"<art><bdy><table><tgroup><tbody>{rows}</tbody></tgroup></table></bdy></art>".encode()
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="9999999"/></w:tcPr>' + paragraph("x") + "</w:tc>"
    yield "table.docx", docx(paragraph(WORDS) + f"<w:tbl>{f'<w:tr>{wide * 5}</w:tr>' * 200}</w:tbl>")
    empty = '<table:table-cell table:number-columns-repeated="99999999"/>'
    filled = "<table:table-cell><text:p>x</text:p></table:table-cell>"
    rows = f"<table:table-row>{empty * 5}{filled}</table:table-row>" * 200
    yield "table.odt", _odt_text(f"<table:table>{rows}</table:table>")
    yield "tags.html", b"<p>x" * 2_100_000


def _bombs() -> Iterator[tuple[str, bytes]]:
    yield "bomb-part.docx", zipped({"word/document.xml": BOMB, "[Content_Types].xml": "<Types/>"})
    yield "bomb.epub", epub({"a.xhtml": "<html><body><p>" + BOMB.decode() + "</p></body></html>"})
    yield "bomb.odt", zipped({"content.xml": BOMB}, "application/vnd.oasis.opendocument.text")
    yield (
        "bomb-many.odt",
        zipped({f"Pictures/{n}.png": b"" for n in range(12_000)}, "application/vnd.oasis.opendocument.text"),
    )
    lying = bytearray(zipped({"content.xml": BOMB[:1_000_000]}, "application/vnd.oasis.opendocument.text"))
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = struct.pack("<I", 10)
    yield "bomb-lying.odt", bytes(lying)
    for ending, text in (("html", PAGE), ("xml", BMC), ("xhtml", XHTML)):
        start = ENTITIES if ending != "xml" else ENTITIES.replace("DOCTYPE a", "DOCTYPE art")
        body = text.partition("?>")[2] or text
        yield f"entities.{ending}", (start + body.replace(WORDS, "&c8;")).encode()
    yield "entities.docx", docx(parts={"word/footnotes.xml": ENTITIES + "<a>&c8;</a>"})
    yield "entities.epub", epub({"a.xhtml": ENTITIES + "<html><body><p>&c8; words</p></body></html>"})
    outside = '<!DOCTYPE art [<!ENTITY x SYSTEM "file:///etc/passwd">]><art><bdy><p>&x;</p></bdy></art>'
    yield "outside.xml", outside.encode()


def _recursive() -> Iterator[tuple[str, bytes]]:
    styles = f"<w:styles {W}>" + "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:name w:val="{one}"/><w:basedOn w:val="{other}"/></w:style>'
        for one, other in (("A", "B"), ("B", "A"))
    ) + "</w:styles>"  # fmt: skip
    with_loop = docx(paragraph(WORDS, style="A"))
    yield "loop.docx", _replaced(with_loop, "word/styles.xml", styles.encode())
    note = f'<w:footnotes {W}><w:footnote w:id="2">' + paragraph(
        'see</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>'
    ) + "</w:footnote></w:footnotes>"  # fmt: skip
    body = '<w:p><w:r><w:t>Words</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    yield "note-loop.docx", docx(body, parts={"word/footnotes.xml": note})
    loop = "".join(
        f'<style:style style:name="{one}" style:parent-style-name="{other}"/>'
        for one, other in (("A", "B"), ("B", "A"))
    )
    yield "loop.odt", odt(f'<text:p text:style-name="A">{WORDS}</text:p>', loop)
    opf = "".join('<itemref idref="i0"/>' for _ in range(50_000))
    book = epub({"a.xhtml": XHTML})
    yield (
        "spine.epub",
        _replaced(book, "OEBPS/book.opf", b"", lambda old: old.replace(b"<spine>", b"<spine>" + opf.encode())),
    )
    yield (
        "path.epub",
        _replaced(
            book, "OEBPS/book.opf", b"", lambda old: old.replace(b'href="a.xhtml"', b'href="../../../etc/passwd"')
        ),
    )


def _replaced(data: bytes, name: str, content: bytes, change: Callable[[bytes], bytes] | None = None) -> bytes:
    import io

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {part: archive.read(part) for part in archive.namelist() if part != "mimetype"}
        first = archive.read("mimetype").decode() if "mimetype" in archive.namelist() else ""
    old = parts[name]
    assert isinstance(old, bytes)
    parts[name] = change(old) if change else content
    return zipped(parts, first)


def _odd_characters() -> Iterator[tuple[str, bytes]]:
    odd = (
        "\u202eright to left\u202c a"
        + "\u0301" * 5_000
        + " \u05e9\u05dc\u05d5\u05dd \ud83d \ufffe".encode("utf-8", "ignore").decode()
    )
    yield "odd.html", f"<html><body><p>{odd}</p></body></html>".encode("utf-8", "ignore")
    yield "odd.docx", docx(paragraph("\u202eabc a" + "\u0301" * 5_000))
    yield "odd.epub", epub({"a.xhtml": XHTML.replace("Staff", "\u202e\u05e9\u05dc\u05d5\u05dd")})
    yield "odd.rtf", rb"{\rtf1 \u-10179?\u8206?\u99999999?\'zz \bin99999 words}"


def main() -> None:
    """Reads every file of a folder; prints what became of each, a JSON object a line."""
    folder, gigabytes = Path(sys.argv[1]), float(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * 2**30),) * 2)
    from assistant.errors import ReadingError
    from assistant.readers.registry import read_study

    for path in sorted(folder.iterdir()):
        started = time.perf_counter()
        try:
            result = f"read: {len(read_study(path).text)}"
        except ReadingError as error:
            result = f"refused: {error}" if error.remedy else f"NO REMEDY: {error}"
        seconds = round(time.perf_counter() - started, 2)
        print(json.dumps({"file": path.name, "result": result, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
