"""Which sentences of a study may be coded.

Source: the codebook's "Where": abstract, introduction, results, discussion and conclusions; no methods, back
matter, references, running heads, tables or captions.
"""

from __future__ import annotations

from assistant.domain.study import PROSE_KINDS, Section, SectionType, Study
from assistant.tagging.tags import SentenceInPlace
from assistant.text.headings import heading_type
from assistant.text.sentences import sentence_spans

CODED_SECTIONS = frozenset(
    {
        SectionType.ABSTRACT,
        SectionType.BACKGROUND,
        SectionType.RESULTS,
        SectionType.DISCUSSION,
        SectionType.CONCLUSION,
        SectionType.BODY,
    }
)
"""The types whose prose is coded."""


def _is_coded(section: Section) -> bool:
    """Whether a section is coded; the methods paragraph of a structured abstract is not."""
    named = heading_type(section.title) if section.title else None
    return section.type in CODED_SECTIONS and named is not SectionType.METHODS


def codable_sentences(study: Study) -> tuple[SentenceInPlace, ...]:
    """The sentences of paragraphs, list items and quotations in coded sections, in reading order."""
    return tuple(
        SentenceInPlace(
            text=span.of(study.text),
            span=span,
            block=index,
            kind=block.kind,
            section=block.section,
            section_type=study.section_of(block).type,
            path=study.section_of(block).path,
        )
        for index, block in enumerate(study.blocks)
        if block.kind in PROSE_KINDS and _is_coded(study.section_of(block))
        for span in sentence_spans(study.text, block.span.start, block.span.end)
    )
