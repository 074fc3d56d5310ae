"""Reading lines, answering them, and the slash commands of the chat."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from rich.table import Table

from assistant.chat.commands import SlashCommand, help_lines, parse
from assistant.chat.conversation import Conversation
from assistant.chat.followups import standalone
from assistant.engines.protocol import Condenser
from assistant.engines.waiting import result_of
from assistant.errors import RealistError
from assistant.presentation.answers import AnswerStream, answer_markdown
from assistant.presentation.candidates import render_candidate, strongest
from assistant.presentation.safety import one_line, safe

if TYPE_CHECKING:
    from assistant.cli.session import Session
    from assistant.domain.answers import Answer, Question
    from assistant.work.answering import Asker

_SHOWN_CANDIDATES = 5


class ChatLoop:
    """One conversation on one terminal."""

    def __init__(self, session: Session, asker: Asker) -> None:
        self._session = session
        self._asker = asker
        self._out = session.out
        self._conversation = Conversation(self._ask, asker.studies, fill=self._standalone)

    def run(self) -> None:
        """Reads and answers until the end of input or ``/quit``."""
        if sys.stdin.isatty():
            count = len(self._asker.labels)
            self._session.messages.print(f"{count} studies. Ask a question, or /help. Ctrl-D leaves.", style="dim")
            Thread(target=self._warm, daemon=True).start()
        for line in self._lines():
            if not line.strip():
                continue
            slash = parse(line.strip())
            try:
                if slash is None:
                    self._conversation.say(line.strip())
                elif slash.name == "quit":
                    return
                else:
                    self._obey(slash)
            except RealistError as error:
                self._session.messages.print(safe(str(error)), style="red")
            except KeyboardInterrupt:
                self._session.messages.print("Stopped.", style="dim")
            self._out.print()

    def _warm(self) -> None:
        """Loads the encoder while the first question is typed; what goes wrong is said when it is asked."""
        with suppress(RealistError):
            self._asker.warm()

    def _ask(self, question: Question) -> Answer:
        """The answer, printed as it comes."""
        if question.standalone:
            self._session.messages.print(f"Asked as: {safe(question.standalone)}", style="dim")
        stream = AnswerStream(self._out)
        answer = self._asker.answer(question, stream.show)
        stream.finish(answer, self._asker.labels)
        return answer

    def _standalone(self, question: str, turns: Sequence[Answer]) -> str:
        """What a follow-up asks: in the engine's words if it has any, else by rules."""
        engine = self._asker.engine
        if turns and isinstance(engine, Condenser):
            said = [(turn.question.search_text, turn.text) for turn in turns]
            if filled := result_of(engine.condensed(question, said)):
                return filled
        return standalone(question, turns)

    def _lines(self) -> Iterator[str]:
        """Lines typed or piped; Ctrl-C drops the line at hand, Ctrl-D ends."""
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            for line in sys.stdin:
                yield line.rstrip("\n")
            return
        prompt = self._prompt()
        while True:
            try:
                yield prompt()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return

    def _prompt(self) -> Callable[[], str]:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.history import FileHistory, InMemoryHistory

        file = self._session.project.chat_history
        try:
            file.touch()
            history: FileHistory | InMemoryHistory = FileHistory(str(file))
        except OSError:
            history = InMemoryHistory()
        reader: PromptSession[str] = PromptSession(history=history)
        return lambda: reader.prompt(f"{self._focus()}> ")

    def _focus(self) -> str:
        studies = self._conversation.studies
        return "" if not studies else studies[0] if len(studies) == 1 else f"{len(studies)} studies"

    def _obey(self, slash: SlashCommand) -> None:
        if not slash.known:
            self._session.messages.print(f"No command /{slash.name}. Did you mean /{slash.nearest}?")
            return
        {
            "sources": self._sources,
            "study": self._study,
            "cmo": self._cmo,
            "save": self._save,
            "help": self._help,
        }[slash.name](*slash.arguments)

    def _help(self, *_: str) -> None:
        table = Table(box=None, pad_edge=False, show_header=False)
        for usage, meaning in help_lines():
            table.add_row(usage, meaning)
        self._out.print(table)

    def _sources(self, *_: str) -> None:
        last = self._conversation.last
        if last is None or not last.passages:
            self._session.messages.print("Nothing was searched yet.")
            return
        for number, retrieved in enumerate(last.passages, 1):
            passage = retrieved.passage
            where = f"{passage.study}, {passage.path[-1] if passage.path else passage.section.value}"
            page = f", p. {passage.page}" if passage.page is not None else ""
            span = passage.span
            head = f"{number}. {where}{page}, {span.start}:{span.end}  similarity {retrieved.similarity:.2f}"
            self._out.print(one_line(head), style="bold")
            self._out.print(safe(passage.text), style="dim")

    def _study(self, *wanted: str) -> None:
        if not wanted:
            for study, label in self._asker.labels.items():
                chosen = "*" if study in self._conversation.studies else " "
                self._out.print(f"{chosen} {study}  {safe(label) if label != study else ''}".rstrip())
            return
        self._conversation.studies = () if wanted == ("all",) else self._asker.checked(wanted)
        self._session.messages.print(f"Searching {', '.join(self._conversation.studies) or 'all studies'}.")

    def _cmo(self, *wanted: str) -> None:
        last = self._conversation.last
        cited = tuple(dict.fromkeys(citation.study for citation in last.citations)) if last else ()
        studies = self._asker.checked(wanted) or self._conversation.studies or cited
        if not studies:
            self._session.messages.print("Name a study: /cmo ID. /study lists them.")
        for study in studies:
            candidates = self._asker.candidates(study)
            self._out.print(f"{study}: {len(candidates)} candidates\n", style="bold underline")
            for number, candidate in enumerate(strongest(candidates, _SHOWN_CANDIDATES), 1):
                render_candidate(candidate, self._out, number=number)

    def _save(self, *words: str) -> None:
        from assistant.files import write_whole

        if not words or not self._conversation.turns:
            self._session.messages.print(
                "Ask something first, then /save FILE." if words else "Name a file: /save FILE."
            )
            return
        file = Path(" ".join(words)).expanduser()
        if file.exists():
            self._session.messages.print(f"{file} is there already; name another.")
            return
        text = "\n".join(answer_markdown(turn, self._asker.labels) for turn in self._conversation.turns)
        try:
            write_whole(file, f"# A conversation with realist\n\n{text}")
        except OSError as error:
            self._session.messages.print(f"{file} can't be written: {error.strerror or error}.", style="red")
            return
        self._session.messages.print(f"Wrote {len(self._conversation.turns)} answers to {file}.")
