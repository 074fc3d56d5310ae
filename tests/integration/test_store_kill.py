"""A store whose writer is killed at any moment opens, shows whole studies only, and is completed by a rerun."""

import random
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from assistant.store.entries import IndexedStudy
from assistant.store.store import Store

from .store_makers import FINGERPRINT, make, vector_of

IDS = [f"study-{number}" for number in range(40)]
PARAGRAPHS = 60
WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tests.integration.test_store_kill import ingest
print("begun", flush=True)
ingest(Path(sys.argv[1]), int(sys.argv[3]))
"""


@cache
def prepared(study_id: str, version: int) -> IndexedStudy:
    texts = [f"In year {version}, {study_id} reported part {number} of its plan." for number in range(PARAGRAPHS)]
    return make(study_id, texts, version=version)


def ingest(folder: Path, version: int) -> None:
    """What an ingest does: skip what is there, store the rest in batches."""
    with Store.open(folder, FINGERPRINT, write=True) as store:
        known = store.sources()
        batch = []
        for study_id in IDS:
            indexed = prepared(study_id, version)
            source = indexed.study.source
            if source.name not in known or known[source.name].sha256 != source.sha256:
                batch.append(indexed)
            if len(batch) == 4:
                store.replace_many(batch)
                batch = []
        store.replace_many(batch)


def _start(folder: Path, version: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WRITER, str(folder), str(Path(__file__).parents[2]), str(version)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    return process


def _check_consistent(folder: Path, version: int) -> int:
    """Every study that is there is whole, and its passages are found by their vectors, both ways.

    Returns:
        How many studies of ``version`` there are.
    """
    if not (folder / "catalogue.sqlite3").exists():
        return 0
    with Store.open(folder) as store:
        entries = store.studies()
        for entry in entries:
            passages = store.passages_of(entry.id)
            assert len(passages) == entry.passages == PARAGRAPHS
            assert store.vectors([passage.id for passage in passages]).shape == (PARAGRAPHS, 8)
        assert not store.verify().damaged
        for searched in (0, 1 << 40):
            store._vectors._compared_so_far = searched
            for entry in entries[::7]:
                passage = store.passage(f"{entry.id}:{PARAGRAPHS // 2}")
                (vector,) = store.vectors([passage.id])
                assert store.dense(vector, 1)[0].passage_id == passage.id
        sources = {prepared(study_id, version).study.source.sha256 for study_id in IDS}
        return sum(entry.source.sha256 in sources for entry in entries)


@pytest.mark.timeout(280)
def test_a_killed_writer_leaves_a_store_that_opens_and_completes(tmp_path: Path) -> None:
    folder = tmp_path / ".realist"
    rng = random.Random(20)
    written = []
    for version in range(1, 13):
        with _start(folder, version) as process:
            time.sleep(rng.uniform(0.0, 1.5))
            process.send_signal(signal.SIGKILL)
        written.append(_check_consistent(folder, version))
    assert any(0 < count < len(IDS) for count in written), f"never caught between two studies: {written}"
    ingest(folder, 2)
    with Store.open(folder) as store:
        assert store.verify().sound and store.verify().pending == 0
        assert [entry.id for entry in store.studies()] == sorted(IDS)
    undisturbed = tmp_path / "undisturbed"
    ingest(undisturbed, 2)
    with Store.open(folder) as killed, Store.open(undisturbed) as whole:
        assert killed.sources() == whole.sources()
        for searched in (0, 1 << 40):
            killed._vectors._compared_so_far = whole._vectors._compared_so_far = searched
            for number in range(10):
                vector = vector_of(f"question {number}")
                ours, theirs = killed.dense(vector, 8), whole.dense(vector, 8)
                assert [hit.passage_id for hit in ours] == [hit.passage_id for hit in theirs]
                np.testing.assert_allclose([hit.score for hit in ours], [hit.score for hit in theirs], atol=1e-6)
        assert killed.lexical("part 7", 9) == whole.lexical("part 7", 9)
