from pathlib import Path

import pytest

from assistant.domain.cmo import Level, Polarity
from assistant.errors import RealistError
from evals.extraction.coding.files import CodedSpans, place
from evals.extraction.importing.anything import Intake, codings_of
from evals.extraction.importing.positions import spans_of_positions

from .coded_studies import Qdpx, intake, texts

TEXT = (
    "Rota\n\nWhere managers had listened before, the self-made rota gave nurses a say. They felt trusted, so that "
    "fewer left. On wards without a spare nurse the rota changed nothing. Trust grew slowly. Later trust grew fast."
)


def coded(file: Path, coder: str = "Anna", given: Intake | None = None) -> tuple[CodedSpans, ...]:
    found, account = codings_of(file, given or intake())
    assert account.set_apart == 0
    (coding,) = (one.coding for one in found if one.coding.header.coder == coder)
    study = texts().study("rota-2019")
    assert study is not None
    placed, lost = place(coding, study)
    assert lost == ()
    return placed


def said(one: CodedSpans) -> dict[str, list[str]]:
    study = texts().study("rota-2019")
    assert study is not None
    roles = ("context", "resource", "reasoning", "outcome")
    return {role: found for role in roles if (found := [span.of(study.text) for span in getattr(one, role)])}


def test_codes_that_name_configurations_group(tmp_path: Path) -> None:
    project = Qdpx(TEXT)
    project.quote("managers had listened before", "Context/Leadership", "CMOs/Say and stay")
    project.quote("the self-made rota", "Mechanism/Resource", "CMOs/Say and stay")
    project.quote("fewer left", "Outcome", "CMOs/Say and stay", "Polarity/enabling")
    project.quote("wards without a spare nurse", "Context", "CMO 2")
    project.quote("changed nothing", "Outcome", "CMO 2")
    first, second = coded(project.write(tmp_path / "p.qdpx"))
    assert first.id == "CMOs / Say and stay" and second.id == "CMO 2"
    assert said(first) == {
        "context": ["managers had listened before"],
        "resource": ["the self-made rota"],
        "outcome": ["fewer left"],
    }
    assert said(second) == {"context": ["wards without a spare nurse"], "outcome": ["changed nothing"]}


def test_passages_hold_what_lies_in_them(tmp_path: Path) -> None:
    project = Qdpx(TEXT)
    project.quote("They felt trusted, so that fewer left.", "CMO", "Level/hypothesis", "constraining")
    project.quote("felt trusted", "Reasoning")
    project.quote("fewer left", "Outcome")
    project.quote("Trust grew slowly", "Memo")
    file = project.write(tmp_path / "p.qdpx")
    (one,) = coded(file)
    assert said(one) == {"reasoning": ["felt trusted"], "outcome": ["fewer left"]}
    assert (one.level, one.polarity) == (Level.HYPOTHESIS, Polarity.CONSTRAINING)
    assert codings_of(file, intake())[1].ignored == {"code Memo": 1}


def test_users_are_coders(tmp_path: Path) -> None:
    project = Qdpx(TEXT)
    project.quote("fewer left", "Outcome")
    project.quote("changed nothing", "Outcome", user="Ben & Co")
    file = project.write(tmp_path / "p.qdpx")
    assert [said(one) for one in coded(file)] == [{"outcome": ["fewer left"]}]
    assert [said(one) for one in coded(file, "Ben & Co")] == [{"outcome": ["changed nothing"]}]


def test_own_codes_and_the_codes_below_them(tmp_path: Path) -> None:
    project = Qdpx(TEXT)
    project.quote("managers had listened before", "Enablers/History")
    project.quote("gave nurses a say", "Effects")
    (one,) = coded(project.write(tmp_path / "p.qdpx"), given=intake({"Enablers": "context", "Effects": "outcome"}))
    assert said(one) == {"context": ["managers had listened before"], "outcome": ["gave nurses a say"]}


