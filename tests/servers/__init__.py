"""Chat-model endpoints on loopback, scripted and faulty; ``python -m tests.servers`` runs one as a process.

``OpenAIServer``, ``OllamaServer`` and ``AnthropicServer`` speak three protocols over real HTTP; ``coder`` writes their
replies.
"""

from tests.servers.anthropic_shaped import AnthropicServer
from tests.servers.asking import Asked, Logged
from tests.servers.faults import Fault, Plan, in_turn, never, some
from tests.servers.ollama_shaped import OllamaServer
from tests.servers.openai_shaped import OpenAIServer

__all__ = [
    "AnthropicServer",
    "Asked",
    "Fault",
    "Logged",
    "OllamaServer",
    "OpenAIServer",
    "Plan",
    "in_turn",
    "never",
    "some",
]
