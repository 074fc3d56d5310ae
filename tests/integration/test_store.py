"""The store with the real Chroma and SQLite."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.study import Bibliography, SectionType
from assistant.errors import StoreError, StoreLocked, StoreOutdated, UnknownStudy
from assistant.store.chroma import ChromaReader
from assistant.store.entries import Filter, Fingerprint
from assistant.store.store import Store
from assistant.text.chunking import embedding_text

from .store_makers import DIMENSION, FINGERPRINT, fill, make, vector_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "project" / ".realist"


def _searched(store: Store) -> None:
    """Has every further search go through Chroma."""
    store._vectors._compared_so_far = 1 << 40


def test_what_goes_in_comes_out(folder: Path) -> None:
    made = fill(folder, "one", "two")
    with Store.open(folder, FINGERPRINT) as store:
        assert [entry.id for entry in store.studies()] == ["one", "two"]
        for indexed in made:
            assert store.study(indexed.study.id) == indexed.study
            assert tuple(store.passages_of(indexed.study.id)) == indexed.passages
            ids = [passage.id for passage in indexed.passages]
            assert tuple(store.passages(ids)) == indexed.passages
            np.testing.assert_array_equal(store.vectors(ids), indexed.vectors)
        entry = store.studies()[0]
        assert (entry.passages, entry.notes, entry.sha256) == (len(made[0].passages), 0, made[0].study.sha256)
        assert entry.bibliography == made[0].study.bibliography and entry.added.utcoffset() is not None
        assert store.sources()["two.txt"].study == "two"
        assert store.fingerprint == FINGERPRINT
        assert store.verify().sound


@pytest.mark.parametrize("through_chroma", [False, True])
def test_a_passage_is_nearest_to_itself(folder: Path, through_chroma: bool) -> None:
    made = fill(folder, "one", "two", "three")
    with Store.open(folder) as store:
        if through_chroma:
            _searched(store)
        for passage in made[1].passages:
            best, *others = store.dense(vector_of(embedding_text(passage)), 5)
            assert best.passage_id == passage.id
            assert best.score == pytest.approx(1.0, abs=1e-5)
            assert len(others) == 4
            assert sorted(others, key=lambda hit: -hit.score) == others
        assert (store._vectors._reader is not None) == through_chroma


def test_chroma_and_comparison_agree(folder: Path) -> None:
    fill(folder, *(f"study-{number}" for number in range(20)))
    filters = [
        Filter(),
        Filter(sections=(SectionType.RESULTS,)),
        Filter(("study-3", "study-17")),
        Filter(("study-3",), (SectionType.DISCUSSION,)),
        Filter(sections=(SectionType.METHODS,)),
    ]
    with Store.open(folder) as compared, Store.open(folder) as searched:
        _searched(searched)
        searched._vectors._is_quicker_compared = lambda keys: False  # type: ignore[method-assign]
        for where in filters:
            for number in range(5):
                vector = vector_of(f"question {number}")
                ours, theirs = compared.dense(vector, 7, where), searched.dense(vector, 7, where)
                assert [hit.passage_id for hit in ours] == [hit.passage_id for hit in theirs]
                np.testing.assert_allclose([hit.score for hit in ours], [hit.score for hit in theirs], atol=1e-5)
        assert compared._vectors._reader is None and searched._vectors._reader is not None


def test_a_session_that_goes_on_opens_chroma(folder: Path) -> None:
    fill(folder, "one")
    with Store.open(folder) as store:
        store.dense(vector_of("a question"), 3)
        assert store._vectors._reader is None
        store._vectors._compared_so_far = 25_000 + 3 * 6
        store.dense(vector_of("a question"), 3)
        assert store._vectors._reader is not None


def test_the_public_client_sees_the_same_vectors(folder: Path) -> None:
    made = fill(folder, "one", "two")
    program = (
        "import chromadb, json, sys; client = chromadb.PersistentClient(sys.argv[1])\n"
        "(collection,) = client.list_collections()\n"
        "found = collection.get(include=['metadatas'])\n"
        "print(json.dumps([collection.metadata, found['ids'], found['metadatas']]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder / "chroma")], capture_output=True, text=True, check=True
    )
    metadata, ids, data = json.loads(done.stdout)
    assert metadata == {"reader": "1", "chunking": "1:20:60", "embedder": "made/8"}
    with Store.open(folder) as store:
        held = ChromaReader(folder / "chroma", store._vectors._collection).ids()
    assert set(ids) == {str(vector_id) for vector_id in held}
    assert sorted(entry["study"] for entry in data) == sorted(p.study for one in made for p in one.passages)


def test_words_find_by_text_heading_and_name(folder: Path) -> None:
    with Store.open(folder, FINGERPRINT, write=True) as store:
        store.replace_many(
            [
                make("harbour-clinic", ["Nurses trusted the new checklist.", "Patients waited less."]),
                make("hill-clinic", ["Porters moved beds.", "Managers counted beds twice."]),
            ]
        )
        assert store.lexical("Did the nurse trust checklists?", 5)[0].passage_id == "harbour-clinic:0"
        assert {hit.passage_id for hit in store.lexical("hill", 5)} == {"hill-clinic:0", "hill-clinic:1"}
        assert {hit.passage_id for hit in store.lexical("discussion", 5)} == {"harbour-clinic:1", "hill-clinic:1"}
        assert store.lexical("beds", 1)[0].score > 0
        assert store.lexical("beds", 5, Filter(("harbour-clinic",))) == []
        hits = store.lexical("beds", 5, Filter(("hill-clinic",), (SectionType.RESULTS,)))
        assert [hit.passage_id for hit in hits] == ["hill-clinic:0"]


@pytest.mark.parametrize("query", ["", "the of and", '" OR NEAR( * :', "½ 中文 o'neil's", "beds\x00\x1b[31m", "?" * 99])
def test_any_query_is_searched(folder: Path, query: str) -> None:
    fill(folder, "one")
    with Store.open(folder) as store:
        assert isinstance(store.lexical(query, 3), list)


def test_common_stems_are_passed_over_in_a_large_corpus(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(folder, FINGERPRINT, write=True) as store:
        store.replace_many([make(f"s{number}", [f"Teams met. Kind{number} of plan."] * 2) for number in range(4)])
        everything = store.lexical("teams kind2", 99)
        monkeypatch.setattr("assistant.store.lexical._LARGE", 1)
        assert (
            {hit.passage_id for hit in store.lexical("teams kind2", 99)}
            == {"s2:0", "s2:1"}
            < {hit.passage_id for hit in everything}
        )
        assert len(store.lexical("teams", 99)) == 8


def test_a_study_is_replaced_whole(folder: Path) -> None:
    fill(folder, "one", "two")
    edited = make("one", ["Only one paragraph is left.", "And another."], version=2)
    with Store.open(folder, FINGERPRINT, write=True) as store:
        store.replace(edited.study, edited.passages, edited.vectors)
        store.replace(edited.study, edited.passages, edited.vectors)
        for searched in (False, True):
            if searched:
                store.flush()
                _searched(store)
            hits = store.dense(vector_of("anything"), 100)
            assert sorted(hit.passage_id for hit in hits if hit.passage_id.startswith("one")) == ["one:0", "one:1"]
            assert len(hits) == 2 + 6
        assert store.sources()["one.txt"].sha256 == edited.study.source.sha256
        assert [hit.passage_id for hit in store.lexical("weekly", 99)] == [f"two:{n}" for n in range(6)]
        assert store.verify().sound


def test_what_is_removed_is_gone(folder: Path) -> None:
    fill(folder, "one", "two")
    with Store.open(folder, FINGERPRINT, write=True) as store:
        store.remove("one")
        with pytest.raises(UnknownStudy):
            store.remove("one")
    with Store.open(folder) as store:
        _searched(store)
        assert {hit.passage_id.split(":")[0] for hit in store.dense(vector_of("anything"), 100)} == {"two"}
        assert store.verify().passages == 6 and store.verify().sound
        assert store.passages(["one:0", "two:0"]) == [store.passage("two:0")]


def test_a_bibliography_is_edited_in_place(folder: Path) -> None:
    fill(folder, "one")
    edited = Bibliography(title="Gardening in lighthouses", authors=("Abara, T",), year=1999)
    with Store.open(folder, FINGERPRINT, write=True) as store:
        store.update_bibliography("one", edited)
        with pytest.raises(UnknownStudy):
            store.update_bibliography("absent", edited)
    with Store.open(folder) as store:
        assert store.study("one").bibliography == store.studies()[0].bibliography == edited
        assert store.entry("one") == store.studies()[0] and store.entry("absent") is None
        assert store.lexical("lighthouses", 1)[0].passage_id == "one:0"
        assert store.lexical("Okafor", 1) == []


def test_unknown_ids_suggest_known_ones(folder: Path) -> None:
    fill(folder, "marston-2022", "rycroft-2015")
    with Store.open(folder) as store:
        with pytest.raises(UnknownStudy, match=r"no study 'marston2022'. Did you mean marston-2022\?"):
            store.study("marston2022")
        with pytest.raises(UnknownStudy, match="Did you mean rycroft-2015"):
            store.dense(vector_of("x"), 3, Filter(("rycroft",)))
        with pytest.raises(UnknownStudy, match="realist studies"):
            store.lexical("x", 3, Filter(("zzz",)))
        for passage_id in ("marston-2022:99", "marston-2022:x", "absent:0"):
            with pytest.raises(UnknownStudy):
                store.passage(passage_id)
        with pytest.raises(UnknownStudy):
            store.vectors(["marston-2022:99"])


def test_an_empty_store_answers_with_nothing(folder: Path) -> None:
    with pytest.raises(StoreError, match="realist ingest"):
        Store.open(folder)
    with Store.open(folder, FINGERPRINT, write=True) as store:
        assert store.dense(vector_of("x"), 3) == store.lexical("x", 3) == []
        assert store.studies() == () and store.verify().sound
        assert store.vectors([]).shape == (0, 0)
        assert not (folder / "chroma").exists()


def test_a_study_without_passages_is_kept(folder: Path) -> None:
    indexed = make("one")
    with Store.open(folder, FINGERPRINT, write=True) as store:
        store.replace(indexed.study, (), np.empty((0, DIMENSION), dtype=np.float32))
    with Store.open(folder) as store:
        assert store.studies()[0].passages == 0
        assert store.dense(vector_of("x"), 3) == []
        assert store.verify().sound


def test_vectors_of_another_dimension_are_refused(folder: Path) -> None:
    fill(folder, "one")
    other = make("two")
    with Store.open(folder, FINGERPRINT, write=True) as store:
        with pytest.raises(ValueError, match="dimension 8, not 4"):
            store.replace(other.study, other.passages, other.vectors[:, :4])
        assert [entry.id for entry in store.studies()] == ["one"]


def test_a_failure_in_a_batch_stores_none_of_it(folder: Path) -> None:
    one, two = make("one"), make("two")

    def failing() -> object:
        yield one
        raise RuntimeError("reading stopped")

    with Store.open(folder, FINGERPRINT, write=True) as store:
        with pytest.raises(RuntimeError):
            store.replace_many(failing())  # type: ignore[arg-type]
        assert store.studies() == ()
        store.replace_many([two])
        assert store.verify().passages == len(two.passages)


def test_a_store_built_otherwise_is_refused(folder: Path) -> None:
    fill(folder, "one")
    other = Fingerprint("2", FINGERPRINT.chunking, "larger/16")
    for write in (False, True):
        with pytest.raises(StoreOutdated, match=r"another reader and embedder.*realist ingest --rebuild"):
            Store.open(folder, other, write=write)
    with Store.open(folder, other, write=True, rebuild=True) as store:
        assert store.studies() == () and store.fingerprint == other
        again = make("one")
        store.replace(again.study, again.passages, np.eye(len(again.passages), 16, dtype=np.float32))
    with Store.open(folder, other) as store:
        assert store.verify().sound


def test_a_store_of_another_schema_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder, "one")
    monkeypatch.setattr("assistant.store.database.SCHEMA_VERSION", 99)
    with pytest.raises(StoreOutdated, match="another version of the store"):
        Store.open(folder)


def test_writing_needs_a_writing_store(folder: Path) -> None:
    fill(folder, "one")
    with pytest.raises(ValueError, match="fingerprint"):
        Store.open(folder, write=True)
    with Store.open(folder) as store, pytest.raises(StoreError, match="read only"):
        store.remove("one")


def test_a_second_writer_is_told_who_writes(folder: Path) -> None:
    with Store.open(folder, FINGERPRINT, write=True) as store:
        store.replace_many([make("one")])
        program = (
            "import sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path\n"
            "from store_makers import FINGERPRINT\n"
            "from assistant.errors import StoreLocked; from assistant.store.store import Store\n"
            "try: Store.open(Path(sys.argv[1]), FINGERPRINT, write=True)\n"
            "except StoreLocked as error: print(error)\n"
            "print(len(Store.open(Path(sys.argv[1])).studies()))"
        )
        arguments = [sys.executable, "-c", program, str(folder), str(Path(__file__).parent)]
        done = subprocess.run(arguments, capture_output=True, text=True, check=True)
        assert f"Process {os.getpid()}, started 20" in done.stdout
        assert done.stdout.splitlines()[-1] == "1"
        (folder / "lock.json").write_text("no JSON")
        with pytest.raises(StoreLocked, match="Another process is writing"):
            Store.open(folder, FINGERPRINT, write=True)
    Store.open(folder, FINGERPRINT, write=True).close()


def test_a_reader_sees_what_another_process_stores(folder: Path) -> None:
    fill(folder, "one")
    with Store.open(folder) as reader:
        _searched(reader)
        reader.dense(vector_of("x"), 3)
        fill(folder, "two")
        made = make("two")
        hit = reader.dense(made.vectors[0], 1)[0]
        assert hit.passage_id == "two:0"


def test_a_writer_may_work_in_another_thread(folder: Path) -> None:
    with Store.open(folder, FINGERPRINT, write=True) as store:
        worker = threading.Thread(target=lambda: store.replace_many([make("one"), make("two")]))
        worker.start()
        worker.join()
        assert len(store.studies()) == 2


def test_listing_imports_neither_chroma_nor_numpy(folder: Path) -> None:
    fill(folder, "one")
    program = (
        "import sys; from pathlib import Path; from assistant.store.store import Store\n"
        "store = Store.open(Path(sys.argv[1])); store.studies(); store.study('one')\n"
        "heavy = {'numpy', 'chromadb', 'chromadb_rust_bindings', 'pydantic', 'filelock'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "import numpy as np; store.lexical('team', 3); store._vectors._compared_so_far = 1 << 40\n"
        "store.dense(np.ones(8, 'f4'), 3)\n"
        "print(sorted({'chromadb', 'chromadb_rust_bindings'} & set(sys.modules)))"
    )
    arguments = [sys.executable, "-c", program, str(folder)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['chromadb_rust_bindings']"]
