"""Parsing XML that nobody vouches for: no entities but characters, no DTD, no network, bounded depth and size."""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING, Any

from assistant.errors import MalformedStudy, StudyTooLarge
from assistant.readers.limits import ReadingLimits

if TYPE_CHECKING:
    from lxml.etree import _Element

_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENTITY = re.compile(rb"<!\[CDATA\[|\]\]>|&([A-Za-z][A-Za-z0-9]{1,31});")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_REMEDY = "Get the file from its publisher again, or save the article as plain text and read that."


def parse_xml(data: bytes, limits: ReadingLimits = ReadingLimits()) -> _Element:
    """The root element of ``data``, without comments and processing instructions, tags without namespaces.

    Named character entities of HTML and JATS (``&ndash;``) become their characters without any DTD.

    Args:
        data: The whole file.
        limits: Bounds on nesting and number of tags.

    Raises:
        MalformedStudy: If it is not well-formed, declares entities of its own, or uses one that nothing defines.
        StudyTooLarge: If it nests deeper, or has more tags, than ``limits`` allow, or one text of ten million bytes.
    """
    from lxml import etree

    data, encoding = _as_bytes(data)
    if b"<!ENTITY" in data:
        raise _declares_entities()
    if (tags := data.count(b"<")) > limits.max_xml_elements:
        raise StudyTooLarge(f"the XML has {tags:,} tags, over the limit of {limits.max_xml_elements:,}", remedy=_REMEDY)
    parser = etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_with_characters(data), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        if "Excessive depth" in str(error):
            raise _too_deep(limits) from error
        if "XML_PARSE_HUGE" in str(error):
            raise StudyTooLarge("the XML holds a text or a name beyond the parser's limits", remedy=_REMEDY) from error
        raise MalformedStudy(f"the XML is not well-formed ({_first_line(error)})", remedy=_REMEDY) from error
    subset: Any = root.getroottree().docinfo.internalDTD
    if subset is not None and subset.entities():
        raise _declares_entities()
    _check_and_simplify(root, limits)
    return root


def bare_text(element: _Element) -> str:
    """All text in ``element``, in order, whatever the markup."""
    return "".join(str(text) for text in element.itertext())


def _declares_entities() -> MalformedStudy:
    return MalformedStudy(
        "the XML declares entities of its own, which can unfold without bound or reach for other files",
        remedy="Remove the declarations (<!ENTITY …>) if you trust the file.",
    )


def _too_deep(limits: ReadingLimits) -> StudyTooLarge:
    return StudyTooLarge(f"the XML nests deeper than {limits.max_xml_depth} elements", remedy=_REMEDY)


def _as_bytes(data: bytes) -> tuple[bytes, str | None]:
    """``data`` in an encoding that ASCII bytes can be searched in, and its name where the parser must be told."""
    if data.startswith(_UTF16):
        try:
            return data.decode("utf-16").encode(), "utf-8"
        except UnicodeDecodeError as error:
            raise MalformedStudy(f"the XML is not valid UTF-16 ({error.reason})", remedy=_REMEDY) from error
    return data, None


def _with_characters(data: bytes) -> bytes:
    """``data`` with named character entities written as numbers, CDATA sections left alone."""
    pieces: list[bytes] = []
    done, literal = 0, False
    for match in _ENTITY.finditer(data):
        name = match[1]
        if name is None:
            literal = match[0] != b"]]>"
            continue
        characters = html5.get(f"{name.decode()};")
        if literal or characters is None or name.decode() in _PREDEFINED:
            continue
        pieces += [data[done : match.start()], b"".join(b"&#%d;" % ord(char) for char in characters)]
        done = match.end()
    return b"".join([*pieces, data[done:]]) if pieces else data


def _check_and_simplify(root: _Element, limits: ReadingLimits) -> None:
    """Checks depth and entities, and takes the namespaces off the tags."""
    from lxml import etree

    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "end":
            continue
        if depth > limits.max_xml_depth:
            raise _too_deep(limits)
        if isinstance(element.tag, str) and element.tag[0] == "{":
            element.tag = element.tag.rpartition("}")[2]
    for reference in root.iter(etree.Entity):
        raise MalformedStudy(f"the XML uses the entity {reference.text}, which nothing defines", remedy=_REMEDY)


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
