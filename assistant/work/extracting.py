"""From a study to its candidates: drafted, every quote located, repeats merged."""

from __future__ import annotations

from assistant.domain.cmo import CmoConfiguration
from assistant.domain.study import Study
from assistant.engines.protocol import Engine
from assistant.work.candidates import configure, merge


def extract_study(study: Study, engine: Engine) -> tuple[CmoConfiguration, ...]:
    """The candidates of one study in the order of its text; those with a quote not found are quarantined."""
    return merge([configure(study, draft, engine.record) for draft in engine.draft(study)])
