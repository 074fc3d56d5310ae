"""What `realist doctor` says of the chat model: its package and key, its endpoint, and whether structure works."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from assistant.cli.findings import Finding, tried
from assistant.engines.model.probing import Probe, probe
from assistant.engines.model.provider import ChatModel, close, known_models, open_chat_model
from assistant.errors import ModelNotFound, RequestRefused
from assistant.settings.environment import variable
from assistant.settings.providers import endpoint_of, provider_of
from assistant.settings.schema import ModelSettings, Settings

_PATIENCE = 30.0
"""Seconds that a reply may take here."""
_MOST_NAMES = 8
Result = TypeVar("Result")


def examine_model(settings: Settings) -> Iterator[Finding]:
    """Opens the configured chat model and tries it; ends at the first thing amiss."""
    if not settings.model.name:
        unset = settings.answer.engine != "extractive"
        detail = (
            f"answer.engine is {settings.answer.engine}, but no chat model is set"
            if unset
            else "none is set, and none is needed"
        )
        yield Finding("chat model", not unset, detail, "Set model.name, such as 'ollama:qwen3:8b'." if unset else "")
        return
    patient = min(settings.model.timeout_seconds, _PATIENCE)
    chosen = settings.model.model_copy(update={"timeout_seconds": patient})
    for check, examine in (("chat model", _opened), ("endpoint", _endpoint), ("structured output", _output)):
        finding = tried(check, lambda examine=examine: examine(chosen))  # type: ignore[misc]
        yield finding
        if not finding.well:
            return


def _opened(settings: ModelSettings) -> str:
    open_chat_model(settings)
    key = provider_of(settings).key_variable
    where = f"{settings.name} at {endpoint_of(settings) or 'the address that its package knows'}"
    return f"{where}, with the key in {key}" if key and variable(key) else f"{where}, without a key"


def _endpoint(settings: ModelSettings) -> str:
    names = _with_model(settings, known_models)
    if names is None:
        return "its models can't be listed"
    if settings.model not in {*names, *(name.removesuffix(":latest") for name in names)}:
        there = ", ".join(sorted(names)[:_MOST_NAMES]) + (" and more" if len(names) > _MOST_NAMES else "")
        raise ModelNotFound(f"it has no model {settings.model}", remedy=f"It has: {there or 'none'}.")
    return f"reached; {settings.model} is there"


def _output(settings: ModelSettings) -> str:
    probes = _with_model(settings, lambda model: probe(model, settings.output))
    said = "; ".join(map(_described, probes))
    if not probes[-1].works:
        raise RequestRefused(said, remedy="Try another model.output, or another model.")
    lost = [one for one in probes[:-1] if one.said]
    return f"{said}; set model.output to {probes[-1].mode}" if lost else said


def _described(one: Probe) -> str:
    if one.works:
        return f"{one.mode} works ({one.seconds:.1f} s, {one.usage.tokens_in} tokens sent)"
    return f"{one.mode} is {'answered without it' if one.said else 'not taken'}"


def _with_model(settings: ModelSettings, work: Callable[[ChatModel], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        model = open_chat_model(settings)
        try:
            return await work(model)
        finally:
            await close(model)

    return asyncio.run(run())
