"""One of the servers as a process: ``python -m tests.servers openai --latency 0.2 --log calls.jsonl``.

Prints its address on the first line of stdout, and serves until it is ended.
"""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable
from pathlib import Path

from tests.servers import AnthropicServer, Fault, OllamaServer, OpenAIServer, never, some
from tests.servers.asking import Count, rough_count, wordpiece_count

_COUNTS: dict[str, Callable[[], Count]] = {"rough": lambda: rough_count, "wordpiece": wordpiece_count}
_KINDS = {kind.provider: kind for kind in (OpenAIServer, OllamaServer, AnthropicServer)}


def main() -> None:
    """Serves."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__.splitlines()[0])
    parser.add_argument("protocol", choices=tuple(_KINDS))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--model", default="tester", help="the name that it knows")
    parser.add_argument("--key", default="", help="the key that it wants")
    parser.add_argument("--log", type=Path, metavar="FILE", help="one line a request")
    parser.add_argument("--share", type=float, default=0.0, help="of the pieces of work, fail when first asked")
    parser.add_argument("--fault", action="append", type=Fault, choices=list(Fault), help="in one of these ways")
    parser.add_argument("--count", choices=tuple(_COUNTS), default="rough", help="how tokens are counted")
    given = parser.parse_args()
    plan = some(given.share, given.fault or [Fault.SERVER_ERROR]) if given.share else never
    with _KINDS[given.protocol](
        plan=plan,
        latency=given.latency,
        models=(given.model,),
        key=given.key,
        log_file=given.log,
        port=given.port,
        count=_COUNTS[given.count](),
    ) as server:
        print(server.url, flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
