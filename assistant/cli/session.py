"""What every command starts from: the global flags, and from them project, settings, store and encoder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.settings.environment import cache_folder, project_folder, setting_variables
from assistant.settings.project import Project, find_project, project_at

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.embedding.protocol import Embedder
    from assistant.embedding.runtime import Runtime
    from assistant.engines.extractive.tagging import PackagedTagger
    from assistant.engines.model.cache import ReplyCache
    from assistant.engines.model.calling import ModelCaller
    from assistant.engines.model.engine import ModelEngine
    from assistant.engines.model.requests import Caller
    from assistant.engines.protocol import Engine
    from assistant.readers.limits import ReadingLimits
    from assistant.settings.load import EffectiveSettings
    from assistant.store.edits import MetadataEdits
    from assistant.store.entries import Fingerprint, StudyEntry
    from assistant.store.store import Store
    from assistant.text.chunking import ChunkSize
    from assistant.work.answering import Asker


@dataclass(frozen=True)
class Session:
    """One invocation of the command."""

    project_option: Path | None = None
    """``--project``."""
    verbosity: int = 0
    """-1 with ``-q``, 0, 1 with ``-v``."""
    flags: tuple[tuple[str, str, Any], ...] = ()
    """Dotted key, flag and value, of the settings given on the command line."""

    def with_flags(self, **values: tuple[str, Any] | None) -> Session:
        """The same session with settings from flags; ``section__key=("--flag", value)``; None values are left out."""
        given = tuple(
            (key.replace("__", "."), flag_and_value[0], flag_and_value[1])
            for key, flag_and_value in values.items()
            if flag_and_value is not None and flag_and_value[1] is not None
        )
        return Session(self.project_option, self.verbosity, (*self.flags, *given))

    @cached_property
    def project(self) -> Project:
        """The project that the command works in.

        Raises:
            ProjectNotFound: If there is none.
        """
        named = self.project_option or project_folder()
        return project_at(named) if named else find_project(Path.cwd())

    @cached_property
    def effective(self) -> EffectiveSettings:
        """The project's settings with their origins."""
        from assistant.settings.load import load_settings

        flags = {key: (flag, value) for key, flag, value in self.flags}
        return load_settings(self.project.settings_file, setting_variables(), flags)

    @property
    def local_port(self) -> int | None:
        """Where on this machine the configured chat model listens; None if it is elsewhere, or if there is none."""
        from assistant.settings.providers import port_here

        return port_here(self.effective.settings.model)

    @cached_property
    def embedder(self) -> Embedder:
        """The encoder that the settings name."""
        from assistant.embedding.runtime import EXACT

        return self._encoder(EXACT)

    @cached_property
    def indexer(self) -> Embedder:
        """The same encoder on the fastest runtime that the settings allow: slower to start, for whole studies.

        Raises:
            SettingsError: If the settings name a runtime that is not to be had here.
        """
        from assistant.embedding.opening import DEFAULT_EMBEDDER
        from assistant.embedding.runtime import EXACT, choose_runtime

        chosen = self.effective.settings.embedding
        runtime = choose_runtime(chosen.runtime, chosen.precision) if chosen.model == DEFAULT_EMBEDDER else EXACT
        return self.embedder if runtime == EXACT else self._encoder(runtime)

    def _encoder(self, runtime: Runtime) -> Embedder:
        from assistant.embedding.opening import open_embedder

        chosen = self.effective.settings.embedding
        cache, threads, size = cache_folder(), chosen.threads, chosen.batch_size
        return open_embedder(chosen.model, cache=cache, threads=threads, batch_size=size, runtime=runtime)

    @property
    def chunk_size(self) -> ChunkSize:
        """Sizes of passages.

        Raises:
            SettingsError: If passages could be longer than the encoder reads.
        """
        from assistant.errors import SettingsError
        from assistant.text.chunking import ChunkSize

        chosen = self.effective.settings.chunking
        if chosen.max_tokens > self.embedder.max_tokens:
            raise SettingsError(
                f"chunking.max_tokens = {chosen.max_tokens}, but {self.effective.settings.embedding.model} reads "
                f"{self.embedder.max_tokens} tokens",
                remedy=f"Set it to {self.embedder.max_tokens} or less.",
            )
        return ChunkSize(chosen.target_tokens, chosen.max_tokens)

    @property
    def reading_limits(self) -> ReadingLimits:
        """Limits of reading."""
        from assistant.readers.limits import ReadingLimits

        chosen = self.effective.settings.reading
        return ReadingLimits(max_bytes=chosen.max_megabytes * 2**20, max_characters=chosen.max_characters)

    @property
    def fingerprint(self) -> Fingerprint:
        """What the store must have been built with."""
        from assistant.work.fingerprint import fingerprint_of

        return fingerprint_of(self.embedder, self.chunk_size)

    @contextmanager
    def store(self, *, write: bool = False, rebuild: bool = False, texts_only: bool = False) -> Iterator[Store]:
        """The project's store.

        Args:
            write: To add, change or remove studies; holds the store's lock.
            rebuild: Begin it anew.
            texts_only: Only stored texts will be read, so that it does not matter what it was built with.
        """
        from assistant.store.store import Store

        fingerprint = None if texts_only else self.fingerprint
        with Store.open(self.project.data, fingerprint, write=write, rebuild=rebuild) as store:
            yield store

    def entries(self) -> tuple[StudyEntry, ...]:
        """The project's studies; none where nothing was ingested yet."""
        from assistant.store.store import Store

        if not Store.is_there(self.project.data):
            return ()
        with self.store(texts_only=True) as store:
            return store.studies()

    def precisions(self) -> tuple[str, ...]:
        """The number formats that the store's vectors were computed in; none where nothing was ingested yet."""
        from assistant.store.store import Store

        if not Store.is_there(self.project.data):
            return ()
        with self.store(texts_only=True) as store:
            return store.precisions

    @cached_property
    def metadata_edits(self) -> MetadataEdits:
        """What the researcher wrote over the metadata that was read."""
        from assistant.store.edits import MetadataEdits

        return MetadataEdits(self.project.data)

    @property
    def asks_model(self) -> bool:
        """Whether answering or drafting asks a chat model."""
        return self.effective.settings.answer.engine != "extractive"

    @property
    def sender(self) -> dict[str, Any] | None:
        """The chat model with its parameters, for the records; None where none is asked."""
        if not self.asks_model:
            return None
        from assistant.engines.model.opening import identity

        return identity(self.effective.settings.model)

    @cached_property
    def replies(self) -> ReplyCache:
        """Replies of the chat model that are kept in the project."""
        from assistant.engines.model.cache import ReplyCache

        return ReplyCache(self.project.data)

    @cached_property
    def engine(self) -> Engine:
        """Who answers and drafts, outside a recorded run."""
        if self.asks_model:
            return self.engine_with(self._caller)
        from assistant.engines.extractive.opening import packaged_engine

        return packaged_engine(cache_folder(), self.effective.settings.embedding.threads)

    def engine_with(self, caller: Caller) -> ModelEngine:
        """Who answers and drafts when the chat model is reached through ``caller``.

        Raises:
            PromptError: If a prompt of the project can't be used.
        """
        from assistant.engines.model.cascade import Cascade
        from assistant.engines.model.engine import ModelEngine
        from assistant.engines.model.prompting import Prompts
        from assistant.engines.model.windows import WindowSize
        from assistant.shipped import shipped

        settings = self.effective.settings
        cascaded = settings.answer.engine == "cascade"
        return ModelEngine(
            model=settings.model.name,
            caller=caller,
            prompts=Prompts.load([self.project.prompts, shipped("prompts")]),
            in_hand=settings.model.concurrency,
            size=WindowSize(settings.extract.window_characters, settings.extract.overlap_characters),
            cascade=Cascade(self._tagger, settings.extract.cascade_detection) if cascaded else None,
        )

    @cached_property
    def _caller(self) -> ModelCaller:
        from assistant.engines.model.memory import Memory
        from assistant.engines.model.opening import open_caller

        return open_caller(self.effective.settings.model, Memory(cache=self.replies))

    @cached_property
    def _tagger(self) -> PackagedTagger:
        from assistant.engines.extractive.tagging import PackagedTagger

        return PackagedTagger(cache=cache_folder(), threads=self.effective.settings.embedding.threads)

    @contextmanager
    def asker(self, studies: tuple[str, ...], engine: Engine | None = None) -> Iterator[Asker]:
        """Who answers questions about the project's studies, or about some of them.

        Args:
            studies: Their ids; none for all.
            engine: Who drafts the answers; that of the session if None.
        """
        from assistant.work.answering import Asker

        limit = self.effective.settings.retrieval.top_k
        drop = self.effective.settings.answer.unsupported == "drop"
        with self.store() as store, self._connections():
            yield Asker.over(store, self.embedder, engine or self.engine, studies=studies, limit=limit, drop=drop)

    @contextmanager
    def _connections(self) -> Iterator[None]:
        """Closes those to the chat model of `engine` at the end, if it was asked."""
        try:
            yield
        finally:
            if "_caller" in self.__dict__:
                from assistant.engines.waiting import result_of

                result_of(self._caller.close())

    @cached_property
    def out(self) -> Console:
        """Where data goes."""
        from assistant.presentation.console import data_console

        return data_console()

    @cached_property
    def messages(self) -> Console:
        """Where progress and messages go."""
        from assistant.presentation.console import message_console

        return message_console(quiet=self.verbosity < 0)
