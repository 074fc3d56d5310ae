# ruff: noqa: E501 - the pieces of documents stand as a table.
import hashlib
import sys
import time
import types
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.study import BlockKind
from assistant.errors import EmptyStudy, MalformedStudy, ReadingError, StudyTooLarge, UnsupportedFormat
from assistant.readers.builder import RawBlock, RawStudy
from assistant.readers.registry import READERS, ReaderEntry, ReadingLimits, read_study, source_sha256
from assistant.readers.sniff import Format

MARKDOWN = b"# Methods\n\nWe asked twelve nurses.\n\n# Results\n\nThey agreed.\n"


@pytest.fixture
def file(tmp_path: Path):
    def write(data: bytes, name: str = "A Study_1.md") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def fake_reader(monkeypatch: pytest.MonkeyPatch, read) -> None:
    module = types.ModuleType("assistant.readers.made_for_test")
    module.read = read  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(READERS, Format.TEXT, ReaderEntry(module.__name__, "read", plain=True))


def test_a_file_becomes_a_study(file) -> None:
    study = read_study(file(MARKDOWN))
    assert study.id == "a-study-1"
    assert (study.source.name, study.source.format) == ("A Study_1.md", "markdown")
    assert study.source.sha256 == hashlib.sha256(MARKDOWN).hexdigest() == source_sha256(file(MARKDOWN))
    assert [section.title for section in study.sections] == ["Methods", "Results"]


def test_the_callers_id_goes_before_the_files_own_and_that_before_its_name(file) -> None:
    data = b"---\nid: Own Name\n---\n" + MARKDOWN
    assert read_study(file(data)).id == "own-name"
    assert read_study(file(data), study_id="given", name="folder/x.md").id == "given"
    assert read_study(file(data), name="folder/x.md").source.name == "folder/x.md"


def test_a_reader_is_added_by_a_line_in_the_registry(file, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_reader(monkeypatch, lambda data: RawStudy([RawBlock(BlockKind.PARAGRAPH, data.decode().upper())]))
    assert read_study(file(b"words", "x.txt")).text == "WORDS"


@pytest.mark.parametrize("data", [b"", b"  \n\t\r\n", b"\x00" * 20, b"\xef\xbb\xbf"])
def test_an_empty_file_is_named_empty(file, data: bytes) -> None:
    with pytest.raises(EmptyStudy, match=r"A Study_1\.md") as caught:
        read_study(file(data))
    assert caught.value.path is not None and caught.value.remedy


@pytest.mark.parametrize("data", [b"---\ntitle: \n---\n", b"<!-- only a comment -->\n# \n"])
def test_a_file_without_words_is_named_empty(file, data: bytes) -> None:
    with pytest.raises(EmptyStudy, match="holds no text"):
        read_study(file(data))


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office file"),
        (b"<?xml version='1.0'?><TEI><text/></TEI>", "TEI XML"),
        (b"PK\x03\x04 a member", "ZIP archive"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (bytes(range(256)) * 4, "binary"),
    ],
)
def test_a_format_without_a_reader_is_refused_by_what_it_is_not_by_its_name(file, data: bytes, named: str) -> None:
    for name in ("paper.pdf", "paper.md", "paper.xml"):
        with pytest.raises(UnsupportedFormat, match=named) as caught:
            read_study(file(data, name))
        assert caught.value.remedy.endswith(".")


def test_a_misnamed_article_is_read(file) -> None:
    data = b"<article><body><p>We asked twelve nurses.</p></body></article>"
    study = read_study(file(data, "paper.pdf"))
    assert study.source.format == "jats"
    assert "named .pdf, but its content is jats" in study.notes[0].message


def test_what_is_not_there_or_no_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    for read in (read_study, source_sha256):
        with pytest.raises(ReadingError, match="is not there"):
            read(tmp_path / "none.md")
        with pytest.raises(ReadingError, match="is not there"):
            read(tmp_path / "file.md" / "none.md") if (tmp_path / "file.md").write_text("x") else None
        with pytest.raises(ReadingError, match="is a folder") as caught:
            read(tmp_path)
        assert caught.value.remedy and caught.value.path == tmp_path
        with pytest.raises(ReadingError, match="can't be read"):
            read(tmp_path / ("n" * 5000))
        with pytest.raises(ReadingError, match="can't be read"):
            read(Path("nul\x00byte"))
        with pytest.raises(ReadingError, match="no ordinary file"):
            read(Path("/dev/null"))


