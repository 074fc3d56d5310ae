import time

import pytest

from assistant.errors import MalformedStudy, StudyTooLarge
from assistant.readers.limits import ReadingLimits
from assistant.readers.xml_safety import bare_text, parse_xml

DOCTYPE = b'<!DOCTYPE article PUBLIC "-//NLM//DTD JATS 1.0//EN" "JATS-archivearticle1.dtd">'


def test_named_characters_need_no_dtd() -> None:
    root = parse_xml(b"<p>5&ndash;6 &mu;g &amp; caf&eacute; &NotEqualTilde;</p>")
    assert bare_text(root) == "5–6 μg & café ≂̸"
    assert bare_text(parse_xml(DOCTYPE + b"<article>a&ndash;b</article>")) == "a–b"


def test_a_literal_section_keeps_its_ampersands() -> None:
    assert bare_text(parse_xml(b"<p><![CDATA[a &ndash; b]]> &ndash;</p>")) == "a &ndash; b –"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_declared_encodings_are_read(encoding: str) -> None:
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    data = f'<?xml version="1.0" encoding="{name}"?><p>é&ndash;</p>'.encode(encoding)
    assert bare_text(parse_xml(data)) == "é–"


def test_namespaces_comments_and_instructions_are_taken_off() -> None:
    root = parse_xml(b'<x:a xmlns:x="urn:x">one<!-- no --> two<?pi no?> <x:b>three</x:b></x:a>')
    assert root.tag == "a"
    assert [child.tag for child in root] == ["b"]
    assert bare_text(root) == "one two three"


LAUGHS = b'<!DOCTYPE a [<!ENTITY l "lol">' + b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10 if level > 1 else b"&l;" * 10) for level in range(1, 10)
)


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS + b"]><a>&l9;</a>",
        b'<!DOCTYPE a [<!ENTITY q "' + b"q" * 50_000 + b'">]><a>' + b"&q;" * 50_000 + b"</a>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://x.example/x.dtd"> %x;]><a/>',
        LAUGHS + b']><a b="&l9;"/>',
        (LAUGHS.decode() + "]><a>&l9;</a>").encode("utf-16"),
    ],
    ids=["billion laughs", "quadratic", "external", "parameter", "attribute", "utf-16"],
)
def test_own_entities_are_refused_at_once(data: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(MalformedStudy, match="declares entities"):
        parse_xml(data)
    assert time.perf_counter() - started < 1


def test_entities_declared_in_a_shifted_encoding_are_refused() -> None:
    data = (
        '<?xml version="1.0" encoding="utf-7"?>' + '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-7").decode()
    )
    with pytest.raises(MalformedStudy):
        parse_xml(data.encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<a><b></a>", "not well-formed"),
        (b"", "not well-formed"),
        (b"no tag", "not well-formed"),
        (b"<a>\xff\xfe</a>", "not well-formed"),
        (b"<a>&unheardof;</a>", "not well-formed"),
        (DOCTYPE + b"<article>&unheardof;</article>", "&unheardof;, which nothing defines"),
        (b"\xff\xfe<", "UTF-16"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "not well-formed"),
        (b"<a>\x00</a>", "not well-formed"),
    ],
)
def test_broken_xml_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(MalformedStudy, match=reason) as caught:
        parse_xml(data)
    assert caught.value.remedy


def test_depth_and_size_are_bounded() -> None:
    with pytest.raises(StudyTooLarge, match="deeper than 256"):
        parse_xml(b"<a>" * 100_000 + b"</a>" * 100_000)
    with pytest.raises(StudyTooLarge, match="deeper than 3"):
        parse_xml(b"<a><a><a><a/></a></a></a>", ReadingLimits(max_xml_depth=3))
    assert parse_xml(b"<a><a><a/></a></a>", ReadingLimits(max_xml_depth=3)).tag == "a"
    with pytest.raises(StudyTooLarge, match="beyond the parser's limits"):
        parse_xml(b"<a>" + b"x" * 11_000_000 + b"</a>")
    with pytest.raises(StudyTooLarge, match="11 tags, over the limit of 10"):
        parse_xml(b"<a>" + b"<b/>" * 9 + b"</a>", ReadingLimits(max_xml_elements=10))
