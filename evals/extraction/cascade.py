"""``python -m evals.extraction.cascade``: what the cascade keeps, and what it saves.

For each threshold of the tagger's detection: the share of coded passages that lie whole inside what is sent, which
is the most that any model could find, and the tokens sent beside those of sending all that may be coded. No model is
asked. Nothing is trained or tuned here but the threshold that ships, which was chosen on these articles.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.domain.spans import Span
from assistant.engines.model.cascade import BESIDE, Cascade, Detector
from assistant.engines.model.drafting import Look, draft_request, study_windows
from assistant.engines.model.prompting import Prompts
from assistant.engines.model.tokens import reckoned_tokens
from assistant.engines.model.windows import Window, WindowSize, whole_sections
from assistant.shipped import shipped
from assistant.tagging.tags import SentenceInPlace
from evals.extraction import metrics
from evals.extraction.evaluate import CodedStudy, read_gold
from evals.extraction.train.documents import TRAINING
from evals.extraction.train.settings import DEVELOPMENT

THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


class Remembered:
    """A detector that reads each study once, for all thresholds."""

    def __init__(self, detector: Detector) -> None:
        self.name = detector.name
        self._detections = cache(detector.detections)

    def detections(self, sentences: Sequence[SentenceInPlace]) -> Sequence[float]:
        """As the detector says."""
        return self._detections(tuple(sentences))


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent of one study."""

    kept: float
    """Share of its coded passages that lie whole inside it; NaN where none is coded."""
    tokens: int
    """Of all requests, prompts and schemas included; reckoned."""
    requests: int


def sent(coded: CodedStudy, look: Look, size: WindowSize, prompts: Prompts) -> Sent:
    """What is sent of a study, repairs aside."""
    windows = study_windows(coded.study, look, size)
    passages = [one.passage for gold in coded.golds for one in gold]
    return Sent(
        kept=metrics.mean([float(_holds(windows, passage)) for passage in passages]),
        tokens=sum(reckoned_tokens(draft_request(coded.study, window, prompts)) for window in windows),
        requests=len(windows),
    )


def _holds(windows: Sequence[Window], passage: Span) -> bool:
    """Whether one of the windows sends ``passage`` whole."""
    return any(span.covers(passage) for window in windows for span in window.spans)


def compare(coded: Sequence[CodedStudy], detector: Detector, beside: int, size: WindowSize) -> dict[str, list[Sent]]:
    """What each way sends of each study: all that may be coded, then the cascade at each threshold."""
    prompts = Prompts.load([shipped("prompts")])
    rows = {"everything": [sent(one, whole_sections, size, prompts) for one in coded]}
    once = Remembered(detector)
    for threshold in THRESHOLDS:
        look = Cascade(once, threshold, beside).look
        rows[f"cascade {threshold:.2f}"] = [sent(one, look, size, prompts) for one in coded]
    return rows


def table(rows: Mapping[str, Sequence[Sent]], words: int) -> Iterator[str]:
    """Markdown: a row a way; shares are means over studies, tokens are sums.

    Args:
        rows: A `Sent` a study.
        words: Of all studies together, what may not be coded included.
    """
    whole = sum(one.tokens for one in rows["everything"])
    yield "| sent | passages kept | least in a study | requests | tokens for 10,000 words | of all tokens |"
    yield "|---|---|---|---|---|---|"
    for name, studies in rows.items():
        kept = [one.kept for one in studies]
        tokens = sum(one.tokens for one in studies)
        yield (
            f"| {name} | {metrics.mean(kept):.3f} | {min(kept):.3f} | {sum(one.requests for one in studies)} "
            f"| {tokens * 10_000 / words:,.0f} | {tokens / whole:.2f} |"
        )


def main(arguments: Sequence[str]) -> int:
    """Prints the table, a row a way of sending."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.extraction.cascade",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--studies", type=Path, nargs="+", required=True, help="folders that hold the articles")
    parser.add_argument("--gold", type=Path, default=TRAINING / "coded", help="folder of codings")
    parser.add_argument("--only", nargs="*", default=sorted(DEVELOPMENT), help="ids of studies; development ones")
    parser.add_argument("--beside", type=int, nargs="*", default=[0, BESIDE], help="neighbours sent, on either side")
    parser.add_argument("--window", type=int, default=WindowSize().most, help="code points of a window")
    chosen = parser.parse_args(arguments)
    coded = [one for one in read_gold(chosen.gold, chosen.studies) if one.study.id in chosen.only]
    if not coded:
        print(f"no coding of {', '.join(chosen.only)} in {chosen.gold}", file=sys.stderr)
        return 1
    from assistant.engines.extractive.tagging import PackagedTagger
    from assistant.settings.environment import cache_folder

    detector = Remembered(PackagedTagger(cache=cache_folder()))
    passages = sum(len(gold) for one in coded for gold in one.golds)
    words = sum(len(one.study.text.split()) for one in coded)
    print(
        f"{len(coded)} studies, {words:,} words, {passages} coded passages, {detector.name}, "
        f"windows of {chosen.window:,} code points"
    )
    for beside in chosen.beside:
        print(f"\nneighbours on either side: {beside}\n")
        rows = compare(coded, detector, beside, WindowSize(chosen.window))
        print("\n".join(table(rows, words)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
