"""An answer on the terminal: statements grouped by study, and below them the quotes that they rest on."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from assistant.domain.answers import Answer, Citation
from assistant.domain.spans import QuoteStatus
from assistant.presentation.safety import markdown, one_line, safe

_STATUS = {
    QuoteStatus.EXACT: ("checked", "green"),
    QuoteStatus.NORMALISED: ("checked, spelling evened out", "green"),
    QuoteStatus.NOT_FOUND: ("NOT FOUND in the study", "bold red"),
}


def render_answer(answer: Answer, labels: Mapping[str, str], console: Console, *, quotes: bool = True) -> None:
    """Prints an answer.

    Args:
        answer: What to print.
        labels: Study id to author and year.
        console: Where to.
        quotes: Whether the citations' quotes follow.
    """
    _render_text(answer.text, console)
    _render_problem(answer, console)
    if quotes:
        _render_citations(answer, labels, console)


class AnswerStream:
    """An answer printed while it is being made: first the statements as they are checked, then what is left.

    Args:
        console: Where to.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = ""

    def show(self, piece: str) -> None:
        """Prints the next piece of the text."""
        self._shown += piece
        self._console.print(Text(safe(piece)), end="", soft_wrap=True)
        self._console.file.flush()

    def finish(self, answer: Answer, labels: Mapping[str, str]) -> None:
        """Prints what of ``answer`` was not shown yet; all of it, should it begin otherwise than was shown."""
        left = answer.text.removeprefix(self._shown)
        if self._shown:
            self._console.print()
        if left.startswith("\n"):
            self._console.print()
        if left:
            _render_text(left.strip(), self._console)
        _render_problem(answer, self._console)
        _render_citations(answer, labels, self._console)


def _render_text(text: str, console: Console) -> None:
    for line in text.split("\n"):
        console.print(Text(safe(line)))


def _render_problem(answer: Answer, console: Console) -> None:
    if answer.problem:
        console.print(Text(f"\nThe answer may be incomplete: {one_line(answer.problem)}.", style="yellow"))


def _render_citations(answer: Answer, labels: Mapping[str, str], console: Console) -> None:
    if not answer.citations:
        return
    console.print()
    for citation in answer.citations:
        render_citation(citation, labels, console)


def render_citation(citation: Citation, labels: Mapping[str, str], console: Console) -> None:
    """One numbered quote with its place and how it was checked."""
    verdict, style = _STATUS[citation.quote.status]
    head = Text(f"[{citation.marker}] ", style="bold")
    head.append(place(citation, labels), style="default")
    head.append(f"  {verdict}", style=style)
    console.print(head)
    console.print(Padding(Text(f"“{safe(citation.quote.text)}”", style="dim"), (0, 0, 0, 4)))


def place(citation: Citation, labels: Mapping[str, str]) -> str:
    """Where a quote stands: study, section, page, offsets."""
    label = labels.get(citation.study) or citation.study
    named = label if label == citation.study else f"{label} ({citation.study})"
    page = f", p. {citation.page}" if citation.page is not None else ""
    span = citation.quote.span
    offsets = f", {span.start}:{span.end}" if span else ""
    return one_line(f"{named}, {citation.section}{page}{offsets}")


def answer_markdown(answer: Answer, labels: Mapping[str, str]) -> str:
    """An answer as Markdown, for a saved conversation."""
    lines = [f"## {markdown(one_line(answer.question.text))}", "", markdown(answer.text), ""]
    for citation in answer.citations:
        verdict = _STATUS[citation.quote.status][0]
        lines.append(f"- \\[{citation.marker}\\] {markdown(place(citation, labels))} ({verdict}):")
        lines.append(f"  > {markdown(one_line(citation.quote.text))}")
    return "\n".join(lines).rstrip() + "\n"
