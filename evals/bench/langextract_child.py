"""langextract with its defaults over windows of a study; run by `evals.bench.tokens` where langextract is installed.

Reads its task as JSON from stdin: where to send, the description, examples, and windows.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main() -> None:
    """Extracts from each window; what comes of it is counted at the endpoint."""
    import langextract as lx

    task: dict[str, Any] = json.load(sys.stdin)
    examples = [
        lx.data.ExampleData(text=text, extractions=[lx.data.Extraction(kind, words) for kind, words in extractions])
        for text, extractions in task["examples"]
    ]
    endpoint = {"api_key": "none", "base_url": task["url"]}
    lx.extract(
        [lx.data.Document(text=window) for window in task["windows"]],
        prompt_description=task["description"],
        examples=examples,
        config=lx.factory.ModelConfig(model_id="tester", provider="openai", provider_kwargs=endpoint),
        show_progress=False,
    )


if __name__ == "__main__":
    main()
