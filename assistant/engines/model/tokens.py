"""How many tokens a request will take, before a provider has counted them.

The providers' tokenizers differ and most of them have to be fetched from the network. So tokens are reckoned at four
bytes of UTF-8 each, which is close to what current tokenizers make of English prose and on its high side, plus a few
for the frame of each message. What was truly spent is always the provider's own count.
"""

from __future__ import annotations

import json

from assistant.engines.model.requests import ModelRequest

_BYTES_PER_TOKEN = 4
_FRAME = 4
"""Tokens around each message."""


def reckoned_tokens(request: ModelRequest) -> int:
    """Tokens that sending ``request`` takes, its schema included; a reckoning."""
    texts = [message.text for message in request.messages]
    texts.append(json.dumps(request.schema, ensure_ascii=False, separators=(",", ":")))
    return sum(-(-len(text.encode()) // _BYTES_PER_TOKEN) + _FRAME for text in texts)
