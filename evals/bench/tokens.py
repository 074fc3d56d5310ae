"""Tokens that drafting sends to a chat model, beside one plain call for a whole study and beside langextract.

Run as ``python -m evals.bench.tokens [STUDY...] [--langextract PYTHON] [--json]`` in the repository. Without files, one
study of some 10,000 words is made of four shipped digests. All ways send to the same endpoint of the tests over real
HTTP; what is counted is what arrives there, schema included, in tokens of the packaged encoder's vocabulary.

langextract's dependencies do not fit this tool's pins, so it runs in an environment of its own, whose interpreter is
named. It gets the windows that this tool sends, with its own defaults: once with a short prompt and one example, once
with what this tool's prompt teaches. Nothing is said here about quality: the endpoint's coder understands nothing,
makes no mistakes in form, and so causes no repairs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.domain.engine import PromptRecord
from assistant.domain.study import Study
from assistant.engines.extractive.tagging import PackagedTagger
from assistant.engines.model.cascade import Cascade
from assistant.engines.model.drafting import Look, ModelDrafting, study_windows
from assistant.engines.model.opening import open_caller
from assistant.engines.model.prompting import Prompts
from assistant.engines.model.replies import DraftReply
from assistant.engines.model.requests import Message, ModelRequest
from assistant.engines.model.windows import WindowSize, whole_sections
from assistant.readers.registry import read_study
from assistant.settings.environment import cache_folder
from assistant.settings.schema import ModelSettings, Settings
from assistant.shipped import shipped

_DIGESTS = ("marston-2022", "rowley-2012", "rycroft-malone-2016", "spyridonidis-2015")
_SCALE = 10_000
"""Words that the figures are for."""
_SHORT = (
    "List every context-mechanism-outcome configuration in the text: each explanatory claim that links a context or a "
    "mechanism (a resource that is offered, or people's reasoning) with an outcome. Quote each part word for word."
)
"""What someone would write who has no codebook at hand."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one way of drafting sent about one study."""

    way: str
    """Of drafting."""
    study: str
    """Its id."""
    words: int
    """Of the study's stored text."""
    calls: int
    """Requests that arrived."""
    tokens: int
    """In them."""


class Endpoint:
    """The tests' endpoint, and what arrived there."""

    def __init__(self, url: str, log: Path) -> None:
        self.url = url
        self._log = log

    def arrived(self) -> list[Mapping[str, Any]]:
        """All requests so far that were replied to."""
        lines = self._log.read_text("utf-8").splitlines() if self._log.exists() else []
        return [entry for entry in map(json.loads, lines) if entry["paid"]]


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Starts the endpoint as a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.jsonl")
        line = [sys.executable, "-m", "tests.servers", "openai", "--log", str(log), "--count", "wordpiece"]
        with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield Endpoint(process.stdout.readline().strip(), log)
            finally:
                process.terminate()


def made_study(folder: Path) -> Study:
    """Four digests as one study."""
    bodies = [(shipped("corpus") / f"{name}.md").read_text("utf-8").split("\n---\n", 1)[1] for name in _DIGESTS]
    file = folder / "four-digests.md"
    file.write_text("\n\n".join(bodies), "utf-8")
    return read_study(file)


def drafted(study: Study, at: Endpoint, *, cascade: bool) -> None:
    """Drafts as ``realist extract`` does."""

    async def run() -> None:
        caller = open_caller(ModelSettings(name="openai:tester", base_url=at.url))
        await ModelDrafting(caller, Prompts.load([shipped("prompts")]), look=look).drafts(study)
        await caller.close()

    look: Look = whole_sections
    if cascade:
        tagger = PackagedTagger(cache=cache_folder(), threads=0)
        look = Cascade(tagger, Settings().extract.cascade_detection).look
    asyncio.run(run())


