"""Marked text in one form, whether it was written for training or coded in an article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.cmo import Role
from assistant.domain.spans import Span
from assistant.domain.study import BlockKind
from assistant.errors import RealistError
from assistant.readers.registry import read_study
from assistant.tagging.places import codable_sentences
from assistant.tagging.tags import SentenceInPlace
from evals.extraction.coding.files import CodedSpans, place, read_coding
from evals.extraction.markup import AuthoredPassage, parse_folder

TRAINING = Path(__file__).parents[1] / "training"
"""Where the passages and codings lie."""


_PARTED = "\n\n"
"""What stands between the paragraphs of a running section."""


class TrainingDataError(RealistError):
    """A coding's study is missing or reads otherwise."""


@dataclass(frozen=True, slots=True)
class Document:
    """Sentences with the configurations that are marked in them."""

    id: str
    """Study, or file and line of a passage."""
    group: str
    """What is held out together: a field of passages, or one study."""
    authored: bool
    """Whether it was written for training."""
    text: str
    """What the spans refer to."""
    sentences: tuple[SentenceInPlace, ...]
    """In reading order."""
    configurations: tuple[CodedSpans, ...]
    """In the order coded."""

    @property
    def is_running(self) -> bool:
        """Whether it is longer than a paragraph, so that it is cut into windows as a study is."""
        return self.sentences[0].block != self.sentences[-1].block


def authored(folder: Path = TRAINING / "authored") -> tuple[Document, ...]:
    """The passages of ``folder``, each a document; those that continue one another are one."""
    sections: list[list[AuthoredPassage]] = []
    for passage in parse_folder(folder):
        if passage.continues:
            sections[-1].append(passage)
        else:
            sections.append([passage])
    return tuple(_of_section(section) for section in sections)


def coded(studies: Path, folder: Path = TRAINING / "coded") -> tuple[Document, ...]:
    """The coded articles of ``folder``.

    Args:
        studies: Where the articles themselves lie, ``PMC….nxml`` or ``….txt``.
        folder: Codings, a file a study.

    Raises:
        TrainingDataError: If an article is missing, or a span can't be found in it.
    """
    return tuple(_of_coding(file, studies) for file in sorted(folder.glob("*.jsonl")))


def digest(documents: Mapping[str, Path]) -> dict[str, str]:
    """Hash of all files below each folder, by name and content, sixteen digits."""
    return {name: _folder_hash(folder) for name, folder in documents.items()}


def _folder_hash(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".txt", ".jsonl"}):
        found.update(f"{path.name}\n".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _of_section(paragraphs: Sequence[AuthoredPassage]) -> Document:
    """A document of one passage, or of the paragraphs of a running section."""
    first = paragraphs[0]
    sentences: list[SentenceInPlace] = []
    configurations: list[CodedSpans] = []
    offset = 0
    for block, passage in enumerate(paragraphs):
        sentences += [
            SentenceInPlace(
                span.of(passage.text), span.shifted(offset), block, BlockKind.PARAGRAPH, 0, passage.section, ()
            )
            for span in passage.sentences
        ]
        configurations += [
            CodedSpans(
                id=f"p{block}c{one.number}",
                passage=one.extent.shifted(offset),
                **{role.value: tuple(span.shifted(offset) for span in one.spans(role)) for role in Role},
                level=one.level,
                polarity=one.polarity,
            )
            for one in passage.configurations
        ]
        offset += len(passage.text) + len(_PARTED)
    text = _PARTED.join(passage.text for passage in paragraphs)
    name = f"{first.source}:{first.line}"
    return Document(name, first.field, True, text, tuple(sentences), tuple(configurations))


def _of_coding(file: Path, studies: Path) -> Document:
    coding = read_coding(file)
    source = study_file(studies, coding.header.study)
    study = read_study(source)
    configurations, lost = place(coding, study)
    if lost:
        raise TrainingDataError(f"{file.name}: {len(lost)} configurations are not in {source.name} as it reads now")
    return Document(study.id, study.id, False, study.text, codable_sentences(study), configurations)


def study_file(studies: Path, study: str) -> Path:
    """The file of a study in a folder.

    Raises:
        TrainingDataError: If there is none.
    """
    for name in _names(study):
        if (path := studies / name).is_file():
            return path
    raise TrainingDataError(f"{study} is not in {studies}", remedy="Name the folder that holds the articles.")


def _names(study: str) -> Iterator[str]:
    for stem in (study, study.upper()):
        for suffix in (".nxml", ".xml", ".txt"):
            yield stem + suffix


def inside(document: Document, passage: Span) -> range:
    """Indices of the sentences that touch ``passage``."""
    touched = [at for at, one in enumerate(document.sentences) if one.span.overlaps(passage)]
    return range(touched[0], touched[-1] + 1) if touched else range(0)
