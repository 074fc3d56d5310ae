"""``realist doctor``: what is wrong, and how to mend it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from assistant import __version__
from assistant.cli.findings import Finding, tried
from assistant.cli.session import Session
from assistant.errors import ProjectNotFound, RealistError
from assistant.settings.environment import cache_folder

SUMMARY = "What is wrong, and how to mend it."
EXAMPLES = """\b
Examples:
  realist doctor
  realist doctor --json

Exit code 1: something needs mending.
"""
_ENOUGH_DISK = 500 * 2**20


def command(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> int:
    """Check the installation and, inside a project, its settings and store."""
    from assistant.presentation.console import print_json
    from assistant.presentation.safety import one_line

    session: Session = context.obj
    findings = list(_examine(session))
    if as_json:
        fields = ("check", "well", "detail", "remedy")
        print_json({"findings": [{name: getattr(finding, name) for name in fields} for finding in findings]})
    else:
        for finding in findings:
            mark, style = ("ok  ", "green") if finding.well else ("MEND", "bold red")
            session.out.print(mark, style=style, end=" ")
            session.out.print(one_line(f"{finding.check}: {finding.detail}"), soft_wrap=True)
            if not finding.well and finding.remedy:
                session.out.print(f"     {one_line(finding.remedy)}", soft_wrap=True)
    return 0 if all(finding.well for finding in findings) else 1


def _examine(session: Session) -> Iterator[Finding]:
    yield Finding("version", True, f"realist {__version__} on Python {sys.version.split()[0]}")
    yield tried("cache", lambda: _cache())
    yield tried("encoder", lambda: _encoder(session))
    yield tried("trained weights", _trained)
    try:
        project = session.project
    except ProjectNotFound as error:
        yield Finding("project", True, f"{error.message}; {error.remedy}")
        return
    yield Finding("project", True, str(project.root))
    settings = tried("settings", lambda: _settings(session))
    yield settings
    if settings.well:
        from assistant.cli.model_check import examine_model

        yield from examine_model(session.effective.settings)
    yield _disk(session)
    yield tried("store", lambda: _store(session))


def _cache() -> str:
    folder = cache_folder()
    state = "in use" if folder.exists() else "made when it is first needed"
    return f"{folder} ({state})"


def _encoder(session: Session) -> str:
    """Embeds two sentences and looks whether the nearer meaning is nearer."""
    embedder = session.embedder
    vectors = embedder.embed(
        ["Staff trusted one another.", "Colleagues had confidence in each other.", "The sky is blue."]
    )
    near, far = float(vectors[0] @ vectors[1]), float(vectors[0] @ vectors[2])
    if not near > far + 0.1:
        raise RealistError(
            f"the encoder gives meaningless vectors ({near:.2f} against {far:.2f})", remedy="Empty the cache folder."
        )
    size = f"{embedder.dimension} dimensions, up to {embedder.max_tokens} tokens"
    return f"{embedder.fingerprint}, {size}; passages are embedded in {session.indexer.precision}"


def _trained() -> str:
    """Names the trained parts that ship, whose weights are read and compared with their cards."""
    from assistant.embedding.minilm import question_encoder_in
    from assistant.engines.extractive.reranking import reranker_in
    from assistant.tagging.trained.card import tagger_in

    parts = (tagger_in(), reranker_in(), question_encoder_in())
    for part in parts:
        part.tensors()
    return ", ".join(str(part.card()["name"]) for part in parts)


def _settings(session: Session) -> str:
    changed = sorted(key for key, origin in session.effective.origins.items() if origin != "default")
    return f"changed: {', '.join(changed)}" if changed else "all at their defaults"


def _disk(session: Session) -> Finding:
    free = shutil.disk_usage(session.project.root).free
    detail = f"{free / 2**30:.1f} GiB free"
    return Finding(
        "disk", free > _ENOUGH_DISK, detail, "Free some space; an index takes about 8 MB per 1,000 passages."
    )


def _store(session: Session) -> str:
    if not session.entries():
        return "no studies yet; `realist ingest PATH...` reads some"
    with session.store() as store:
        found, precisions = store.verify(), store.precisions
    if not found.sound:
        amiss = {
            "damaged studies": ", ".join(found.damaged),
            "passages that the index lacks": len(found.missing),
            "vectors of no passage": found.orphans,
        }
        raise RealistError(
            "; ".join(f"{what}: {value}" for what, value in amiss.items() if value),
            remedy="Run `realist ingest --rebuild PATH...`.",
        )
    if not found.examined:
        return f"{found.studies} studies, {found.passages} passages; the disk is read-only: nothing can be added"
    mixed = f"; vectors in {' and '.join(precisions)}, which can be compared" if set(precisions) - {"fp32"} else ""
    pending = f"; {found.pending} wait for the index and are searched all the same" if found.pending else ""
    return f"{found.studies} studies, {found.passages} passages, all as they were stored{pending}{mixed}"
