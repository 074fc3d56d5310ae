from pathlib import Path

import pytest

from assistant.domain.cmo import Level, Polarity
from assistant.errors import RealistError
from evals.extraction.coding.files import CodedSpans, place
from evals.extraction.importing.anything import codings_of

from .coded_studies import intake, texts

TEXT = (
    "A title that the study has not.\r\n\r\nWhere managers had listened before, the self-made rota gave nurses a say. "
    "They felt trusted, so\r\nthat fewer left. On wards without a spare nurse the rota changed nothing. "
    "Trust grew slowly. Later trust grew fast.\r\n"
)


def bound(key: str, kind: str, *quotes: str, last: bool = False) -> str:
    """A text-bound annotation of the first places of ``quotes``, or the last."""
    starts = [(TEXT.rindex if last else TEXT.index)(quote) for quote in quotes]
    places = ";".join(f"{start} {start + len(quote)}" for start, quote in zip(starts, quotes, strict=True))
    return f"{key}\t{kind} {places}\t{' '.join(' '.join(quotes).split())}\n"


def written(folder: Path, annotations: str, text: str = TEXT) -> Path:
    (folder / "anna").mkdir()
    (folder / "anna" / "rota-2019.txt").write_bytes(text.encode())
    file = folder / "anna" / "rota-2019.ann"
    file.write_bytes(annotations.encode())
    return file


def coded(file: Path) -> tuple[CodedSpans, ...]:
    found, account = codings_of(file, intake())
    assert account.set_apart == 0
    (one,) = found
    study = texts().study("rota-2019")
    assert study is not None and one.coding.header.coder == "anna"
    placed, lost = place(one.coding, study)
    assert lost == ()
    return placed


def said(one: CodedSpans) -> dict[str, list[str]]:
    study = texts().study("rota-2019")
    assert study is not None
    roles = ("context", "resource", "reasoning", "outcome")
    return {role: found for role in roles if (found := [span.of(study.text) for span in getattr(one, role)])}


def test_events_are_configurations(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        bound("T1", "Configuration", "They felt trusted, so\r\nthat fewer left.")
        + bound("T2", "Context", "managers had listened before")
        + bound("T3", "Resource", "the self-made rota")
        + bound("T4", "Reasoning", "felt trusted")
        + bound("T5", "Outcome", "fewer left")
        + "E1\tConfiguration:T1 Context:T2 Means:T3 Why:T4 Outcome:T5\n"
        + "A1\tLevel E1 hypothesis\nA2\tPolarity E1 mixed\n#1\tAnnotatorNotes E1\tsecond thoughts\n",
    )
    (one,) = coded(file)
    assert said(one) == {
        "context": ["managers had listened before"],
        "resource": ["the self-made rota"],
        "reasoning": ["felt trusted"],
        "outcome": ["fewer left"],
    }
    assert (one.id, one.level, one.polarity) == ("E1", Level.HYPOTHESIS, Polarity.MIXED)
    found, _ = codings_of(file, intake())
    assert found[0].coding.configurations[0].note == "second thoughts"
    assert found[0].coding.header.uncoded == ()


def test_one_mark_may_stand_in_two_events(tmp_path: Path) -> None:
    ripple = (
        bound("T1", "Context", "managers had listened before")
        + bound("T2", "Outcome", "gave nurses a say")
        + bound("T3", "Outcome", "fewer left")
        + bound("T4", "Claim", "so")
        + bound("T5", "Claim", "that")
        + "E1\tClaim:T4 C:T1 O:T2\nE2\tClaim:T5 C:T1 O:T3\n"
    )
    first, second = coded(written(tmp_path, ripple))
    assert said(first)["context"] == said(second)["context"]
    assert (said(first)["outcome"], said(second)["outcome"]) == (["gave nurses a say"], ["fewer left"])


def test_relations_and_equivalences_tie(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        bound("T1", "Context", "managers had listened before")
        + bound("T2", "Mechanism", "felt trusted")
        + bound("T3", "Outcome", "fewer left")
        + bound("T4", "Context", "wards without a spare nurse")
        + bound("T5", "Outcome", "changed nothing")
        + "R1\tFires Arg1:T1 Arg2:T2\nR2\tLeads Arg1:T2 Arg2:T3\t\n*\tEquiv T4 T5\n",
    )
    first, second = coded(file)
    assert set(said(first)) == {"context", "reasoning", "outcome"}
    assert said(second) == {"context": ["wards without a spare nurse"], "outcome": ["changed nothing"]}


def test_a_passage_holds_what_lies_in_it(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        bound("T1", "Passage", "They felt trusted, so\r\nthat fewer left.")
        + bound("T2", "Mechanism", "felt trusted")
        + bound("T3", "Outcome", "fewer left")
        + bound("T4", "Outcome", "changed nothing"),
    )
    first, second = coded(file)
    assert said(first) == {"reasoning": ["felt trusted"], "outcome": ["fewer left"]}
    assert said(second) == {"outcome": ["changed nothing"]}
    _, account = codings_of(file, intake())
    assert account.grouped == {"inside a passage": 1, "in one sentence": 1}


def test_repeated_words_are_told_apart_by_their_neighbours(tmp_path: Path) -> None:
    (one,) = coded(written(tmp_path, bound("T1", "Outcome", "trust grew", last=True)))
    study = texts().study("rota-2019")
    assert study is not None
    assert one.passage.of(study.text) == "Later trust grew fast."


def test_discontinuous_annotations_are_several_spans(tmp_path: Path) -> None:
    (one,) = coded(written(tmp_path, bound("T1", "Outcome", "the self-made rota", "gave nurses a say")))
    assert said(one)["outcome"] == ["the self-made rota", "gave nurses a say"]


def test_a_word_that_a_mark_cuts_is_taken_whole(tmp_path: Path) -> None:
    file = written(
        tmp_path, bound("T1", "Outcome", "ewer lef") + bound("T2", "Context", "rust") + bound("T3", "C", ",")
    )
    _, account = codings_of(file, intake())
    assert account.quotes.total() == 2 and not account.lost
    assert {tuple(found) for one in coded(file) for found in said(one).values()} == {("fewer left",), ("trusted",)}


def test_other_types_are_listed(tmp_path: Path) -> None:
    file = written(tmp_path, bound("T1", "Outcome", "fewer left") + bound("T2", "Person", "nurses"))
    assert codings_of(file, intake())[1].ignored == {"type Person": 1}


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        ("T1 Outcome 0 5\twords", "line 1: no brat annotation"),
        ("T1\tOutcome 0 5\tA tit\nR1\tLeads T1 T2", "line 2: no brat annotation"),
        ("T1\tOutcome 0 5\twords", "line 1: the text has other words at 0 5"),
        ("T1\tOutcome 0 99999\tA", "line 1: an offset outside the text"),
        ("T1\tOutcome 5 5\tA", "line 1: an offset outside the text"),
        ("?", "line 1: no brat annotation"),
    ],
)
def test_faults_name_the_line(tmp_path: Path, annotations: str, message: str) -> None:
    with pytest.raises(RealistError) as caught:
        codings_of(written(tmp_path, annotations), intake())
    assert message in str(caught.value) and caught.value.remedy


def test_the_text_must_be_there(tmp_path: Path) -> None:
    file = written(tmp_path, "")
    file.with_suffix(".txt").unlink()
    with pytest.raises(RealistError, match=r"has no rota-2019\.txt beside it"):
        codings_of(file, intake())
    file.with_suffix(".txt").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(RealistError, match="is not UTF-8"):
        codings_of(file, intake())
