from pathlib import Path

import yaml

from assistant.shipped import shipped
from evals.corpus import MANIFEST, body_of, manifest_of, shared_runs, study_texts


def test_the_manifest_tells_the_truth() -> None:
    corpus = shipped("corpus")
    assert yaml.safe_load((corpus / MANIFEST).read_text("utf-8")) == manifest_of(corpus)


def test_digests_have_the_length_and_sections_of_a_digest() -> None:
    for file in shipped("corpus").glob("*.md"):
        body = body_of(file.read_text("utf-8"))
        assert 1_500 <= len(body.split()) <= 2_600, file.name
        for heading in ("Abstract", "Background", "Methods", "Results", "Discussion", "Conclusion"):
            assert f"\n## {heading}\n" in body, (file.name, heading)


def test_no_digest_copies_its_study(studies_folder: Path) -> None:
    digests = {file.name: body_of(file.read_text("utf-8")) for file in shipped("corpus").glob("*.md")}
    assert shared_runs(digests, study_texts(studies_folder)) == {name: [] for name in digests}


def test_shared_runs_are_found_whole() -> None:
    source = "one two three four five six seven eight nine ten eleven"
    texts = {
        "a": "zero one two three four five six seven eight nine end",
        "b": "one two three four five six seven stop",
    }
    assert shared_runs(texts, [source]) == {"a": ["one two three four five six seven eight nine"], "b": []}
    assert shared_runs({"a": "x y z x y"}, ["y z", "x y"], run=2) == {"a": ["x y z", "x y"]}
    assert shared_runs({"a": "a fourfive"}, ["four-\n five"], run=1) == {"a": ["fourfive"]}
