"""Studies made of a few own sentences, for the tests of the tagger."""

from __future__ import annotations

from assistant.domain.study import BlockKind, SectionType, SourceFile, Study
from assistant.readers.builder import RawBlock, RawStudy, build_study
from assistant.tagging.linking import link
from assistant.tagging.places import codable_sentences
from assistant.tagging.rules import RuleTagger
from assistant.tagging.tags import TaggedClaim


def study_of(
    *paragraphs: str, section: SectionType = SectionType.RESULTS, kind: BlockKind = BlockKind.PARAGRAPH
) -> Study:
    """A study whose one section holds the paragraphs."""
    opening = [RawBlock(BlockKind.HEADING, "Introduction", level=1), RawBlock(BlockKind.PARAGRAPH, "It opened in May.")]
    blocks = [
        *(opening if section in {SectionType.REFERENCES, SectionType.BACK_MATTER} else ()),
        RawBlock(BlockKind.HEADING, section.value.title(), level=1, section_type=section),
        *(RawBlock(kind, paragraph) for paragraph in paragraphs),
    ]
    return build_study("trial", SourceFile("trial.txt", "0" * 64, "text"), RawStudy(blocks))


def claims_of(study: Study) -> tuple[TaggedClaim, ...]:
    """What the rules find in a study."""
    sentences = codable_sentences(study)
    return link(sentences, RuleTagger().tag(sentences))


def roles_of(text: str, claim: TaggedClaim) -> list[tuple[str, str]]:
    """Role and words of each mark, in the order of the text."""
    return [(mark.role.value, mark.span.of(text)) for mark in claim.marks]


def read(*paragraphs: str, section: SectionType = SectionType.RESULTS) -> list[list[tuple[str, str]]]:
    """Role and words of the marks of every claim found in the paragraphs."""
    study = study_of(*paragraphs, section=section)
    return [roles_of(study.text, claim) for claim in claims_of(study)]
