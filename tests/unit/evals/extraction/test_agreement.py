"""Agreement figures: worked by hand, and against krippendorff and scikit-learn on labels that are made here."""

import math
import sys
import warnings
from pathlib import Path

import krippendorff
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from assistant.cli.main import run
from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import Span
from assistant.domain.study import Study
from assistant.errors import MissingExtra, UsageError
from assistant.presentation.console import data_console
from assistant.shipped import shipped
from assistant.tagging.places import codable_sentences
from evals.extraction.agreement import (
    Agreement,
    Coded,
    StudyAgreement,
    agreement,
    kappa,
    of_study,
    sentence_kappa,
    sides,
)
from evals.extraction.agreement_views import render_agreement
from evals.extraction.coding.files import CodedSpans, read_coding
from evals.extraction.evaluate import GOLD, coded_study
from evals.extraction.evaluate import agreement as suite_agreement
from evals.extraction.importing.anything import FoundCoding, Intake, codings_of
from evals.extraction.importing.studies import studies_in
from evals.extraction.importing.vocabulary import Vocabulary
from evals.extraction.metrics import Counts

from .importing.coded_studies import Qdpx, intake, study, texts

TEN = study("ten", (("Results", " ".join(f"Aaaa bbb{letter} cccc." for letter in "abcdefghij")),))
SENTENCES = [one.span for one in codable_sentences(TEN)]


def coded(at: int, *, level: Level = Level.FINDING, polarity: Polarity = Polarity.ENABLING, cut: int = 0) -> CodedSpans:
    """A configuration in one sentence of `TEN`: its first word context, its second outcome."""
    start = SENTENCES[at].start
    spans = {Role.CONTEXT: (Span(start, start + 4),), Role.OUTCOME: (Span(start + 5, start + 9 - cut),)}
    marked = {role.value: spans.get(role, ()) for role in Role}
    return CodedSpans(f"c{at}", SENTENCES[at], **marked, level=level, polarity=polarity)


def compared(first: list[CodedSpans], second: list[CodedSpans], *uncoded: str) -> StudyAgreement:
    return of_study(TEN, Coded(tuple(first)), Coded(tuple(second), frozenset(uncoded)))


def test_sentence_kappa_by_hand() -> None:
    # 10 sentences: 4 in both, 1 in the second only, 1 in the first only, 4 in neither; observed 8/10,
    # expected 0.5 * 0.5 + 0.5 * 0.5 = 0.5; kappa (0.8 - 0.5) / (1 - 0.5) = 0.6
    assert sentence_kappa(Counts(4, 1, 1), 10) == pytest.approx(0.6)
    found = compared([coded(at) for at in range(5)], [coded(at) for at in range(1, 6)])
    assert found.figures["sentence kappa"] == pytest.approx(0.6)
    assert found.figures["detection"] == pytest.approx(0.8)  # 2 * 4 / (2 * 4 + 1 + 1)
    assert (found.sizes, found.shared) == ((5, 5), 4)


def test_level_and_polarity_kappa_by_hand() -> None:
    levels = [Level.FINDING, Level.FINDING, Level.QUOTE, Level.QUOTE]
    others = [Level.FINDING, Level.QUOTE, Level.QUOTE, Level.QUOTE]
    found = compared(
        [coded(at, level=level) for at, level in enumerate(levels)],
        [coded(at, level=level) for at, level in enumerate(others)],
    )
    # observed 3/4; expected 1/2 * 1/4 + 1/2 * 3/4 = 1/2; kappa (3/4 - 1/2) / (1/2) = 1/2
    assert found.figures["level kappa"] == pytest.approx(0.5)
    assert math.isnan(found.figures["polarity kappa"]), "everyone says enabling: kappa is undefined, not perfect"


def test_only_shared_configurations_count_for_levels() -> None:
    first = [coded(0, level=Level.QUOTE), coded(1), coded(2, level=Level.QUOTE)]
    second = [coded(0, level=Level.QUOTE), coded(1), coded(5)]
    assert compared(first, second).figures["level kappa"] == 1.0


def test_what_a_coder_did_not_code_has_no_kappa() -> None:
    mixed = [coded(0, polarity=Polarity.MIXED), coded(1)]
    assert compared(mixed, mixed).figures["polarity kappa"] == 1.0
    assert math.isnan(compared(mixed, mixed, "polarity").figures["polarity kappa"])


