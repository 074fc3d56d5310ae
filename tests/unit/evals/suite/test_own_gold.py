from pathlib import Path

import pytest

from assistant.errors import RealistError, UsageError
from evals.extraction.evaluate import codings_in
from evals.extraction.importing.anything import codings_of
from evals.extraction.importing.writing import write_codings
from evals.suite.own import own_gold

from ..extraction.importing.coded_studies import intake, texts

ROW = "rota-2019,managers had listened before,They felt trusted,fewer left"
CODING = f"study,context,mechanism,outcome\n{ROW}\nrota-2019,,nobody said this,fewer left\n"


def test_a_coding_in_another_format_is_brought_to_the_projects(tmp_path: Path) -> None:
    (tmp_path / "anna.csv").write_text(CODING)
    own = own_gold(tmp_path / "anna.csv", texts(), tmp_path / "cache")
    assert own.folder.is_relative_to(tmp_path / "cache") and list(own.studies) == ["rota-2019"]
    assert [one.header.coder for one in codings_in(own.folder)["rota-2019"]] == ["anna"]
    assert len(own.account.lost) == 1
    again = own_gold(tmp_path / "anna.csv", texts(), tmp_path / "cache")
    assert again.folder == own.folder and len(list(own.folder.iterdir())) == 1


def test_the_projects_own_format_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "anna.csv").write_text(CODING)
    found, _ = codings_of(tmp_path / "anna.csv", intake())
    (written,) = write_codings(tmp_path / "gold", found)
    assert own_gold(tmp_path / "gold", texts(), tmp_path / "cache").folder == tmp_path / "gold"
    single = own_gold(written, texts(), tmp_path / "cache")
    assert single.folder != tmp_path and list(codings_in(single.folder)) == ["rota-2019"]


def test_what_can_not_be_gold(tmp_path: Path) -> None:
    (tmp_path / "z.csv").write_text("study,context,outcome\nattic,a,b\n")
    with pytest.raises(UsageError, match=r"None of the coded studies \(attic\) is at hand"):
        own_gold(tmp_path / "z.csv", texts(), tmp_path)
    with pytest.raises(RealistError, match="is not there"):
        own_gold(tmp_path / "y.csv", texts(), tmp_path)
