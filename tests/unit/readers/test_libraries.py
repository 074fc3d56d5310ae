from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.study import Bibliography
from assistant.errors import ReadingError
from assistant.readers.libraries import Library, LibraryEntry, MatchedBy, load_library

RIS = """TY  - JOUR
AU  - Doe, Jane
AU  - Roe, Rick
TI  - Huddles in care homes: a study
PY  - 2019/04/01
T2  - Made Journal
DO  - https://doi.org/10.1234/ABC
L1  - file:///home/x/huddles.pdf
ID  - k1
ER  -

TY  - RPRT
A1  - Poe, Pat
T1  - A report
Y1  - 2001
PB  - Made Press
ER  -
"""
BIBTEX = r"""@comment{jabref}
@article{doe2019huddles, author = {Doe, Jane and J\"org van der R\"oe}, title = {Huddles in {C}are Homes: a St\"udy},
  journal = "Made Journal", year = 2019, doi = {10.1234/ABC}, file = {Full text:C\:/x/huddles.pdf:application/pdf}}
@book{poe2001, author = {{The Huddle Group}}, title = {A report}, publisher = {Made Press}, date = {2001-03}}
"""
CSV = """Key,Item Type,Publication Year,Author,Title,Publication Title,DOI,File Attachments
AB1,journalArticle,2019,"Doe, Jane; Roe, Rick","Huddles, in care homes",J,10.1234/abc,/x/a.pdf; /x/huddles.pdf
,,,,,,,
CD2,report,,,A report on things,,,
"""


def load(tmp_path: Path, text: str) -> Library:
    path = tmp_path / "refs"
    path.write_text(text, "utf-8")
    return load_library(path)


def test_ris(tmp_path: Path) -> None:
    first, second = load(tmp_path, RIS).entries
    assert first == LibraryEntry(
        Bibliography("Huddles in care homes: a study", ("Doe, Jane", "Roe, Rick"), 2019, "Made Journal", "10.1234/abc"),
        "k1",
        ("huddles.pdf",),
    )
    assert second.bibliography == Bibliography("A report", ("Poe, Pat",), 2001, "Made Press")


def test_bibtex(tmp_path: Path) -> None:
    first, second = load(tmp_path, BIBTEX).entries
    assert first == LibraryEntry(
        Bibliography(
            "Huddles in Care Homes: a Stüdy", ("Doe, Jane", "van der Röe, Jörg"), 2019, "Made Journal", "10.1234/abc"
        ),
        "doe2019huddles",
        ("huddles.pdf",),
    )
    assert second.bibliography == Bibliography("A report", ("The Huddle Group",), 2001, "Made Press")


def test_csv_of_any_delimiter(tmp_path: Path) -> None:
    first, second = load(tmp_path, CSV).entries
    assert first.bibliography.authors == ("Doe, Jane", "Roe, Rick")
    assert first.files == ("a.pdf", "huddles.pdf")
    assert second.label == "A report on things"
    assert load(tmp_path, "title;year\nA made report;2001\n").entries[0].bibliography.year == 2001


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no column"),
        ("colour,shape\nred,round\n", "no column"),
        ("title,doi\n", "no reference"),
        ("@article{doe, title = {never closed\n", "1 of its entries"),
        ('title\n"' + "x" * 200_000, "CSV is damaged"),
    ],
)
def test_what_is_no_library_is_refused_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason) as caught:
        load(tmp_path, text)
    assert "RIS, BibTeX" in caught.value.remedy


def test_a_missing_library_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="No such file"):
        load_library(tmp_path / "none.ris")


def entry(title: str = "", doi: str = "", key: str = "", files: tuple[str, ...] = ()) -> LibraryEntry:
    return LibraryEntry(Bibliography(title=title, doi=doi, year=2000), key, files)


def test_doi_goes_before_file_name_and_file_name_before_title() -> None:
    title = "Huddles in care homes"
    library = Library([entry(title), entry(files=("a.pdf",)), entry(doi="10.1/x"), entry(key="doe2019")])
    by_doi = library.match(Bibliography(title=title, doi="10.1/x"), "studies/a.pdf")
    assert by_doi is not None and by_doi.by is MatchedBy.DOI and by_doi.entry.bibliography.doi == "10.1/x"
    by_file = library.match(Bibliography(title=title), "studies/A.pdf")
    assert by_file is not None and by_file.by is MatchedBy.FILE
    by_stem = library.match(Bibliography(), "studies/a.docx")
    assert by_stem is not None and by_stem.by is MatchedBy.FILE
    by_key = library.match(Bibliography(), "doe2019.pdf")
    assert by_key is not None and by_key.entry.key == "doe2019"
    by_title = library.match(Bibliography(title="HUDDLES in Care-Homes."), "b.pdf")
    assert by_title is not None and by_title.by is MatchedBy.TITLE
    assert library.match(Bibliography(title="Other words than these"), "b.pdf") is None


def test_nothing_is_guessed() -> None:
    twins = Library(
        [entry("Huddles in care homes"), entry("Huddles in care homes!"), entry("Editorial"), entry(key="7")]
    )
    assert twins.match(Bibliography(title="Huddles in care homes"), "x.pdf") is None
    assert twins.match(Bibliography(title="Editorial"), "x.pdf") is None
    assert twins.match(Bibliography(), "7.pdf") is None
    preprint = Library([entry("Huddles in care homes", "10.1/preprint")])
    assert preprint.match(Bibliography(title="Huddles in care homes", doi="10.1/final"), "x.pdf") is None


def test_what_the_library_states_goes_first_and_the_rest_stays() -> None:
    library = Library([LibraryEntry(Bibliography(title="The right title", year=2020), files=("a.pdf",))])
    match = library.match(Bibliography(title="garbled", journal="J", doi="10.1/x"), "a.pdf")
    assert match is not None
    assert match.completed(Bibliography(title="garbled", journal="J", doi="10.1/x")) == Bibliography(
        "The right title", (), 2020, "J", "10.1/x"
    )


def test_entries_without_a_study_are_listed() -> None:
    library = Library([entry("Huddles in care homes"), entry("Another made title")])
    match = library.match(Bibliography(title="Huddles in care homes"), "x")
    assert match is not None
    assert [left.label for left in library.unmatched([match])] == ["Another made title"]


@given(st.text(alphabet=st.sampled_from('@{}=,\n"TY-ERAU \\0aé;'), max_size=200))
def test_any_text_is_a_library_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("refs") / "refs"
    path.write_text(text, "utf-8")
    try:
        assert load_library(path).entries
    except ReadingError as error:
        assert error.remedy
