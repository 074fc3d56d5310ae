import numpy as np
import pytest

from assistant.domain.passages import Passage
from assistant.domain.spans import Span
from assistant.domain.study import Bibliography, SectionType, SourceFile, Study
from assistant.store.entries import Fingerprint, IndexedStudy, Verification

STUDY = Study("one", "Some words.", (), (), Bibliography(), SourceFile("one.txt", "ab" * 32, "text"))
PASSAGE = Passage("one", 0, Span(0, 11), "Some words.", (Span(0, 11),), SectionType.RESULTS, ())


def test_fingerprints_name_what_differs() -> None:
    made = Fingerprint("1", "1:128", "minilm")
    assert made.differences(made) == ()
    assert made.differences(Fingerprint("2", "1:128", "other")) == ("reader", "embedder")


def test_each_passage_has_its_vector() -> None:
    IndexedStudy(STUDY, (PASSAGE,), np.zeros((1, 4), dtype=np.float32))
    for shape in ((2, 4), (4,), (0, 4)):
        with pytest.raises(ValueError, match="1 passages, vectors of shape"):
            IndexedStudy(STUDY, (PASSAGE,), np.zeros(shape, dtype=np.float32))


def test_passages_are_numbered_from_naught() -> None:
    with pytest.raises(ValueError, match="not numbered 0 to 1"):
        IndexedStudy(STUDY, (PASSAGE, PASSAGE), np.zeros((2, 4), dtype=np.float32))


def test_a_verification_is_sound_when_nothing_is_amiss() -> None:
    assert Verification(1, 2, 2, True, (), 0, ()).sound
    for amiss in (("one:0",), 0, ()), ((), 1, ()), ((), 0, ("one",)):
        assert not Verification(1, 2, 0, True, *amiss).sound
