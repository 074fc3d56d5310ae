"""``python -m evals.bench.stages PROJECT QUESTION``: one cold question, its processor time charged to what it does.

Runs the command `realist ask` in this process, with a clock that is always in one stage: an import is charged to the
package that it is of, a step of the work to the step, and what a step calls that is a stage of its own to that one. The
last line of stdout is a JSON object, milliseconds by stage. Nothing is imported above that the command would not pay.
"""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

IMPORTS = "imports: "
_STEPS = {
    "assistant.settings.load": ("load_settings", "settings"),
    "assistant.store.store": ("Store.open", "opening the store"),
    "assistant.embedding.vocabulary": ("packaged_tokenizer", "encoder: vocabulary"),
    "assistant.embedding.session": ("open_session", "encoder: session"),
    "assistant.embedding.weights": ("check_weights", "encoder: session"),
    "assistant.embedding.trained": ("TrainedPart.tensors", "trained weights"),
    "assistant.embedding.minilm": ("MiniLM.embed", "encoder: question"),
    "assistant.retrieval.retriever": ("Retriever.retrieve", "retrieval"),
    "assistant.engines.extractive.reranking": ("Reranker.bearings", "reranker: passages"),
    "assistant.engines.extractive.answering": ("ExtractiveAnswering.answer", "choosing sentences"),
    "assistant.work.answering": ("Asker._check", "checking quotes"),
    "assistant.presentation.answers": ("render_answer", "rendering"),
}
"""By module, the function in it that begins a stage, and the stage."""


class Clock:
    """Processor milliseconds by stage, all threads; the process's own beginning is the first."""

    def __init__(self) -> None:
        self.spent = {"interpreter": time.process_time() * 1000}
        self._stages = ["command line"]
        self._since = time.process_time()

    def begin(self, stage: str) -> None:
        """Charges what follows to ``stage``."""
        self._charge()
        self._stages.append(stage)

    def end(self) -> None:
        """Charges what follows to the stage before."""
        self._charge()
        self._stages.pop()

    def _charge(self) -> None:
        now = time.process_time()
        stage = self._stages[-1]
        self.spent[stage] = self.spent.get(stage, 0.0) + (now - self._since) * 1000
        self._since = now

    def timed(self, work: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """``work``, charged to ``stage``."""

        def timed(*arguments: Any, **named: Any) -> Any:
            self.begin(stage)
            try:
                return work(*arguments, **named)
            finally:
                self.end()

        return timed


def watch_imports(clock: Clock) -> None:
    """Charges imports to their packages from now on, and makes stages of the steps as their modules come."""
    machinery: Any = sys.modules["_frozen_importlib"]
    find_and_load = machinery._find_and_load

    def watched(name: str, import_: Any) -> Any:
        package = name.partition(".")[0]
        clock.begin(IMPORTS + ("standard library" if package in sys.stdlib_module_names else package))
        try:
            module = find_and_load(name, import_)
        finally:
            clock.end()
        if name in _STEPS and not hasattr(module, "__watched__"):
            module.__watched__ = True
            _make_stage(clock, module, *_STEPS[name])
        return module

    machinery._find_and_load = watched


def _make_stage(clock: Clock, module: object, path: str, stage: str) -> None:
    owner, _, name = path.rpartition(".")
    holder = getattr(module, owner) if owner else module
    work = getattr(holder, name)
    bound = hasattr(work, "__self__")  # a class method, which is already given its class
    timed = clock.timed(work, stage)
    setattr(holder, name, staticmethod(timed) if bound else timed)


def main() -> int:
    """Asks, and prints where the time went."""
    clock = Clock()
    watch_imports(clock)
    import runpy

    sys.argv[1:] = ["-q", "--project", sys.argv[1], "ask", sys.argv[2]]
    code: Any = 0
    try:
        runpy.run_module("assistant.cli.main", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    clock.end()
    import json

    print()
    print(json.dumps(clock.spent))
    return int(code or 0)


if __name__ == "__main__":
    sys.exit(main())
