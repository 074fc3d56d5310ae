import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.readers.sniff import Format, sniff


def zipped(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", Format.EMPTY),
        (b" \n\x00\x00\r\n", Format.EMPTY),
        (b"\xef\xbb\xbf", Format.EMPTY),
        (b" " * 70_000 + b"late words", Format.TEXT),
        (b"Plain words, nothing else.", Format.TEXT),
        ("Größe und Gewicht".encode("cp1252"), Format.TEXT),
        ("Größe".encode("utf-16"), Format.TEXT),
        ("Größe".encode("utf-32"), Format.TEXT),
        (b"# One\n\nWords.\n\n## Two\n", Format.MARKDOWN),
        (b"---\ntitle: T\n---\nWords.", Format.MARKDOWN),
        (b"# only one heading-like line", Format.TEXT),
        (b"<article><front/><body/></article>", Format.JATS),
        (
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- c -->\n<!DOCTYPE article [ <!ELEMENT a (b)> ]>\n<article><front>",
            Format.JATS,
        ),
        (b'<j:article xmlns:j="urn:j"><j:body>', Format.JATS),
        ("<article><body/></article>".encode("utf-16"), Format.JATS),
        (b"<pmc-articleset><article><front>", Format.JATS),
        (b"<article xmlns='http://docbook.org/ns/docbook'><para/></article>", Format.XML),
        (b"<?xml version='1.0'?><art><ui/></art>", Format.BMC_XML),
        (b"<TEI xmlns='x'><text/></TEI>", Format.TEI_XML),
        (b"<?xml version='1.0'?><other/>", Format.XML),
        (b"<note>words</note>", Format.XML),
        (b"<?xml version='1.0'?>", Format.XML),
        (b"<!DOCTYPE unending", Format.XML),
        (b"<5 participants left", Format.TEXT),
        (b"<name> was told", Format.TEXT),
        (b"\n\n <!doctype HTML>\n<p>", Format.HTML),
        (b"<html><body>", Format.HTML),
        (b"<div class='x'><p>saved without its frame", Format.HTML),
        (b"<p>\n\n# One\n\n## Two\n", Format.MARKDOWN),
        (b"<?xml version='1.0'?><html xmlns='x'>", Format.HTML),
        (b"%PDF-1.7\n%\xe2\xe3", Format.PDF),
        (b"\r\n%PDF-1.4", Format.PDF),
        (b"{\\rtf1 words}", Format.RTF),
        (zipped(word__document_xml="x"), Format.DOCX),
        (zipped(mimetype="application/epub+zip"), Format.EPUB),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), Format.ODT),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), Format.OFFICE),
        (zipped(xl__workbook="x"), Format.OFFICE),
        (zipped(a_txt="x"), Format.ZIP),
        (gzip.compress(b"words", mtime=0), Format.COMPRESSED),
        (b"\x89PNG\r\n\x1a\n\x00", Format.IMAGE),
        (b"\xff\xd8\xff\xe0", Format.IMAGE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Format.IMAGE),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", Format.MEDIA),
        (b"\x00\x00\x00\x18ftypmp42", Format.MEDIA),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.OLE),
        (b"SQLite format 3\x00", Format.DATABASE),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00", Format.BINARY),
        (bytes(range(256)), Format.BINARY),
    ],
)
def test_content_tells_the_format(data: bytes, found: Format) -> None:
    assert sniff(data) is found


def test_a_name_only_tells_markdown_from_plain_text() -> None:
    assert sniff(b"Plain words.", "notes.md") is Format.MARKDOWN
    assert sniff(b"Plain words.", "notes.txt") is Format.TEXT
    assert sniff(b"%PDF-1.7", "notes.md") is Format.PDF
    assert sniff(b"Plain words.", "paper.pdf") is Format.TEXT


def test_a_stray_control_character_leaves_text_text() -> None:
    assert sniff(b"Words, words and \x00 more words. " + b"Then many more. " * 10) is Format.TEXT


@given(st.binary(max_size=400), st.sampled_from([b"", b"<", b"<?xml", b"<!DOCTYPE", b"<!--", b"PK\x03\x04", b"---\n"]))
def test_any_bytes_get_a_format(data: bytes, start: bytes) -> None:
    assert sniff(start + data) in Format
