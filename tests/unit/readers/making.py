"""Makes small files of each zipped format; the words are made up for the tests."""

from __future__ import annotations

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
OPF = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0">
<metadata xmlns:opf="http://www.idpf.org/2007/opf"><dc:title>Huddles at work</dc:title>
<dc:creator opf:file-as="Doe, Jane">Jane Doe</dc:creator><dc:date>2019-04-01</dc:date>
<dc:publisher>Made Press</dc:publisher><dc:identifier>doi:10.9999/HUDDLE</dc:identifier></metadata>
<manifest>{items}</manifest><spine>{refs}</spine></package>"""


def zipped(parts: dict[str, str | bytes], first: str = "") -> bytes:
    """An archive of ``parts``; ``first`` is the content of an uncompressed part ``mimetype``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr("mimetype", first, zipfile.ZIP_STORED)
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def epub(pages: dict[str, str], extra: dict[str, str] | None = None) -> bytes:
    """An e-book whose spine has ``pages`` in order."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(pages)
    )
    refs = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    parts: dict[str, str | bytes] = {"META-INF/container.xml": CONTAINER}
    parts["OEBPS/book.opf"] = OPF.format(items=items, refs=refs)
    parts.update({f"OEBPS/{name}": page for name, page in pages.items()})
    return zipped({**parts, **(extra or {})}, "application/epub+zip")


def odt(body: str, styles: str = "") -> bytes:
    """An OpenDocument text with this content of ``office:text``."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style")
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"content.xml": content}, "application/vnd.oasis.opendocument.text")


def docx(body: str = "", *, parts: dict[str, str] | None = None) -> bytes:
    """A Word document made by python-docx, its body replaced by ``body`` where given, with more ``parts``."""
    import docx as library

    document = library.Document()
    document.core_properties.author = "python-docx"
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        content: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    content["word/document.xml"] = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    for name, text in (parts or {}).items():
        kind = name.rpartition("/")[2].removesuffix(".xml")
        content[name] = text
        rels = content["word/_rels/document.xml.rels"]
        assert isinstance(rels, bytes)
        relation = (
            f'<Relationship Id="x{kind}" Target="{kind}.xml" '
            f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
        )
        content["word/_rels/document.xml.rels"] = rels.replace(b"</Relationships>", relation.encode())
        types = content["[Content_Types].xml"]
        assert isinstance(types, bytes)
        override = (
            f'<Override PartName="/{name}" '
            f'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/></Types>'
        )
        content["[Content_Types].xml"] = types.replace(b"</Types>", override.encode())
    return zipped(content)


def paragraph(text: str, *, style: str = "", properties: str = "", run: str = "") -> str:
    """A Word paragraph of one run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f"<w:p><w:pPr>{named}{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )
