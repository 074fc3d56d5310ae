"""The command ``realist``: global flags, the commands, and how it ends.

Exit codes: 0 done (an abstention too), 1 failure, 2 usage, 3 an evaluation gate failed, 4 done but with items
set apart, 130 interrupted.
"""

from __future__ import annotations

import gc
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from assistant import __version__
from assistant.cli.session import Session
from assistant.errors import RealistError
from assistant.settings.environment import forbid_network_libraries, without_keys

_COLLECTED = (20_000, 20, 20)
"""Objects, and rounds, after which cycles are looked for."""
_MODULES = {
    "init": "init",
    "ingest": "ingest",
    "studies": "studies",
    "ask": "ask",
    "chat": "chat",
    "extract": "extract",
    "eval": "evaluate",
    "gold": "gold",
    "agreement": "agreement",
    "demo": "demo",
    "doctor": "doctor",
    "config": "config",
    "logs": "logs",
}
"""Where each command is, in the order of the help."""


class _Commands(TyperGroup):
    """The commands; each is imported, and its flags worked out, when it is called for or listed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names."""
        return list(_MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; None for a name that is none, after all were loaded, so that near ones can be suggested."""
        for name in (cmd_name,) if cmd_name in _MODULES else _MODULES:
            if name not in self.commands:
                self.add_command(_loaded(name), name)
        return super().get_command(ctx, cmd_name)


def _loaded(name: str) -> Any:
    module = import_module(f"assistant.cli.commands.{_MODULES[name]}")
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name=name, short_help=module.SUMMARY, epilog=module.EXAMPLES)(module.command)
    return get_command(alone)


app = typer.Typer(
    name="realist",
    cls=_Commands,
    help="Reads studies, answers with checked citations, and drafts context-mechanism-outcome configurations.",
    epilog="Start with `realist demo`, or `realist init` and `realist ingest FOLDER` in a folder of your own.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"realist {__version__}")
        raise typer.Exit


@app.callback()
def _global(
    context: typer.Context,
    project: Annotated[
        Path | None, typer.Option("--project", metavar="DIR", help="The project's folder; else found by walking up.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Make any network connection an error.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Say more; tracebacks with errors.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="No progress, no messages.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    forbid_network_libraries()
    session = context.obj = Session(project, verbosity=1 if verbose else -1 if quiet else 0)
    if offline:
        from assistant.cli.offline import forbid_network

        forbid_network(lambda: session.local_port)


def main() -> None:
    """Runs the command and ends the process with its exit code.

    A question makes hundreds of thousands of objects, most of them modules, and hardly a cycle. Looking for cycles as
    often as Python does, and through all of them at the end, costs it a tenth of its processor time.
    """
    gc.set_threshold(*_COLLECTED)
    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Runs the command with ``arguments`` and returns its exit code; errors become one line on stderr."""
    verbose = bool({"-v", "--verbose"} & set(arguments))
    try:
        result = app(arguments, prog_name="realist", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except RealistError as error:
        return _fail(error, error.exit_code, verbose)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("realist: interrupted\n")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:  # the last line of defence: one line, no traceback unless asked for
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            return _usage(error)
        return _fail(error, 1, verbose, prefix="unexpected error, please report it: ")


def _fail(error: BaseException, code: int, verbose: bool, prefix: str = "") -> int:
    from assistant.presentation.safety import one_line, safe

    if verbose:
        sys.stderr.write(safe(without_keys("".join(traceback.format_exception(error)))))
    text = str(error) or type(error).__name__
    sys.stderr.write(f"realist: {prefix}{one_line(without_keys(text))}\n")
    return code


def _usage(error: Exception) -> int:
    """A command line that can't be parsed: what is wrong, and where the help is."""
    from assistant.presentation.safety import one_line

    context = getattr(error, "ctx", None)
    command = context.command_path if context else "realist"
    message = error.format_message()  # type: ignore[attr-defined]
    sys.stderr.write(f"realist: {one_line(message)} Try `{command} --help`.\n")
    return int(error.exit_code)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
