import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.cmo import Level, Polarity, Role
from assistant.domain.spans import QuoteStatus, Span
from assistant.errors import RealistError, UsageError
from evals.extraction.coding.files import CodedSpans, place
from evals.extraction.importing.anything import Intake, codings_of
from evals.extraction.importing.vocabulary import Vocabulary, parsed_map

from .coded_studies import intake, texts

WIDE = """\
Study;CMO;Context;Mechanism;Outcome;Level;Polarity;Proposition
rota-2019;CMO 1;managers had listened before;They felt trusted;fewer left;finding;enabling;Own words.
Rota 2019.pdf;CMO 2;wards without a spare nurse;;the rota changed nothing;;constraining;
choir;CMO 1;;They felt safe;“more of them came back each week”;;;
"""
LONG = """\
document,configuration,code,segment,start
rota-2019,1,Context,managers had listened before,
rota-2019,1,M: resource,the self-made rota,
rota-2019,1,O,fewer left,
rota-2019,,Context,On wards without a spare nurse,
rota-2019,,Outcome,the rota changed nothing,
rota-2019,,Themes,Trust grew slowly,
"""


def spans(file: Path, given: Intake, name: str) -> tuple[CodedSpans, ...]:
    found, _ = codings_of(file, given)
    (coding,) = (one.coding for one in found if one.coding.header.study == name)
    whole = texts().study(name)
    assert whole is not None
    placed, lost = place(coding, whole)
    assert lost == ()
    return placed


def words(one: CodedSpans, role: Role) -> list[str]:
    text = study_text("rota-2019")
    return [span.of(text) for span in getattr(one, role.value)]


def study_text(name: str) -> str:
    found = texts().study(name)
    assert found is not None
    return found.text


def test_a_row_a_configuration(tmp_path: Path) -> None:
    file = tmp_path / "anna.csv"
    file.write_text(WIDE)
    first, second = spans(file, intake(), "rota-2019")
    assert (first.id, second.id) == ("CMO 1", "CMO 2")
    assert words(first, Role.CONTEXT) == ["managers had listened before"]
    assert words(first, Role.REASONING) == ["They felt trusted"] and not first.resource
    assert words(first, Role.OUTCOME) == ["fewer left"]
    assert first.passage.of(study_text("rota-2019")).startswith("Where managers")
    assert first.passage.of(study_text("rota-2019")).endswith("fewer left.")
    assert (first.level, first.polarity, second.polarity) == (Level.FINDING, Polarity.ENABLING, Polarity.CONSTRAINING)


def test_a_quote_in_quotation_marks_is_found_without_them(tmp_path: Path) -> None:
    file = tmp_path / "anna.csv"
    file.write_text(WIDE)
    (only,) = spans(file, intake(), "choir")
    assert [span.of(study_text("choir")) for span in only.outcome] == ["more of them came back each week"]


def test_headers_name_coder_and_what_was_not_coded(tmp_path: Path) -> None:
    file = tmp_path / "anna.csv"
    file.write_text(WIDE)
    found, account = codings_of(file, intake(kind="a person"))
    headers = {one.coding.header.study: one.coding.header for one in found}
    assert headers["rota-2019"].coder == "anna" and headers["rota-2019"].kind == "a person"
    assert headers["rota-2019"].uncoded == () and headers["choir"].uncoded == ("level", "polarity")
    assert account.quotes == {QuoteStatus.EXACT: 7} and account.set_apart == 0
    assert [one.proposition for one in found[0].coding.configurations] == ["Own words.", ""]


