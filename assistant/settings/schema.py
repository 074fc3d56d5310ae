"""Every setting, with its default and its limits. A section goes whole to the function that needs it."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class _Section(BaseModel):
    """A section of ``realist.toml``: frozen, unknown keys refused; its validator is built when it has to validate."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class ReadingSettings(_Section):
    """Limits that keep a hostile or mistaken file from taking the machine."""

    max_megabytes: int = Field(256, ge=1)
    """Largest file that is opened, in MiB."""
    max_characters: int = Field(5_000_000, ge=1_000)
    """Longest stored text of one study, in code points."""


class ChunkingSettings(_Section):
    """Sizes of passages, in the embedder's tokens."""

    target_tokens: int = Field(200, ge=16)
    """A passage is closed once its sentences reach this length."""
    max_tokens: int = Field(256, ge=32)
    """No passage is longer; must not exceed what the embedder reads."""

    @model_validator(mode="after")
    def _target_fits(self) -> ChunkingSettings:
        if self.target_tokens > self.max_tokens:
            raise ValueError("target_tokens must not exceed max_tokens")
        return self


class EmbeddingSettings(_Section):
    """Which encoder, and how it uses the machine."""

    model: str = Field("minilm", pattern=r"^(minilm|sentence-transformers:.+)$")
    """``minilm`` (packaged, offline) or ``sentence-transformers:NAME``."""
    runtime: Literal["auto", "onnxruntime", "openvino"] = "auto"
    """What embeds passages with minilm; auto takes openvino where the extra ``fast`` is installed."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """Its number format; auto takes bf16 where openvino and the processor have it. Questions are always fp32."""
    threads: int = Field(0, ge=0)
    """Threads of the encoder; 0 takes the cores that this process may use."""
    batch_size: int = Field(8, ge=1, le=1024)
    """Texts encoded at once; minilm counts them as sentences of 32 tokens."""


class RetrievalSettings(_Section):
    """How passages are found."""

    top_k: int = Field(8, ge=1, le=100)
    """Passages given to the engine."""


class AnswerSettings(_Section):
    """How questions are answered."""

    engine: Literal["extractive", "model", "cascade"] = "extractive"
    """Who answers and drafts: ``extractive`` (no chat model), ``model``, or ``cascade`` (tagger first, then model)."""
    unsupported: Literal["show", "drop"] = "show"
    """Statements whose quotes are not found, even after a repair: ``show`` them set apart, or ``drop`` them."""


class ModelSettings(_Section):
    """The chat model; its key comes from the provider's usual environment variable and stands nowhere else."""

    name: str = Field("", pattern=r"^([a-z][a-z0-9_]*:\S+)?$")
    """``PROVIDER:MODEL``, such as ``ollama:qwen3:8b`` or ``openai:gpt-5-mini``; empty for none."""
    base_url: str = ""
    """Address of the endpoint (vLLM, llama.cpp, LM Studio, a gateway); empty for the provider's own."""
    output: Literal["auto", "json_schema", "tools", "text"] = "auto"
    """How structure is asked for: ``json_schema``, ``tools``, ``text``; ``auto`` takes the first that works."""
    temperature: Annotated[float, Field(ge=0, le=2)] | Literal["default"] = 0.0
    """0 is the most repeatable; ``default`` leaves it to the model, for those that refuse a value."""
    max_tokens: int = Field(4_096, ge=16)
    """Longest reply, in tokens."""
    timeout_seconds: float = Field(120.0, gt=0, le=3_600)
    """Longest wait for one reply, in seconds."""
    concurrency: int = Field(4, ge=1, le=256)
    """Requests under way at once."""
    requests_per_minute: int = Field(0, ge=0)
    """Requests begun in a minute at most; 0 for no limit."""
    price_in: float = Field(0.0, ge=0)
    """Price per million tokens sent, in the currency of your choice."""
    price_out: float = Field(0.0, ge=0)
    """Price per million tokens received."""

    @field_validator("base_url")
    @classmethod
    def _address_holds_no_key(cls, value: str) -> str:
        if not value:
            return value
        address = urlsplit(value)
        if address.scheme not in {"http", "https"} or not address.hostname or address.port == 0:
            raise ValueError("must begin with http:// or https:// and name a host")
        if address.username or address.password or address.query or address.fragment:
            raise ValueError("must hold no user name, password, query or fragment; keys come from the environment")
        return value

    @property
    def provider(self) -> str:
        """``openai`` of ``openai:gpt-5-mini``."""
        return self.name.partition(":")[0]

    @property
    def model(self) -> str:
        """``gpt-5-mini`` of ``openai:gpt-5-mini``."""
        return self.name.partition(":")[2]


class ExtractSettings(_Section):
    """Which candidates are kept."""

    min_confidence: float = Field(0.0, ge=0.0, le=1.0)
    """Candidates below this are left out."""
    window_characters: int = Field(12_000, ge=1_000)
    """How much of a study is sent to the chat model at once, in code points; whole sections where they fit."""
    overlap_characters: int = Field(800, ge=0)
    """How much is sent twice where a section has to be cut, in code points."""
    cascade_detection: float = Field(0.3, ge=0.0, le=1.0)
    """With the cascade: sentences that the tagger detects below this, and that stand beside none above, stay unsent."""

    @model_validator(mode="after")
    def _overlap_fits(self) -> ExtractSettings:
        if self.overlap_characters * 2 > self.window_characters:
            raise ValueError("overlap_characters must not exceed half of window_characters")
        return self


class Settings(_Section):
    """All sections of ``realist.toml``."""

    reading: ReadingSettings = Field(default_factory=ReadingSettings)
    """Limits of reading."""
    chunking: ChunkingSettings = Field(default_factory=ChunkingSettings)
    """Sizes of passages."""
    embedding: EmbeddingSettings = Field(default_factory=EmbeddingSettings)
    """The encoder."""
    retrieval: RetrievalSettings = Field(default_factory=RetrievalSettings)
    """Finding passages."""
    answer: AnswerSettings = Field(default_factory=AnswerSettings)
    """Answering."""
    model: ModelSettings = Field(default_factory=ModelSettings)
    """The chat model."""
    extract: ExtractSettings = Field(default_factory=ExtractSettings)
    """Drafting configurations."""


def sections() -> dict[str, type[_Section]]:
    """The sections by name, in the order of the file."""
    found = {name: field.annotation for name, field in Settings.model_fields.items()}
    return {name: kind for name, kind in found.items() if isinstance(kind, type) and issubclass(kind, _Section)}


def keys() -> tuple[str, ...]:
    """Every dotted key, in the order of the file."""
    return tuple(f"{section}.{name}" for section, kind in sections().items() for name in kind.model_fields)


def meanings() -> dict[str, str]:
    """Every dotted key with its meaning: what is written below its field, read only where it is to be shown."""
    import ast
    import inspect

    found: dict[str, str] = {}
    for section, kind in sections().items():
        (body,) = ast.parse(inspect.getsource(kind)).body
        assert isinstance(body, ast.ClassDef)
        for field, below in pairwise(body.body):
            if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
                found[f"{section}.{ast.unparse(field.target)}"] = str(ast.literal_eval(below.value)).strip()
    return found
