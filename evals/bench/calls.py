"""What calling a chat model costs beside the waiting: wall time at several concurrencies against one latency.

``python -m evals.bench.calls [--latency 0.2] [--windows 200] [--at-once 1 4 16]`` starts the tests' endpoint on
loopback as a process of its own, cuts the shipped corpus into windows, and sends each through the caller that the
tool uses, with its journal on the disk and its cache. The ideal is one request going ahead alone and the others in
full rounds; the ratio is wall time at the first concurrency over that at each. Run it in the repository.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.engine import PromptRecord
from assistant.engines.model.cache import ReplyCache
from assistant.engines.model.calling import ModelCaller
from assistant.engines.model.memory import Memory
from assistant.engines.model.opening import open_caller
from assistant.engines.model.requests import Message, ModelRequest, Usage
from assistant.engines.waiting import each_of, in_order, result_of
from assistant.records.calls import CallJournal
from assistant.settings.schema import ModelSettings
from assistant.shipped import shipped

_WORDS = 400
"""Of a window."""
_SCHEMA = {
    "title": "claims",
    "type": "object",
    "properties": {"claims": {"type": "array", "items": {"type": "string"}}},
    "required": ["claims"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Trial:
    """All windows sent at one concurrency."""

    at_once: int
    """Requests under way at once at most."""
    seconds: float
    """Wall time, opening the provider's package left out."""
    usage: Usage
    """Calls and tokens, as the endpoint counts them."""

    def ideal(self, latency: float) -> float:
        """Seconds that waiting alone takes."""
        return latency * (1 + math.ceil((self.usage.calls - 1) / self.at_once))


def windows(count: int) -> list[ModelRequest]:
    """Different requests over the words of the shipped corpus."""
    words = " ".join(file.read_text("utf-8") for file in sorted(shipped("corpus").glob("*.md"))).split()
    return [_request(number, " ".join(words[number * 40 :][:_WORDS])) for number in range(count)]


def _request(number: int, text: str) -> ModelRequest:
    messages = (Message("system", f"Window {number}: list what is claimed."), Message("user", text))
    return ModelRequest(f"bench/{number:04}", PromptRecord("bench", "0" * 64), messages, _SCHEMA)


@contextmanager
def endpoint(latency: float) -> Iterator[str]:
    """The address of the tests' endpoint, in a process of its own."""
    line = [sys.executable, "-m", "tests.servers", "openai", "--latency", str(latency)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def tried(url: str, at_once: int, requests: Sequence[ModelRequest], folder: Path) -> Trial:
    """Sends ``requests`` with a new journal and a new cache in ``folder``."""
    folder.mkdir()
    cache = ReplyCache(folder)
    settings = ModelSettings(name="openai:tester", base_url=url, output="json_schema", concurrency=at_once)
    caller = open_caller(settings, Memory(CallJournal(folder), cache))
    begun = time.perf_counter()
    _send(caller, requests, at_once)
    seconds = time.perf_counter() - begun
    result_of(caller.close())
    cache.close()
    if caller.tally.usage.calls != len(requests) or caller.tally.failed:
        raise SystemExit(f"{caller.tally.usage.calls} calls and {caller.tally.failed} failures for {len(requests)}")
    return Trial(at_once, seconds, caller.tally.usage)


def _send(caller: ModelCaller, requests: Sequence[ModelRequest], at_once: int) -> None:
    for _ in each_of(in_order(requests, caller.call, 2 * at_once)):
        pass


def main() -> int:
    """Prints a line a concurrency."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latency", type=float, default=0.2, metavar="SECONDS")
    parser.add_argument("--windows", type=int, default=200, metavar="N")
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 4, 16], metavar="N")
    given = parser.parse_args()
    requests = windows(given.windows)
    with tempfile.TemporaryDirectory() as folder, endpoint(given.latency) as url:
        tried(url, 1, requests[:1], Path(folder, "first"))  # imports the provider's package
        trials = [tried(url, number, requests, Path(folder, str(number))) for number in given.at_once]
    print(f"{given.windows} windows, latency {given.latency * 1000:.0f} ms")
    for trial in trials:
        print(
            f"at once {trial.at_once:>3}: {trial.seconds:7.2f} s (waiting alone {trial.ideal(given.latency):6.2f} s), "
            f"ratio {trials[0].seconds / trial.seconds:5.2f}, {trial.usage.calls} calls, "
            f"{trial.usage.tokens_in:,} tokens sent, {trial.usage.tokens_out:,} received"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