def test_a_row_a_quote(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(LONG)
    named, grouped = spans(file, intake(), "rota-2019")
    assert named.id == "1" and words(named, Role.RESOURCE) == ["the self-made rota"]
    assert words(grouped, Role.CONTEXT) == ["On wards without a spare nurse"]
    assert words(grouped, Role.OUTCOME) == ["the rota changed nothing"]
    _, account = codings_of(file, intake())
    assert account.ignored == {"code Themes": 1}
    assert account.grouped == {"as the file groups them": 1, "in one sentence": 1}


def test_own_names_are_mapped(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("Paper,Enablers,Effects\nrota-2019,managers had listened before,fewer left\n")
    with pytest.raises(RealistError, match="line 1: no column holds a role"):
        codings_of(file, intake())
    (one,) = spans(file, intake(parsed_map(["Paper=study", "Enablers=context", "Effects=outcome"])), "rota-2019")
    assert words(one, Role.CONTEXT) and words(one, Role.OUTCOME)


def test_several_quotes_and_gaps_in_one_cell(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("study,context,outcome\nrota-2019,managers had || gave nurses a say,They felt [...] fewer left\n")
    (one,) = spans(file, intake(), "rota-2019")
    assert words(one, Role.CONTEXT) == ["managers had", "gave nurses a say"]
    assert words(one, Role.OUTCOME) == ["They felt", "fewer left"]


def test_an_offset_tells_places_apart(tmp_path: Path) -> None:
    text = study_text("rota-2019")
    second = text.index("trust grew fast")
    record = {"study": "rota-2019", "context": "nurses", "outcome": {"quote": "fast", "start": second + 11}}
    (tmp_path / "c.jsonl").write_text(json.dumps(record))
    (one,) = spans(tmp_path / "c.jsonl", intake(), "rota-2019")
    assert one.outcome == (Span(second + 11, second + 15),)


def test_a_role_is_looked_for_in_its_passage_first(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("study,passage,mechanism,outcome\nrota-2019,Later trust grew fast.,grew,fast\n")
    (one,) = spans(file, intake(), "rota-2019")
    text = study_text("rota-2019")
    assert one.reasoning[0].start == text.rindex("grew") and one.passage.of(text) == "Later trust grew fast."


def test_candidates_of_the_tool_are_a_coding(tmp_path: Path) -> None:
    text = study_text("rota-2019")
    quote = "fewer left"
    candidate = {
        "id": "rota-2019-1",
        "study": "rota-2019",
        "statement": "Fewer left.",
        "context": [],
        "mechanism": {"resource": [{"quote": "the self-made rota"}], "reasoning": [{"quote": "They felt trusted"}]},
        "outcome": [{"quote": quote, "start": text.index(quote), "end": 0, "status": "exact"}],
        "evidence": [{"quote": "They felt trusted, so that fewer left.", "start": None, "section": "Results"}],
        "stated": {"context": False},
        "level": "finding",
        "polarity": "enabling",
        "confidence": 0.5,
        "engine": {"name": "extractive"},
        "status": "candidate",
    }
    file = tmp_path / "candidates.jsonl"
    file.write_text(json.dumps(candidate) + "\n")
    (one,) = spans(file, intake(), "rota-2019")
    assert words(one, Role.RESOURCE) == ["the self-made rota"] and words(one, Role.REASONING) == ["They felt trusted"]
    assert one.passage.of(text) == "They felt trusted, so that fewer left."
    assert codings_of(file, intake())[1].ignored == {}


def test_what_is_not_found_is_counted_and_named(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text(
        "study,context,outcome,reader\nrota-2019,managers had not listened,fewer left,x\nattic,some words,others,x\n"
    )
    found, account = codings_of(file, intake())
    assert [(one.mark.origin, one.mark.quote.text) for one in account.lost] == [
        ("c.csv, line 2", "managers had not listened")
    ]
    assert account.unknown_studies == {"attic": 2} and account.set_apart == 3
    assert account.without_claim == 1, "what is left of the configuration has no context any more"
    assert account.ignored == {"column reader": 2}
    assert len(found[0].coding.configurations) == 1


def test_quotes_outside_coded_sections_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("study,context,outcome\nrota-2019,asked about nights,Nurses felt heard\n")
    assert codings_of(file, intake())[1].outside == 2


def test_marks_far_apart_do_not_claim_what_lies_between(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("study,context,outcome\nrota-2019,managers had listened before,Later trust grew fast\n")
    (one,) = spans(file, intake(), "rota-2019")
    assert one.passage.of(study_text("rota-2019")) == "Later trust grew fast."


def test_other_study_names_and_a_single_study(tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("study,context,outcome\nP7,managers had listened before,fewer left\n")
    found, _ = codings_of(file, Intake(texts({"P7": "rota-2019"}), Vocabulary()))
    assert found[0].coding.header.study == "rota-2019"
    file.write_text("context,outcome\nmanagers had listened before,fewer left\n")
    assert codings_of(file, intake())[1].unknown_studies == {"": 2}, "two studies, and no name"
    found, _ = codings_of(file, Intake(texts(names=["rota-2019"]), Vocabulary()))
    assert found[0].coding.header.study == "rota-2019"


def test_repeats_refer_to_ids(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "study": "rota-2019", "context": "Trust", "outcome": "grew slowly"},
        {"id": "b", "study": "rota-2019", "context": "trust", "outcome": "grew fast", "same_as": "a"},
        {"id": "x", "study": "rota-2019", "context": "nurses", "outcome": "a say", "same_as": "gone"},
    ]
    (tmp_path / "c.jsonl").write_text("\n".join(map(json.dumps, lines)))
    found, _ = codings_of(tmp_path / "c.jsonl", intake())
    assert {one.id: one.same_as for one in found[0].coding.configurations} == {"x": None, "a": None, "b": "a"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("c.csv", "", "line 1: no column holds a role"),
        ("c.csv", "study,context,outcome\na,b\nc,d,e,f\n", "line 3: 4 cells, but the header has 3"),
        ("c.csv", 'study,context,outcome\nrota-2019,"a"b,c\n', "line 2: not well-formed CSV"),
        (
            "c.csv",
            "study,context,outcome,level\nrota-2019,a,b,rumour\n",
            "line 2: 'rumour' is no level. Use one of: fi",
        ),
        ("c.csv", "study,code,quote,start\nrota-2019,C,a,near\n", "line 2: 'near' is no offset"),
        ("c.csv", "study,code,quote\nrota-2019,C,\n", "line 2: no quote"),
        ("c.jsonl", '{"study": "s"}\n{"study": ', "line 2, column 11: no JSON"),
        ("c.jsonl", "[1]", "line 1: no JSON object"),
        ("c.jsonl", '{"context": 7}', "line 1: context: 7 is no quote"),
        ("c.jsonl", '{"context": [{"quote": "a", "start": "b"}]}', "line 1: context: no quote"),
        ("c.jsonl", '{"mechanism": {"spirit": "a"}}', "line 1: mechanism: 'spirit' is no role"),
        ("c.jsonl", '{"study": ["a"]}', "line 1: study:"),
        ("c.jsonl", '{"text_sha256": "1"}', "c.jsonl is no coding"),
        ("c.csv", "\0\1\2\3\4\5\6\7" * 20, "c.csv: "),
        ("c.xlsx", "a", "c.xlsx is no coding that can be read"),
    ],
)
def test_what_can_not_be_read_names_place_and_remedy(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(RealistError) as caught:
        codings_of(tmp_path / name, intake())
    assert said in str(caught.value) and caught.value.remedy


def test_one_coder_codes_a_study_once(tmp_path: Path) -> None:
    for name in ("anna.csv", "more.csv"):
        (tmp_path / name).write_text("study,coder,context,outcome\nrota-2019,anna,nurses,fewer left\n")
    with pytest.raises(RealistError, match=r"rota-2019 is coded by anna in anna\.csv and again in more\.csv"):
        codings_of(tmp_path, intake())


@given(st.binary(max_size=300), st.sampled_from(["c.csv", "c.jsonl", "c.qdpx", "c.ann"]))
def test_nothing_but_named_errors_comes_out(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / name).write_bytes(data)
    (folder / "c.txt").write_bytes(data[:50])
    try:
        codings_of(folder / name, intake())
    except RealistError as error:
        assert error.remedy


ENTRY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["nurses", "finding", "CMO 1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["quote", "start", "resource", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = ["study", "context", "mechanism", "outcome", "evidence", "level", "role", "quote", "start", "id", "same_as"]


@given(st.dictionaries(st.sampled_from(KEYS), ENTRY, max_size=6))
def test_any_object_is_read_or_refused_by_line(tmp_path_factory: pytest.TempPathFactory, entry: object) -> None:
    file = tmp_path_factory.mktemp("any") / "c.jsonl"
    file.write_text(json.dumps({"study": "rota-2019"} | entry))  # type: ignore[operator]
    try:
        codings_of(file, intake())
    except RealistError as error:
        assert "line 1" in str(error) and error.remedy


def test_in_a_folder_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("who,what\n1,2\n")
    with pytest.raises(RealistError, match=r"a\.csv, line 1"):
        codings_of(tmp_path, intake())
    (tmp_path / "b.csv").write_text("study,context,outcome\nrota-2019,nurses,fewer left\n")
    (tmp_path / "other.tsv").write_text("no\tcoding\n")
    found, account = codings_of(tmp_path, intake())
    assert [one.file.name for one in found] == ["b.csv"] and account.set_apart == 1
    assert account.failed[0].startswith("a.csv, line 1: no column holds a role")


def test_what_lies_below_a_folder_counts_where_it_has_no_coding_itself(tmp_path: Path) -> None:
    for folder in (tmp_path / "anna", tmp_path / "anna" / "old"):
        folder.mkdir()
        (folder / "c.csv").write_text("study,context,outcome\nrota-2019,nurses,fewer left\n")
    assert [one.file.parent.name for one in codings_of(tmp_path / "anna", intake())[0]] == ["anna"]
    with pytest.raises(RealistError, match="coded by c in"):
        codings_of(tmp_path, intake())


def test_paths_without_codings(tmp_path: Path) -> None:
    with pytest.raises(RealistError, match="holds no coding"):
        codings_of(tmp_path, intake())
    with pytest.raises(RealistError, match="is not there"):
        codings_of(tmp_path / "c.csv", intake())


def test_of_two_columns_for_a_field_the_better_named_counts(tmp_path: Path) -> None:
    vocabulary = Vocabulary({"Sheet": "study"})
    assert vocabulary.fields(["id", "Configuration", "Doc", "Sheet"]) == [None, "configuration", None, "study"]
    file = tmp_path / "c.csv"
    file.write_text(
        "id,cmo,study,context,outcome\n1,A,rota-2019,managers had listened before,\n2,A,rota-2019,,fewer left\n"
    )
    (one,) = spans(file, intake(), "rota-2019")
    assert one.id == "A" and words(one, Role.CONTEXT) and words(one, Role.OUTCOME)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_tables_as_spreadsheets_save_them(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "c.csv"
    rows = "Study\tContext\tOutcome\r\nrota-2019\tmanagers had listened before\t“fewer left”\r\n\t\t\r\n"
    file.write_bytes(rows.encode(encoding))
    (one,) = spans(file, intake(), "rota-2019")
    assert words(one, Role.OUTCOME) == ["fewer left"]


def test_meanings() -> None:
    vocabulary = Vocabulary({"Barriers": "context", "Context": "ignore"})
    assert vocabulary.meaning(["distance", "Barriers to use"]) is None
    assert vocabulary.meaning(["distance", "barriers"]) is Role.CONTEXT
    assert vocabulary.meaning(["Outcome 3"]) is Role.OUTCOME
    assert vocabulary.meaning(["O – staff stay"]) is Role.OUTCOME
    assert vocabulary.meaning(["Context"]) == "ignore"
    assert vocabulary.meaning(["Mechanisms > Resource > a fund"]) is Role.RESOURCE
    assert vocabulary.meaning(["Outcome\\retention"]) is Role.OUTCOME
    assert vocabulary.meaning(["Mechanism (resource)"]) is Role.RESOURCE
    assert vocabulary.meaning(["outcomes research"]) is None
    with pytest.raises(UsageError, match="gives a meaning that there is not"):
        Vocabulary({"a": "moderator"})
    with pytest.raises(UsageError, match="no pair"):
        parsed_map(["context"])


def test_studies_have_slugs() -> None:
    known = texts()
    assert known.study("ROTA 2019") is known.study("rota-2019") is not None
    assert known.study("C:\\papers\\Choir.docx") is known.study("choir") is not None
    assert known.study("attic") is None