def test_a_file_that_may_not_be_read_is_refused_with_a_remedy(file, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    monkeypatch.setattr(Path, "read_bytes", denied)
    path = Path(__file__)
    for read in (read_study, source_sha256):
        with pytest.raises(ReadingError, match="may not be read") as caught:
            read(path)
        assert "permission" in caught.value.remedy


def test_a_file_beyond_the_limits_is_refused_with_figures(file) -> None:
    with pytest.raises(StudyTooLarge, match=f"{len(MARKDOWN)} bytes, over the limit of 10"):
        read_study(file(MARKDOWN), limits=ReadingLimits(max_bytes=10))
    with pytest.raises(StudyTooLarge, match="over the limit of 10"):
        source_sha256(file(MARKDOWN), ReadingLimits(max_bytes=10))
    with pytest.raises(StudyTooLarge, match=f"{len(MARKDOWN)} characters, over the limit of 50"):
        read_study(file(MARKDOWN), limits=ReadingLimits(max_characters=50))
    utf16 = MARKDOWN.decode().encode("utf-16")
    with pytest.raises(StudyTooLarge, match=f"{len(MARKDOWN) + 1} characters"):
        read_study(file(utf16), limits=ReadingLimits(max_characters=50))
    xml = b"<article><body>" + b"<p>words</p>" * 20 + b"</body></article>"
    with pytest.raises(StudyTooLarge, match="109 characters, over the limit of 99"):
        read_study(file(xml), limits=ReadingLimits(max_characters=99))
    with pytest.raises(StudyTooLarge, match="tags"):
        read_study(file(xml), limits=ReadingLimits(max_xml_elements=9))


@pytest.mark.parametrize("start", [b"", b"# One\n# Two\n", b"---\nid: x\n---\n"])
def test_fifty_megabytes_of_one_line_are_refused_quickly(file, start: bytes) -> None:
    path = file(start + b"word " * 10_000_000, "long.txt")
    started = time.perf_counter()
    with pytest.raises(StudyTooLarge, match="50,000,0"):
        read_study(path)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "error",
    [
        ValueError("odd"),
        KeyError("odd"),
        RecursionError("odd"),
        TypeError("odd"),
        UnicodeError("odd"),
        SyntaxError("odd"),
    ],
)
def test_whatever_goes_wrong_in_a_reader_names_the_file_and_the_cause(
    file, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def read(data: bytes) -> RawStudy:
        raise error

    fake_reader(monkeypatch, read)
    with pytest.raises(
        MalformedStudy, match=rf"x\.txt can't be read as text \({type(error).__name__}: .*odd"
    ) as caught:
        read_study(file(b"words", "x.txt"))
    assert caught.value.__cause__ is error
    assert caught.value.path is not None and caught.value.path.name == "x.txt"


def test_a_readers_own_refusal_names_the_file(file) -> None:
    with pytest.raises(MalformedStudy, match=r"^x\.xml: the XML is not well-formed"):
        read_study(file(b"<article><body><p>cut off", "x.xml"))


def test_deeply_nested_input_is_refused_or_read_never_a_crash(file) -> None:
    deep = b"<article><body>" + b"<sec>" * 240 + b"<p>words</p>" + b"</sec>" * 240 + b"</body></article>"
    try:
        assert "words" in read_study(file(deep)).text
    except ReadingError as error:
        assert error.remedy
    with pytest.raises(StudyTooLarge):
        read_study(file(deep.replace(b"<sec>", b"<sec>" * 9).replace(b"</sec>", b"</sec>" * 9)))


XML_PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<sec>", "</sec>", "<title>", "</title>", "<sup>", "</sup>", "<list>", "</list>", "<list-item>",
        "</list-item>", "<disp-quote>", "</disp-quote>", "<table-wrap><table><tr><td colspan='9'>", "</td></tr></table></table-wrap>",
        "<xref ref-type='bibr'>3</xref>", "<fn><label>a</label></fn>", "<math><mfrac/></math>", "<ref-list><ref><label/></ref></ref-list>",
        "<boxed-text/>", "<fig/>", "&amp;", "&ndash;", "&lt;", "words", "1", ".", "(A)", " ", "<alternatives/>", "<def-list><def-item/></def-list>",
        "<abstract/>", "<attrib>A</attrib>", "<?pi?>", "<!--c-->", "<![CDATA[x]]>", "\u202e", "e\u0301",
    ]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(XML_PIECES, max_size=25), st.booleans())
def test_mutated_articles_are_read_or_refused(tmp_path: Path, pieces: list[str], front: bool) -> None:
    inner = "".join(pieces)
    head = f"<front><article-meta><abstract>{inner}</abstract></article-meta></front>" if front else ""
    path = tmp_path / "fuzz.xml"
    path.write_text(f"<article>{head}<body>{inner}</body><back>{inner}</back></article>", "utf-8")
    _read_or_refuse(path)


MARKDOWN_PIECES = st.sampled_from(
    ["# ", "\n", "\n\n", "- ", "> ", "    ", "1. ", "```", "| a | b |\n|---|---|\n| 1 |", "[^1]: ", "[^1]", "[a](b)", "![c](d)",
     "<sup>", "</sup>", "<!--", "-->", "<br>", "*", "**", "_", "`", "---\n", "===\n", "\\", "words", "&amp;", "\x00", "\x1b[1m", "\u202e"]
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MARKDOWN_PIECES, max_size=30))
def test_mutated_markdown_is_read_or_refused(tmp_path: Path, pieces: list[str]) -> None:
    path = tmp_path / "fuzz.md"
    path.write_text("".join(pieces), "utf-8")
    _read_or_refuse(path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<article><body>", b"<?xml version='1.0'?>", b"# A\n# B\n", b"---\na: "]),
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes, start: bytes) -> None:
    path = tmp_path / "fuzz.md"
    path.write_bytes(start + data)
    _read_or_refuse(path)


def _read_or_refuse(path: Path) -> None:
    try:
        study = read_study(path)
    except ReadingError as error:
        assert path.name in str(error)
        assert error.remedy
        return
    assert all(study.text[block.span.start : block.span.end].strip() for block in study.blocks)
    assert not any(ord(char) < 0x20 and char != "\n" for char in study.text)
