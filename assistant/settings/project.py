"""A project: a folder with ``realist.toml`` and ``.realist/``, found by walking up, as git does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ProjectNotFound, StoreNotWritable

SETTINGS_FILE = "realist.toml"
DATA_FOLDER = ".realist"


@dataclass(frozen=True, slots=True)
class Project:
    """Where a project's files lie."""

    root: Path
    """The folder that holds ``realist.toml``; absolute."""

    @property
    def settings_file(self) -> Path:
        """The project's settings."""
        return self.root / SETTINGS_FILE

    @property
    def data(self) -> Path:
        """The tool's own folder: the store, which can be rebuilt from the studies, and the records."""
        return self.root / DATA_FOLDER

    @property
    def runs(self) -> Path:
        """Journals of runs, one folder a run."""
        return self.data / "runs"

    @property
    def prompts(self) -> Path:
        """Prompts that take the place of those that ship; need not be there."""
        return self.root / "prompts"

    @property
    def chat_history(self) -> Path:
        """Lines typed in the chat."""
        return self.data / "chat_history"


def project_at(folder: Path) -> Project:
    """The project whose folder is named.

    Raises:
        ProjectNotFound: If ``folder`` holds no ``realist.toml``.
    """
    folder = folder.absolute()
    if not (folder / SETTINGS_FILE).is_file():
        remedy = f"Run `realist init {folder}`, or name another folder."
        raise ProjectNotFound(f"{folder} is no project: it holds no {SETTINGS_FILE}", remedy=remedy, path=folder)
    return Project(folder)


def find_project(start: Path) -> Project:
    """The project that ``start`` lies in.

    Raises:
        ProjectNotFound: If neither ``start`` nor a folder above it holds ``realist.toml``.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return Project(folder)
    raise ProjectNotFound(
        f"no {SETTINGS_FILE} in {start} or above it", remedy="Run `realist init` in your project's folder.", path=start
    )


def init_project(folder: Path) -> tuple[Project, bool]:
    """Makes ``folder`` a project; an existing one is left as it is.

    Returns:
        The project, and whether it was made now.

    Raises:
        StoreNotWritable: If the folder does not take the files.
    """
    project = Project(folder.absolute())
    made = not project.settings_file.exists()
    try:
        project.data.mkdir(parents=True, exist_ok=True)
        ignore = project.data / ".gitignore"
        if not ignore.exists():
            ignore.write_text("# Derived from the studies, or private to this machine.\n*\n", "utf-8")
        if made:
            project.settings_file.write_text(settings_template(), "utf-8")
    except OSError as error:
        raise StoreNotWritable(
            f"{project.root} can't be made a project: {error.strerror or error}",
            remedy="Choose a folder that you may write to.",
            path=project.root,
        ) from error
    return project, made


def settings_template() -> str:
    """``realist.toml`` with every setting at its default, commented out, and its meaning."""
    from assistant.settings import schema

    lines = [
        "# Settings of this realist project. Remove the '#' before a line to change it.",
        "# A flag overrides REALIST_<SECTION>_<KEY> in the environment, which overrides this file.",
    ]
    defaults = schema.Settings().model_dump()
    section = ""
    for key, meaning in schema.meanings().items():
        owner, _, name = key.partition(".")
        if owner != section:
            lines.extend(["", f"[{owner}]"])
            section = owner
        value = defaults[owner][name]
        shown = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else value
        lines.extend([f"# {meaning}", f"# {name} = {shown}"])
    return "\n".join(lines) + "\n"
