"""Every error that the tool raises on purpose, each with the remedy that the user is shown.

::

    RealistError
    ├── UsageError                what was typed can't be meant (exit 2)
    │   ├── SettingsError         a setting is unknown or out of range
    │   ├── ProjectNotFound       no realist.toml here or above
    │   └── UnknownStudy          an id that the store does not hold
    ├── ReadingError              a file that can't be read as a study
    │   ├── EmptyStudy            nothing to read in it
    │   ├── UnsupportedFormat     a format without a reader
    │   ├── MalformedStudy        the format is known, the content broken
    │   └── StudyTooLarge         beyond the limits that keep the machine usable
    ├── StoreError                the project's data can't be used
    │   ├── StoreOutdated         built by other readers, chunking or embedder
    │   ├── StoreLocked           another process writes to it
    │   └── StoreNotWritable      no permission, no space
    ├── EmbeddingError            weights missing or not the ones expected
    ├── WeightsError              the same of what was trained upon it
    ├── PromptError               a prompt file that can't be used
    ├── ModelError                the chat model gave no reply
    │   ├── ModelNotInstalled     its provider's package is missing
    │   ├── ModelUnreachable      no connection to the endpoint (retried)
    │   ├── ModelTimedOut         no reply in time (retried)
    │   ├── ModelFailed           the endpoint broke off or failed (retried)
    │   ├── RateLimited           too many requests (retried, when it says)
    │   ├── KeyRefused            no key, no credit, or a key that may not do this
    │   ├── ModelNotFound         the endpoint has no model of this name
    │   ├── PromptTooLong         more tokens than the model reads
    │   ├── RequestRefused        anything else that it does not take
    │   └── ReplyRefused          the model declined, or a filter held the reply back
    ├── BudgetSpent               another call could pass the limit of calls or cost
    ├── NotInJournal              a replay needs a call that its run did not make
    ├── MissingExtra              a library that the base installation leaves out
    └── OfflineError              a network client was asked for with --offline

A quote that does not stand in its source is no error: it is a result with the status ``not_found``.
"""

from __future__ import annotations

from pathlib import Path


class RealistError(Exception):
    """Something that the user can mend; prints as one line, what and then the remedy.

    Args:
        message: What went wrong and where, without a full stop.
        remedy: The sentence that says what to do about it.
        path: The file or folder concerned.
        study: The id of the study concerned.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        path: Path | None = None,
        study: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.path = path
        self.study = study

    def __str__(self) -> str:
        return f"{self.message}. {self.remedy}" if self.remedy else self.message


class UsageError(RealistError):
    """What was typed can't be meant."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting is unknown, of the wrong type, or out of range."""


class ProjectNotFound(UsageError):
    """No ``realist.toml`` in the working folder or above it."""


class UnknownStudy(UsageError):
    """An id was given that the store does not hold."""


class ReadingError(RealistError):
    """A file can't be read as a study; the other files go on."""


class EmptyStudy(ReadingError):
    """The file holds no text."""


class UnsupportedFormat(ReadingError):
    """No reader takes this kind of content."""


class MalformedStudy(ReadingError):
    """The format is known, but the content breaks its rules."""


class StudyTooLarge(ReadingError):
    """The file, or what it unfolds to, is beyond the limits."""


class StoreError(RealistError):
    """The project's stored data can't be used as it is."""


class StoreOutdated(StoreError):
    """The store was built by another reader, chunking or embedder version."""


class StoreLocked(StoreError):
    """Another process is writing to the store."""


class StoreNotWritable(StoreError):
    """The project's folder does not take what is written to it."""


class EmbeddingError(RealistError):
    """The encoder's weights are missing, or are not those expected."""


class WeightsError(RealistError):
    """Weights that were trained upon the encoder's are missing, or are not those that their card describes."""


class PromptError(RealistError):
    """A prompt file is missing or breaks the rules of its format."""


class ModelError(RealistError):
    """The chat model gave no reply."""

    retryable = False
    """Whether the same request may succeed later."""
    calls = 1
    """Requests that reached the endpoint before it was given up."""


class ModelNotInstalled(ModelError):
    """The package of the chat model's provider is missing."""

    calls = 0


class ModelUnreachable(ModelError):
    """No connection to the endpoint could be made."""

    retryable = True
    calls = 0


class ModelTimedOut(ModelError):
    """No reply came in the time allowed."""

    retryable = True


class ModelFailed(ModelError):
    """The endpoint failed, broke the connection, or sent what is no reply."""

    retryable = True
    retry_after: float | None = None
    """Seconds to wait, where the endpoint says so."""


class RateLimited(ModelFailed):
    """The endpoint took too many requests."""


class KeyRefused(ModelError):
    """There is no key, no credit, or a key that does not allow it; no request of the run will succeed."""


class ModelNotFound(ModelError):
    """The endpoint has no model of this name; no request of the run will succeed."""


class PromptTooLong(ModelError):
    """The request holds more tokens than the model reads."""


class RequestRefused(ModelError):
    """The endpoint does not take the request as it is."""


class ReplyRefused(ModelError):
    """The model declined to reply, or a filter held the reply back."""


class BudgetSpent(RealistError):
    """Another call could pass the limit of calls or cost that was set; what was done is kept."""


class NotInJournal(RealistError):
    """A replay needs a call that its run did not make."""


class MissingExtra(RealistError):
    """What was asked for needs a library that the base installation leaves out.

    Args:
        message: What is missing for what, without a full stop.
        extra: The extra of the distribution that brings it.
    """

    def __init__(self, message: str, *, extra: str) -> None:
        super().__init__(message, remedy=f"Install it: pip install 'realist-assistant[{extra}]'.")


class OfflineError(RealistError):
    """A network client was asked for although ``--offline`` forbids it."""
