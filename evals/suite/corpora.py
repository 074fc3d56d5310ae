"""The texts that tasks are about: the digests always, the five studies and the coded articles where they are given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.domain.study import Study
from assistant.embedding.opening import open_embedder
from assistant.engines.extractive.reranking import PackagedReranker
from assistant.errors import UsageError
from assistant.readers.registry import read_study
from assistant.shipped import shipped
from assistant.store.database import SCHEMA_VERSION
from assistant.store.store import Store
from assistant.text.chunking import ChunkSize
from assistant.work.fingerprint import fingerprint_of
from evals.answering.stores import built_store
from evals.answering.trials import Corpus, Remembering

if TYPE_CHECKING:
    from evals.suite.chat import Chat

DIGESTS = "digests"
STUDIES = "studies"
ARTICLES = "articles"
OWN = "own"


@dataclass
class Texts:
    """One set of studies, read when they are first asked for."""

    name: str
    """``digests``, ``studies``, ``articles``, or what the user calls the own set."""
    files: Mapping[str, Path]
    """By study id."""
    encoder: Remembering
    """Embeds their passages."""
    cache: Path
    """Where stores are kept between runs."""
    _read: dict[str, Study] = field(default_factory=dict)

    def __contains__(self, study: str) -> bool:
        return study in self.files or study in self._read

    def study(self, study: str) -> Study:
        """A study as it reads now."""
        if study not in self._read:
            self._read[study] = read_study(self.files[study])
        return self._read[study]

    @cached_property
    def store(self) -> Store:
        """A store of all of them, open to read; built at the first call and after any of them changed."""
        size = ChunkSize()
        built = fingerprint_of(self.encoder, size)
        parts = [f"{built.reader}/{SCHEMA_VERSION}", built.chunking, built.embedder]
        parts += [hashlib.sha256(path.read_bytes()).hexdigest() for _, path in sorted(self.files.items())]
        key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
        return built_store(self.cache / f"{self.name}-{key}", sorted(self.files.values()), self.encoder.inner, size)

    @cached_property
    def corpus(self) -> Corpus:
        """The store as retrieval sees it, and where evidence stands in it."""
        return Corpus(self.name, self.store, self.encoder, PackagedReranker(cache=self.cache))

    def hashes(self) -> dict[str, str]:
        """The sha256 of each file; of each stored text where the studies came from a store."""
        files = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in self.files.items()}
        return files or {name: study.sha256 for name, study in self._read.items()}


@dataclass
class World:
    """Everything that a task may look at."""

    texts: Mapping[str, Texts]
    """By name of the set; only sets that are there."""
    encoder: Remembering
    """The shipped encoder, each text computed once."""
    cache: Path
    """Where what is computed once is kept."""
    own_gold: Path | None = None
    """Folder of the user's own codings, which are about the set ``own``."""
    chat: Chat | None = None
    """The chat model that systems may ask; None where none was asked for."""

    @classmethod
    def at_hand(cls, studies: Path | None, cache: Path) -> World:
        """The digests, and what ``studies`` holds of the studies and coded articles.

        Args:
            studies: Folder with the five study texts, and in it or below it the articles ``PMC….nxml``.
            cache: The user's cache folder.
        """
        encoder = Remembering(open_embedder("minilm", cache=cache))
        digests = {path.stem: path for path in sorted(shipped("corpus").glob("*.md"))}
        named: dict[str, dict[str, Path]] = {DIGESTS: digests}
        if studies is not None:
            named[STUDIES] = {path.stem: path for path in sorted(studies.glob("*.txt")) if path.stem in digests}
            named[ARTICLES] = {path.stem.lower(): path for path in sorted(studies.rglob("PMC*.nxml"))}
        texts = {name: Texts(name, files, encoder, cache / "evals") for name, files in named.items() if files}
        return cls(texts, encoder, cache)

    @classmethod
    def of_own(cls, gold: Path, studies: Mapping[str, Study], cache: Path) -> World:
        """Studies that the user coded, by id, with the folder of the codings."""
        encoder = Remembering(open_embedder("minilm", cache=cache))
        own = Texts(OWN, {}, encoder, cache / "evals", dict(studies))
        return cls({OWN: own}, encoder, cache, gold)

    def only(self, names: Sequence[str]) -> World:
        """The same with the sets called ``names``; all if none is named.

        Raises:
            UsageError: If one of them is not at hand.
        """
        missing = [name for name in names if name not in self.texts]
        if missing:
            raise UsageError(
                f"There is no set {' or '.join(missing)} at hand",
                remedy=f"At hand: {', '.join(self.texts)}; --studies names the folder of studies and articles.",
            )
        texts = {name: texts for name, texts in self.texts.items() if not names or name in names}
        return replace(self, texts=texts)

    def sets(self, *names: str) -> Iterator[Texts]:
        """The sets of these names that are there."""
        return (self.texts[name] for name in names if name in self.texts)

    def of(self, sample_set: str) -> Texts:
        """The set that a sample is about."""
        return self.texts[sample_set]

    def asked(self) -> Chat:
        """The chat model of the run.

        Raises:
            UsageError: If it was given none.
        """
        if self.chat is None:
            raise UsageError("This run was given no chat model to ask", remedy="Name a system that asks none.")
        return self.chat
