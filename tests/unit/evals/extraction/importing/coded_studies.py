"""Two invented studies, and codings of them in every format that is read."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

from assistant.domain.study import BlockKind, SourceFile, Study
from assistant.readers.builder import RawBlock, RawStudy, build_study
from evals.extraction.importing.anything import Intake
from evals.extraction.importing.studies import StudyTexts
from evals.extraction.importing.vocabulary import Vocabulary

ROTA = (
    ("Methods", "We sat in on handovers. Nurses felt heard when we asked about nights."),
    (
        "Results",
        "Where managers had listened before, the self-made rota gave nurses a say. They felt trusted, so that fewer "
        "left. On wards without a spare nurse the rota changed nothing. Trust grew slowly. Later trust grew fast.",
    ),
)
CHOIR = (
    ("Results", "Singing in a group let shy carers join in. They felt safe, and more of them came back each week."),
)


def study(name: str, sections: Sequence[tuple[str, str]]) -> Study:
    """A study of headed paragraphs."""
    blocks = [
        RawBlock(kind, text, level=1 if kind is BlockKind.HEADING else None)
        for heading, paragraph in sections
        for kind, text in ((BlockKind.HEADING, heading), (BlockKind.PARAGRAPH, paragraph))
    ]
    return build_study(name, SourceFile(f"{name}.txt", "0" * 64, "text"), RawStudy(blocks))


def texts(aliases: Mapping[str, str] | None = None, names: Sequence[str] = ("rota-2019", "choir")) -> StudyTexts:
    """Both studies, or some."""
    made = {"rota-2019": study("rota-2019", ROTA), "choir": study("choir", CHOIR)}
    return StudyTexts({name: lambda name=name: made[name] for name in names}, aliases or {})  # type: ignore[misc]


def intake(own: Mapping[str, str] | None = None, **settings: str) -> Intake:
    """How files are taken; ``own`` as with ``--map``."""
    return Intake(texts(), Vocabulary(own), **settings)


@dataclass
class Qdpx:
    """A project written as REFI-QDA 1.5 has it: ``project.qde`` and the plain texts beside it."""

    text: str
    source: str = "Rota 2019"
    codes: dict[str, str] = field(default_factory=dict)
    """Guid by name; ``/`` parts a code from those above it."""
    users: dict[str, str] = field(default_factory=dict)
    selections: list[str] = field(default_factory=list)

    def code(self, path: str) -> str:
        """The guid of a code, made when first asked for, with those above it."""
        if path not in self.codes:
            if "/" in path:
                self.code(path.rpartition("/")[0])
            self.codes[path] = str(uuid.uuid5(uuid.NAMESPACE_OID, path)).upper()
        return self.codes[path]

    def user(self, name: str) -> str:
        """The guid of a user."""
        return self.users.setdefault(name, str(uuid.uuid5(uuid.NAMESPACE_OID, f"user {name}")).upper())

    def select(self, start: int, end: int, *codes: str, user: str = "Anna") -> None:
        """Codes a run of the text."""
        by = f'creatingUser="{self.user(user)}" creationDateTime="2026-01-02T03:04:05Z"'
        codings = "".join(
            f'<Coding guid="{uuid.uuid4()}" {by}><CodeRef targetGUID="{self.code(code)}"/></Coding>' for code in codes
        )
        self.selections.append(
            f'<PlainTextSelection guid="{uuid.uuid4()}" name="selection" startPosition="{start}" endPosition="{end}" '
            f"{by}>{codings}</PlainTextSelection>"
        )

    def quote(self, words: str, *codes: str, user: str = "Anna") -> None:
        """Codes the first place of ``words``."""
        start = self.text.index(words)
        self.select(start, start + len(words), *codes, user=user)

    def project(self) -> str:
        """The XML."""
        users = "".join(f'<User guid="{guid}" name={quoteattr(name)}/>' for name, guid in self.users.items())
        return (
            '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="test">'
            f"<Users>{users}</Users><CodeBook><Codes>{self._codes('')}</Codes></CodeBook><Sources>"
            f'<TextSource guid="{uuid.uuid4()}" name={quoteattr(self.source)} plainTextPath="internal://T1.txt">'
            f"{''.join(self.selections)}</TextSource></Sources></Project>"
        )

    def _codes(self, above: str) -> str:
        found = [path for path in self.codes if path.rpartition("/")[0] == above]
        return "".join(
            f'<Code guid="{self.codes[path]}" name={quoteattr(path.rpartition("/")[2])} isCodable="true">'
            f"{self._codes(path)}</Code>"
            for path in found
        )

    def write(self, file: Path, *, project: str | None = None, parts: Mapping[str, bytes] | None = None) -> Path:
        """Writes the zip; ``project`` and ``parts`` in place of its own."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("project.qde", self.project() if project is None else project)
            own = {"sources/T1.txt": b"\xef\xbb\xbf" + self.text.encode()}
            for name, data in (own if parts is None else parts).items():
                archive.writestr(name, data)
        return file