def test_strict_and_relaxed() -> None:
    # the outcome: 2 of 4 characters shared, F1 2 * 2 / (2 * 2 + 0 + 2) = 2/3; pair score (1 + 2/3) / 2 = 0.83
    nearly = compared([coded(0), coded(1)], [coded(0, cut=2), coded(1)])
    assert (nearly.figures["configurations"], nearly.figures["configurations strict"]) == (1.0, 1.0)
    # of three characters cut, 1 shared: F1 2/5; pair score (1 + 0.4) / 2 = 0.7: relaxed yes, strict no
    less = compared([coded(0), coded(1)], [coded(0, cut=3), coded(1)])
    assert (less.figures["configurations"], less.figures["configurations strict"]) == (1.0, 0.5)
    assert math.isnan(less.figures["complete configurations"]), "none has a mechanism"


pairs = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=30)


@given(pairs)
def test_kappa_is_scikit_learns(found: list[tuple[str, str]]) -> None:
    first, second = (list(side) for side in zip(*found, strict=True))
    ours = kappa(found)
    if len({*first, *second}) < 2:
        assert math.isnan(ours)
    else:
        assert ours == pytest.approx(cohen_kappa_score(first, second))
        assert ours == pytest.approx(_cohen_by_definition(first, second))


def _cohen_by_definition(first: list[str], second: list[str]) -> float:
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    expected = sum(first.count(label) * second.count(label) for label in "abc") / len(first) ** 2
    return (observed - expected) / (1 - expected)


codings = st.sets(st.integers(0, 9)).map(lambda places: [coded(at, cut=at % 3) for at in sorted(places)])
others = st.sets(st.integers(0, 9)).map(lambda places: [coded(at) for at in sorted(places)])


@given(codings, others)
def test_alpha_and_sentence_kappa_match_the_libraries(first: list[CodedSpans], second: list[CodedSpans]) -> None:
    found = compared(first, second).figures
    characters = [[_label(side, at) for at in _characters(TEN)] for side in (first, second)]
    if len({label for side in characters for label in side}) < 2:
        assert math.isnan(found["alpha"])
    else:
        wanted = krippendorff.alpha(reliability_data=characters, level_of_measurement="nominal")
        assert found["alpha"] == pytest.approx(wanted)
    inside = [[any(one.passage == sentence for one in side) for sentence in SENTENCES] for side in (first, second)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert found["sentence kappa"] == pytest.approx(cohen_kappa_score(*inside), nan_ok=True)


def _characters(whole: Study) -> list[int]:
    return [at for one in SENTENCES for at in range(one.start, one.end) if not whole.text[at].isspace()]


def _label(side: list[CodedSpans], at: int) -> int:
    roles = {Role.CONTEXT: 1, Role.OUTCOME: 2}
    return max(
        (roles[role] for one in side for role in roles for span in getattr(one, role.value) if at in _range(span)),
        default=0,
    )


def _range(span: Span) -> range:
    return range(span.start, span.end)


ANNA = "study,context,mechanism,outcome\nrota-2019,managers had listened before,They felt trusted,fewer left\n"
BEN = ANNA.replace("They felt trusted", "felt trusted") + "choir,shy carers,They felt safe,more of them came back\n"


def found(folder: Path, **files: str) -> list[list[FoundCoding]]:
    sides = []
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content)
        sides.append(codings_of(folder / f"{name}.csv", intake())[0])
    return sides


def test_two_files_are_two_coders(tmp_path: Path) -> None:
    agreed = agreement(*sides(found(tmp_path, anna=ANNA, ben=BEN), ""), texts())
    assert agreed.coders == ("anna", "ben") and [one.study for one in agreed.studies] == ["rota-2019"]
    assert dict(agreed.alone) == {"choir": "ben"}
    assert agreed.studies[0].figures["configurations"] == 1.0
    mean = agreed.means["context"]
    assert mean.mean == 1.0 and math.isnan(mean.low), "one study has no interval"


def test_coders_are_chosen_where_there_are_several(tmp_path: Path) -> None:
    head, _, row = ANNA.partition("\n")
    both = f"coder,{head}\nanna,{row}ben,{row}"
    (one,) = found(tmp_path, both=both)
    first, second = sides([one], "")
    assert (first["rota-2019"].coding.header.coder, second["rota-2019"].coding.header.coder) == ("anna", "ben")
    first, _ = sides([one], "ben,anna")
    assert first["rota-2019"].coding.header.coder == "ben"
    for names, said in (("ben,carl", "no coder carl"), ("ben", "names 1 coders")):
        with pytest.raises(UsageError, match=said):
            sides([one], names)
    with pytest.raises(UsageError, match="coded by several coders"):
        sides([one, one], "")
    (alone,) = found(tmp_path, anna=ANNA)
    with pytest.raises(UsageError, match="holds 1 coders"):
        sides([alone], "")


