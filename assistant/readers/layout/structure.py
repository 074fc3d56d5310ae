"""The parts of a document: front matter, abstract, sections with their levels, references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.domain.study import BlockKind, SectionType
from assistant.readers.layout.assembly import Assembled
from assistant.readers.layout.headings import heading_number
from assistant.text.headings import heading_type, is_known_heading, is_main_heading, normalise_heading
from assistant.text.words import content_stems

_FRONT_WORDS = 400
"""Words up to which what stands before the first section is front matter."""
_FRONT_BLOCK_WORDS = 80
"""Words up to which a block of it is."""
_ABSTRACT_PART_WORDS = 350
"""Words up to which a labelled part of an abstract runs."""
_KEYWORDS = frozenset({"keywords", "key words"})
_RUN_IN_KEYWORDS = re.compile(r"^key ?words\s*(?:[:—-]|$)", re.IGNORECASE)
_AFFILIATION = re.compile(
    r"^(?:[¹²³⁰⁴-⁹*†‡]|\^\{|\d{1,2}\s?[A-Z])|@|^(?:corresponding author|correspondence|e-?mail)\b", re.IGNORECASE
)
_RANKS = {
    SectionType.BACKGROUND: 0,
    SectionType.METHODS: 1,
    SectionType.RESULTS: 2,
    SectionType.DISCUSSION: 3,
    SectionType.CONCLUSION: 4,
}
_DECLARED = re.compile(r"ethic|consent|interest|fund|availab|contribut|acknowledg|author", re.IGNORECASE)
_CONTAINERS = frozenset({"declarations"})
_ASIDE = frozenset({BlockKind.RUNNING_HEAD, BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FOOTNOTE})


def structure(blocks: Sequence[Assembled]) -> list[Assembled]:
    """``blocks`` with front matter and references marked, and a level for each heading."""
    marked = _mark_front(list(blocks))
    labels = abstract_labels(marked)
    marked = _mark_front_after_keywords(marked, labels)
    marked = _mark_references(marked)
    marked = _open_untitled(marked, labels)
    return _Leveller(marked, labels).level()


def _mark_front(blocks: list[Assembled]) -> list[Assembled]:
    """Title, authors and the like before the first main section."""
    first = next((number for number, block in enumerate(blocks) if _is_main(block)), 0)
    front = [block for block in blocks[:first] if block.kind not in _ASIDE]
    lengths = [len(block.text.split()) for block in front]
    if sum(lengths) > _FRONT_WORDS or max(lengths, default=0) > _FRONT_BLOCK_WORDS:
        return blocks
    marked = [_as_front(block) if number < first else block for number, block in enumerate(blocks)]
    if first and blocks[0].kind not in _ASIDE:
        marked[0] = replace(marked[0], opens=SectionType.BACK_MATTER)
    return marked


def _as_front(block: Assembled) -> Assembled:
    return block if block.kind in _ASIDE else replace(block, kind=BlockKind.FRONT_MATTER)


def _is_main(block: Assembled) -> bool:
    return block.kind is BlockKind.HEADING and is_main_heading(block.text)


def abstract_labels(blocks: Sequence[Assembled]) -> set[int]:
    """Indices of the headings that are labels inside the abstract.

    They are the main headings straight after ``Abstract``, none of a part longer than abstracts have, after
    which the sequence of sections starts over.
    """
    abstract = next((number for number, block in enumerate(blocks) if _type(block) is SectionType.ABSTRACT), None)
    if abstract is None:
        return set()
    labels: list[int] = []
    for number in range(abstract + 1, len(blocks)):
        if blocks[number].kind is not BlockKind.HEADING:
            continue
        rank = _rank(blocks[number], labelled=bool(labels))
        if rank is None:
            if _words_after(blocks, number) > _ABSTRACT_PART_WORDS:
                return set()
            continue
        ranks = [_rank(blocks[label], labelled=True) or 0 for label in labels]
        if (labels and rank <= ranks[0]) or (rank in ranks and rank < max(ranks)):
            return set(labels)
        if _words_after(blocks, number) > _ABSTRACT_PART_WORDS:
            return set()
        labels.append(number)
    return set()


def _type(block: Assembled) -> SectionType | None:
    return heading_type(block.text) if block.kind is BlockKind.HEADING else None


def _rank(block: Assembled, *, labelled: bool) -> int | None:
    kind = heading_type(block.text) if is_known_heading(block.text) else None
    if kind is SectionType.ABSTRACT and is_main_heading(block.text) and labelled:
        return _RANKS[SectionType.CONCLUSION]
    return _RANKS.get(kind) if kind else None


def _words_after(blocks: Sequence[Assembled], heading: int) -> int:
    words = 0
    for block in blocks[heading + 1 :]:
        if block.kind is BlockKind.HEADING:
            break
        words += len(block.text.split(maxsplit=_ABSTRACT_PART_WORDS + 1))
        if words > _ABSTRACT_PART_WORDS:
            break
    return words


def _mark_front_after_keywords(blocks: list[Assembled], labels: set[int]) -> list[Assembled]:
    """Keywords, affiliations and addresses that stand between abstract and introduction."""
    result = list(blocks)
    inside = False
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            keywords = normalise_heading(block.text) in _KEYWORDS
            if inside and not keywords and number not in labels and not _AFFILIATION.search(block.text):
                break
            inside = inside or keywords
            result[number] = _as_front(block) if inside else block
        elif _RUN_IN_KEYWORDS.match(block.text) or (inside and _is_front(block.text)):
            inside = True
            result[number] = _as_front(block)
        elif inside:
            break
    return result


def _is_front(text: str) -> bool:
    return len(text.split()) <= _FRONT_BLOCK_WORDS or bool(_AFFILIATION.search(text.lstrip("• ")[:200]))


def _mark_references(blocks: Sequence[Assembled]) -> list[Assembled]:
    result: list[Assembled] = []
    inside = False
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            inside = _type(block) is SectionType.REFERENCES
        elif inside and block.kind not in _ASIDE:
            block = replace(block, kind=BlockKind.REFERENCE)
        result.append(block)
    return result


def _open_untitled(blocks: Sequence[Assembled], labels: set[int]) -> list[Assembled]:
    """An introduction without a heading: running text that a new page, or front matter, parts from the abstract."""
    result = list(blocks)
    abstract, parted, words = False, False, 0
    for number, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            if abstract and number not in labels:
                break
            abstract = abstract or _type(block) is SectionType.ABSTRACT
        elif block.kind is BlockKind.FRONT_MATTER:
            parted = abstract
        elif abstract and block.kind is BlockKind.PARAGRAPH:
            if words and (parted or block.opens_page):
                result[number] = replace(block, opens=SectionType.BACKGROUND)
                break
            words += len(block.text.split())
    return result


class _Leveller:
    """Gives headings their level: by number, by the vocabulary of main sections, by stacking and announcement."""

    def __init__(self, blocks: Sequence[Assembled], labels: set[int]) -> None:
        self._blocks = blocks
        self._labels = labels
        self._headings = [number for number, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
        self._mains = {_type(blocks[number]) for number in self._headings if is_main_heading(blocks[number].text)}
        self._announced = {frozenset(stems) for stems in self._item_stems()}
        self._numbered = sum(bool(heading_number(blocks[number].text)) for number in self._headings) >= 2

    def level(self) -> list[Assembled]:
        """The blocks, each heading with its level."""
        result = list(self._blocks)
        top: Assembled | None = None
        themed = False
        for number in self._headings:
            level = self._outer_level(number, top)
            if level == 1:
                top, themed = self._blocks[number], False
            elif level == 2 and number not in self._labels and self._is_theme(number):
                themed = True
            elif level == 2 and themed and not is_known_heading(self._blocks[number].text):
                level = 3
            result[number] = replace(self._blocks[number], level=level)
        return result

    def _outer_level(self, number: int, top: Assembled | None) -> int:
        text = self._blocks[number].text
        if number in self._labels:
            return 2
        if self._numbered and (mark := heading_number(text)):
            return mark.count(".") + 1
        kind = heading_type(text)
        if is_main_heading(text):
            return self._main_level(number, kind, top)
        if top is None or not self._mains:
            return 1
        above = _type(top)
        if {kind, above} & {SectionType.BACK_MATTER, SectionType.REFERENCES}:
            return 2 if normalise_heading(top.text) in _CONTAINERS and _DECLARED.search(text) else 1
        if kind is None or kind is above:
            return 1 if above is SectionType.ABSTRACT and kind is None else 2
        return 1 if is_known_heading(text) and kind not in self._mains else 2

    def _main_level(self, number: int, kind: SectionType | None, top: Assembled | None) -> int:
        declared = kind is SectionType.BACK_MATTER and _DECLARED.search(self._blocks[number].text)
        if top is not None and normalise_heading(top.text) in _CONTAINERS and declared:
            return 2
        if kind is SectionType.ABSTRACT and top is not None and _type(top) is not SectionType.ABSTRACT:
            return 2 if self._argument_follows(number) else 1
        return 1

    def _argument_follows(self, number: int) -> bool:
        later = (self._blocks[other] for other in self._headings if other > number)
        return any(is_main_heading(block.text) and _type(block) in _RANKS for block in later)

    def _is_theme(self, number: int) -> bool:
        """Whether a heading is above those after it: another follows at once, or a list announced it."""
        text = self._blocks[number].text
        if is_known_heading(text):
            return False
        if frozenset(content_stems(text)) in self._announced:
            return True
        following = next(
            (other for other in range(number + 1, len(self._blocks)) if self._blocks[other].kind not in _ASIDE), None
        )
        return following in self._headings and not is_main_heading(self._blocks[following].text)

    def _item_stems(self) -> Iterator[list[str]]:
        for block in self._blocks:
            if block.kind is BlockKind.LIST_ITEM and len(block.text.split()) <= 20:
                yield content_stems(block.text.lstrip("•()0123456789. "))
