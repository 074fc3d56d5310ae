"""The slash commands of the chat, as words; what they do is the command line's business."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

COMMANDS = {
    "sources": ("", "the passages that were searched for the last answer"),
    "study": ("[ID ...|all]", "narrow the conversation to some studies, or to all again"),
    "cmo": ("[ID]", "candidate configurations of a study, or of those that the last answer cites"),
    "save": ("FILE", "write the conversation as Markdown"),
    "help": ("", "this list"),
    "quit": ("", "leave; Ctrl-D does too"),
}
"""Name to arguments and meaning."""


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A line that began with a slash."""

    name: str
    """One of `COMMANDS`, or what was typed if it is none."""
    arguments: tuple[str, ...]
    """Words after it."""

    @property
    def known(self) -> bool:
        """Whether there is such a command."""
        return self.name in COMMANDS

    @property
    def nearest(self) -> str:
        """The command that was probably meant."""
        return difflib.get_close_matches(self.name, COMMANDS, n=1, cutoff=0.0)[0]


def parse(line: str) -> SlashCommand | None:
    """The command that ``line`` is, an unambiguous beginning sufficing; None if it is a question."""
    if not line.startswith("/") or line.startswith("//"):
        return None
    name, *arguments = line[1:].split() or [""]
    matches = [command for command in COMMANDS if command.startswith(name.lower())] if name else ["help"]
    return SlashCommand(matches[0] if len(matches) == 1 else name.lower(), tuple(arguments))


def help_lines() -> list[tuple[str, str]]:
    """Each command with its arguments, and its meaning."""
    return [(f"/{name} {arguments}".rstrip(), meaning) for name, (arguments, meaning) in COMMANDS.items()]
