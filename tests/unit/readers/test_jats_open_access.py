"""The sixty open-access articles, where their folder is at hand: nothing lost, nothing glued, all typed."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from assistant.domain.study import PROSE_KINDS, BlockKind, SectionType, Study
from assistant.readers.registry import read_study

WORD = re.compile(r"[^\W\d_]+")
APART = frozenset(
    {"fig", "table-wrap", "supplementary-material", "media", "fn", "disp-formula", "inline-formula", "boxed-text"}
)
ENDS = frozenset({"p", "title", "label", "break", "list-item", "disp-quote", "attrib", "list"})


@pytest.fixture(scope="module")
def articles(studies_folder: Path) -> list[tuple[Path, Study]]:
    paths = sorted((studies_folder / "openaccess").glob("*.nxml"))
    if not paths:
        pytest.skip("the folder of the study texts holds no open-access articles")
    return [(path, read_study(path)) for path in paths]


@pytest.mark.studies
def test_every_article_is_identified(articles: list[tuple[Path, Study]]) -> None:
    for path, study in articles:
        known = study.bibliography
        assert known.title and known.authors and known.journal, path.name
        assert known.doi.startswith("10.") and known.doi == known.doi.lower(), path.name
        assert known.year is not None and 2000 <= known.year <= 2020, path.name
        assert "creativecommons.org" in known.licence, path.name
        single = [author for author in known.authors if ", " not in author]
        assert len(single) <= 1, (path.name, single)


@pytest.mark.studies
def test_every_article_has_its_sections(articles: list[tuple[Path, Study]]) -> None:
    for path, study in articles:
        types = {section.type for section in study.sections}
        assert {SectionType.ABSTRACT, SectionType.REFERENCES, SectionType.BACK_MATTER} <= types, path.name
        assert types & {SectionType.BACKGROUND, SectionType.BODY}, path.name
        assert types & {SectionType.METHODS, SectionType.RESULTS, SectionType.DISCUSSION}, path.name
        references = sum(block.kind is BlockKind.REFERENCE for block in study.blocks)
        assert references >= 10, path.name
        prose = [study.section_of(block).type for block in study.blocks if block.kind in PROSE_KINDS]
        untyped = sum(kind is SectionType.BODY for kind in prose)
        assert untyped <= 0.35 * len(prose), path.name


@pytest.mark.studies
def test_no_word_is_lost_glued_or_split(articles: list[tuple[Path, Study]]) -> None:
    for path, study in articles:
        root = etree.parse(
            path, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        ).getroot()
        paragraphs = [p for p in root.iterfind("body//p") if not any(a.tag in APART | {"p"} for a in p.iterancestors())]
        wanted = Counter(word for p in paragraphs for word in words_of("".join(runs(p))))
        prose = Counter(
            word for block in study.blocks if block.kind in PROSE_KINDS for word in words_of(block.span.of(study.text))
        )
        # Raised letters are the one difference: the file glues "manual" and its note mark "a", the reader does not.
        lost = sum((wanted - prose).values())
        assert lost <= 0.001 * sum(wanted.values()), (path.name, dict(wanted - prose))


def words_of(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode())


def runs(element: etree._Element) -> Iterator[str]:
    if element.tag in APART:
        return
    edge = " " if element.tag in ENDS else ""
    yield edge + (element.text or "")
    for child in element:
        yield from runs(child)
        yield child.tail or ""
    yield edge