def test_the_text_of_a_pdf_is_read_and_its_regions_are_counted(tmp_path: Path) -> None:
    project = Qdpx(TEXT)
    project.quote("fewer left", "Outcome")
    region = (
        '<PDFSelection guid="x" page="1" firstX="1" firstY="1" secondX="9" secondY="9"><Coding guid="y">'
        f'<CodeRef targetGUID="{project.code("Outcome")}"/></Coding></PDFSelection>'
    )
    xml = project.project()
    xml = xml.replace('<TextSource guid="', '<PDFSource guid="q" name="Rota 2019"><Representation guid="')
    xml = xml.replace("</TextSource>", f"</Representation>{region}</PDFSource>")
    file = project.write(tmp_path / "p.qdpx", project=xml)
    assert [said(one) for one in coded(file)] == [{"outcome": ["fewer left"]}]
    assert codings_of(file, intake())[1].notes == ["Rota 2019: 1 coded regions that are no plain text were left out"]


def test_text_inside_the_project_file(tmp_path: Path) -> None:
    project = Qdpx(TEXT)
    project.quote("fewer left", "Outcome")
    xml = project.project().replace(
        ' plainTextPath="internal://T1.txt">', f"><PlainTextContent>{TEXT}</PlainTextContent>"
    )
    (one,) = coded(project.write(tmp_path / "p.qdpx", project=xml, parts={}))
    assert said(one) == {"outcome": ["fewer left"]}


@pytest.mark.parametrize("text", [TEXT.replace("\n", "\r\n"), "😀 " + TEXT])
def test_other_ways_to_count_are_told(tmp_path: Path, text: str) -> None:
    project = Qdpx(text)
    for words, code in (("fewer left", "Outcome"), ("felt trusted", "Reasoning")):
        units = text.replace("\r\n", "\n").replace("😀", "xx")
        project.select(units.index(words), units.index(words) + len(words), code)
    file = project.write(tmp_path / "p.qdpx")
    (one,) = coded(file)
    assert said(one) == {"reasoning": ["felt trusted"], "outcome": ["fewer left"]}
    assert "positions were read as" in codings_of(file, intake())[1].notes[0]


def test_positions_are_code_points_unless_words_say_otherwise() -> None:
    text = "a 😀 bc\r\nde"
    spans, counting = spans_of_positions(text, [(4, 6), (8, 10)])
    assert counting == "code points" and [span and span.of(text) for span in spans] == ["bc", "de"]
    spans, counting = spans_of_positions(text, [(5, 7), (9, 11)])
    assert counting == "UTF-16 units" and [span and span.of(text) for span in spans] == ["bc", "de"]
    assert spans_of_positions(text, [(3, 3), (4, 99)])[0] == [None, None]


def broken(kind: str) -> str:
    project = Qdpx(TEXT)
    project.quote("fewer left", "Outcome")
    xml = project.project()
    return {
        "entity": xml.replace("<Project", '<!DOCTYPE a [<!ENTITY b "c">]><Project', 1),
        "xml": xml[:-9],
        "position": xml.replace('startPosition="', 'startPosition="-'),
        "outside": xml.replace('endPosition="', 'endPosition="99'),
        "code": xml.replace("<CodeRef targetGUID=", "<CodeRef target="),
    }[kind]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("entity", "declares entities of its own"),
        ("xml", "not well-formed"),
        ("position", "no whole number"),
        ("outside", "outside the text of Rota 2019"),
        ("code", "which the codebook does not have"),
    ],
)
def test_broken_projects_are_refused_by_name(tmp_path: Path, kind: str, message: str) -> None:
    file = Qdpx(TEXT).write(tmp_path / "p.qdpx", project=broken(kind), parts={"sources/T1.txt": TEXT.encode()})
    with pytest.raises(RealistError) as caught:
        codings_of(file, intake())
    assert message in str(caught.value) and "p.qdpx" in str(caught.value) and caught.value.remedy


@pytest.mark.parametrize(
    ("parts", "message"),
    [({}, "the plain text of Rota 2019"), ({"sources/T1.txt": b"\xff\xfa\xfb"}, "is not UTF-8")],
)
def test_sources_that_are_missing_or_no_text(tmp_path: Path, parts: dict[str, bytes], message: str) -> None:
    project = Qdpx(TEXT)
    project.quote("fewer left", "Outcome")
    with pytest.raises(RealistError, match=message):
        codings_of(project.write(tmp_path / "p.qdpx", parts=parts), intake())


def test_no_zip_and_no_project(tmp_path: Path) -> None:
    file = tmp_path / "p.qdpx"
    file.write_bytes(b"PK nothing")
    with pytest.raises(RealistError, match="damaged or cut off"):
        codings_of(file, intake())
    import zipfile

    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "b")
    with pytest.raises(RealistError, match="holds no project"):
        codings_of(file, intake())
