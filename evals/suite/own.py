"""The user's own gold: codings in any format that is read, and the studies that they are about."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.study import Study
from assistant.errors import UsageError
from evals.extraction.importing.anything import Intake, codings_of, is_own
from evals.extraction.importing.codings import Account
from evals.extraction.importing.formats import coding_files
from evals.extraction.importing.studies import StudyTexts
from evals.extraction.importing.vocabulary import Vocabulary
from evals.extraction.importing.writing import write_codings


@dataclass(frozen=True)
class OwnGold:
    """Codings of the user's own, ready to score on."""

    folder: Path
    """Where they lie in the project's format, ``STUDY.CODER.jsonl``."""
    studies: Mapping[str, Study]
    """The studies that they are about, by id."""
    account: Account
    """What became of every quote, where they came in another format."""


def own_gold(path: Path, texts: StudyTexts, cache: Path) -> OwnGold:
    """The codings in a file or folder; those in another format are brought to the project's, in the cache.

    Args:
        path: What ``realist gold`` wrote, or takes.
        texts: The studies at hand.
        cache: The user's cache folder.

    Raises:
        CodingError: If a file can't be read.
        UsageError: If none of the coded studies is at hand.
    """
    found, account = codings_of(path, Intake(texts, Vocabulary()))
    if not found:
        names = ", ".join(list(account.unknown_studies)[:3]) or "none named"
        raise UsageError(
            f"None of the coded studies ({names}) is at hand",
            remedy="Name their folder with --studies, or ingest them into the project.",
        )
    studies = {one.coding.header.study: texts.study(one.coding.header.study) for one in found}
    folder = path
    if not (path.is_dir() and all(is_own(file) and file.parent == path for file in coding_files(path))):
        folder = cache / "evals" / "gold" / _hash(path)
        write_codings(folder, found)
    return OwnGold(folder, {name: study for name, study in studies.items() if study}, account)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    for file in coding_files(path):
        digest.update(f"{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
