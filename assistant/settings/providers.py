"""What each provider of chat models needs from the environment, and where its endpoint is.

Only names of variables stand here. Values of keys are read by the provider's own package, at the moment it is opened.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.settings.environment import variable
from assistant.settings.schema import ModelSettings


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider, as its own package knows it."""

    package: str
    """What `import` takes."""
    extra: str
    """The extra of this package that brings it; empty where none does."""
    address: str = ""
    """Where it is reached when nothing else is said; empty where only its package knows."""
    address_variables: tuple[str, ...] = ()
    """Variables that name another address; the first that is set counts."""
    key_variable: str = ""
    """Variable that holds the key; empty where none is needed."""


_KNOWN = {
    "openai": Provider(
        "langchain_openai",
        "openai",
        "https://api.openai.com/v1",
        ("OPENAI_API_BASE", "OPENAI_BASE_URL"),
        "OPENAI_API_KEY",
    ),
    "anthropic": Provider(
        "langchain_anthropic",
        "anthropic",
        "https://api.anthropic.com",
        ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"),
        "ANTHROPIC_API_KEY",
    ),
    "ollama": Provider("langchain_ollama", "ollama", "http://127.0.0.1:11434", ("OLLAMA_HOST",)),
}


def provider_of(settings: ModelSettings) -> Provider:
    """The provider that ``settings`` name; one that is not known here brings its own package and variables."""
    return _KNOWN.get(settings.provider) or Provider(f"langchain_{settings.provider}", "")


def endpoint_of(settings: ModelSettings) -> str:
    """The address that requests go to; empty where only the provider's package knows it."""
    provider = provider_of(settings)
    named = next(filter(None, map(variable, provider.address_variables)), None)
    address = settings.base_url or named or provider.address
    if "://" in address or not address:
        return address
    port = urlsplit(provider.address).port  # OLLAMA_HOST may be a bare name or number
    return f"http://{address}" if address.rpartition(":")[2].isdecimal() or not port else f"http://{address}:{port}"


def missing_key(settings: ModelSettings) -> str:
    """The variable that has to be set before the provider is asked; empty if none is missing.

    An address of one's own (vLLM, llama.cpp, LM Studio) may need no key; the provider's own always does.
    """
    provider = provider_of(settings)
    if not provider.key_variable or variable(provider.key_variable):
        return ""
    return provider.key_variable if endpoint_of(settings) == provider.address else ""


def needs_stand_in(settings: ModelSettings) -> bool:
    """Whether the provider's package wants a key although the endpoint is one's own and none is set."""
    provider = provider_of(settings)
    return bool(provider.key_variable) and not variable(provider.key_variable) and not missing_key(settings)


def stays_here(settings: ModelSettings) -> bool:
    """Whether requests go to this machine and no further, as far as the settings tell."""
    relayed = settings.provider == "ollama" and settings.model.endswith(("-cloud", ":cloud"))
    return is_this_machine(urlsplit(endpoint_of(settings)).hostname or "") and not relayed


def port_here(settings: ModelSettings) -> int | None:
    """The port on this machine that requests go to; None if they go elsewhere, or if there is no chat model."""
    if not settings.name or not stays_here(settings):
        return None
    address = urlsplit(endpoint_of(settings))
    return address.port or {"http": 80, "https": 443}[address.scheme]


def is_this_machine(host: str) -> bool:
    """Whether ``host`` is ``localhost``, a loopback address, or the one that stands for none in particular."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
        return address.is_loopback or address.is_unspecified
    except ValueError:
        return False