def plain(study: Study, at: Endpoint) -> None:
    """One call with the whole stored text and one schema."""
    text = f"{_SHORT}\n\n{study.text}"
    request = ModelRequest("plain", PromptRecord("plain", "0" * 64), (Message("user", text),), _schema())

    async def run() -> None:
        caller = open_caller(ModelSettings(name="openai:tester", base_url=at.url))
        reply = await caller.call(request)
        await caller.close()
        if reply.problem:
            raise SystemExit(reply.problem)

    asyncio.run(run())


def _schema() -> Mapping[str, Any]:
    return DraftReply.model_json_schema()


def langextracted(study: Study, at: Endpoint, python: str, *, taught: bool) -> None:
    """Langextract with its defaults over the windows that this tool sends.

    Args:
        study: What to draft from.
        at: Where to send.
        python: Interpreter that has langextract.
        taught: Whether it gets this tool's instructions and examples, or a short prompt and one example.
    """
    prompt = Prompts.load([shipped("prompts")]).draft
    shown = [(example.given["window"], _extractions(example.reply["configurations"])) for example in prompt.examples]
    task = {
        "url": at.url,
        "description": prompt.system if taught else _SHORT,
        "examples": [example for example in shown if example[1]][: None if taught else 1],  # it takes none without any
        "windows": [window.text for window in study_windows(study, whole_sections, WindowSize())],
    }
    child = Path(__file__).with_name("langextract_child.py")
    done = subprocess.run([python, str(child)], input=json.dumps(task), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"langextract failed: {done.stderr.strip().splitlines()[-1]}")


def _extractions(configurations: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    roles = ("context", "resource", "reasoning", "outcome")
    return [(role, words) for one in configurations for role in roles for words in one[role]]


def measured(studies: Sequence[Study], at: Endpoint, python: str | None) -> Iterator[Sent]:
    """Each way with each study."""
    ways: dict[str, Callable[[Study], None]] = {
        "plain call, whole text": lambda study: plain(study, at),
        "drafting": lambda study: drafted(study, at, cascade=False),
        "cascade": lambda study: drafted(study, at, cascade=True),
    }
    if python:
        ways["langextract, short prompt"] = lambda study: langextracted(study, at, python, taught=False)
        ways["langextract, this tool's prompt"] = lambda study: langextracted(study, at, python, taught=True)
    for study in studies:
        for way, send in ways.items():
            before = len(at.arrived())
            send(study)
            new = at.arrived()[before:]
            yield Sent(way, study.id, len(study.text.split()), len(new), sum(entry["tokens_in"] for entry in new))


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a table, or JSON."""
    parser = argparse.ArgumentParser(prog="evals.bench.tokens", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("studies", type=Path, nargs="*", help="files; a study made of the digests if none")
    parser.add_argument("--langextract", metavar="PYTHON", help="an interpreter that has langextract[openai]")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, endpoint() as at:
        studies = [read_study(file) for file in given.studies] or [made_study(Path(folder))]
        results = list(measured(studies, at, given.langextract))
    if given.json:
        print(json.dumps([asdict(result) for result in results], indent=2))
    else:
        _print(results)
    return 0


def _print(results: Sequence[Sent]) -> None:
    words = sum(result.words for result in results if result.way == results[0].way)
    print(f"{len({result.study for result in results})} studies, {words:,} words; figures for {_SCALE:,} words")
    print(f"{'way':<34}{'calls':>8}{'tokens sent':>14}{'of plain':>10}")
    reference = sum(result.tokens for result in results if result.way == results[0].way)
    for way in dict.fromkeys(result.way for result in results):
        of_way = [result for result in results if result.way == way]
        calls, tokens = sum(one.calls for one in of_way), sum(one.tokens for one in of_way)
        scale = _SCALE / words
        print(f"{way:<34}{calls * scale:>8.1f}{tokens * scale:>14,.0f}{tokens / reference:>10.2f}")


if __name__ == "__main__":
    sys.exit(main())