def test_codings_of_different_studies_can_not_be_compared(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no study is coded in both"):
        agreement(*sides(found(tmp_path, anna=ANNA, ben=BEN.replace("rota-2019", "choir")), ""), texts())


def test_it_is_what_the_suite_reports_of_two_coders() -> None:
    files = [GOLD / "digests" / f"rowley-2012.{coder}.jsonl" for coder in ("a", "b")]
    digests = studies_in(shipped("corpus"), {})
    found = [codings_of(file, Intake(digests, Vocabulary()))[0] for file in files]
    (ours,) = agreement(*sides(found, ""), digests).studies
    study = digests.study("rowley-2012")
    assert study is not None
    whole = coded_study(study, [read_coding(file) for file in files])
    (theirs,), (alpha,) = suite_agreement([whole])
    assert ours.figures["alpha"] == alpha and 0.7 < alpha < 1
    for name in ("detection", "roles", "context", "mechanism", "outcome", "configurations", "configurations strict"):
        assert ours.figures[name] == theirs[name], name


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    with pytest.raises(MissingExtra, match=r"needs krippendorff.*realist-assistant\[eval\]"):
        compared([coded(0)], [coded(1)])


def test_many_studies_are_shown_by_their_mean(capsys: pytest.CaptureFixture[str]) -> None:
    one = compared([coded(0), coded(1)], [coded(0), coded(2)])
    for count, said in ((1, "ten"), (3, "mean"), (6, "Figures by study: --json")):
        render_agreement(Agreement(("a", "b"), (one,) * count, {}), data_console())
        assert said in capsys.readouterr().out


def test_coders_whose_names_differ_only_by_case_are_not_mixed_up(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    whole = texts().study("rota-2019")
    assert whole is not None
    (tmp_path / "papers" / "rota-2019.txt").write_text(whole.text)
    head, _, row = ANNA.partition("\n")
    (tmp_path / "c.csv").write_text(f"coder,{head}\nanna,{row}Anna,{row}")
    given = ["gold", str(tmp_path / "c.csv"), "--out", str(tmp_path / "out"), "--studies", str(tmp_path / "papers")]
    assert run(given) == 2


def test_the_commands_on_a_folder_of_studies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    whole = texts().study("rota-2019")
    assert whole is not None
    (papers / "rota-2019.txt").write_text(whole.text)
    project = Qdpx(whole.text)
    for user in ("Anna", "Ben"):
        project.quote("managers had listened before", "Context", user=user)
        project.quote("gave nurses a say", "Outcome", user=user)
    file = project.write(tmp_path / "p.qdpx")
    out = tmp_path / "gold"
    assert run(["gold", str(file), "--out", str(out), "--studies", str(papers)]) == 0
    assert sorted(one.name for one in out.iterdir()) == ["rota-2019.anna.jsonl", "rota-2019.ben.jsonl"]
    assert "listened" not in (out / "rota-2019.anna.jsonl").read_text()
    assert run(["agreement", str(file), "--studies", str(papers)]) == 0
    assert "Anna and Ben" in capsys.readouterr().out
    anna, ben = (str(out / f"rota-2019.{name}.jsonl") for name in ("anna", "ben"))
    assert run(["agreement", anna, ben, "--studies", str(papers), "--json"]) == 0
    assert '"alpha": {\n      "mean": 1.0' in capsys.readouterr().out
    csv = tmp_path / "c.csv"
    csv.write_text(ANNA.replace("fewer left", "nobody left"))
    assert run(["gold", str(csv), "--out", str(out), "--studies", str(papers)]) == 4
    assert "not found in its study  c.csv, line 2: outcome “nobody left”" in capsys.readouterr().err
    assert run(["gold", str(csv), "--out", str(out), "--studies", str(papers), "--format", "xml"]) == 2
    assert run(["gold", str(csv), "--out", str(csv / "x"), "--studies", str(papers)]) == 2
    assert run(["gold", str(csv), "--out", str(out), "--studies", str(papers), "--study", "a=b"]) == 2
