"""How fast files are read, PDFs beside a plain text dump in the same run; how memory and time grow with pages.

Run as ``python -m evals.bench.reading FILE… [--pages 10 100 1000] [--json]``, files of any format. The machine may
be shared: compare the ratios, which are of runs taken in turn.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROUNDS = 3
"""Times that each file is read each way, in turn."""
_GROWTH = 1.6
"""Seconds per page at the most pages over those at the fewest from which reading is not linear."""
_GATE_FAILED = 3
_PAGE_WORDS = 500
"""Words that count as a page where a format has none."""
_WORDS = (
    "the garden project gave each neighbour a small plot and a shared tool store so that newcomers met older members "
    "while digging and because advice was freely given many began to trust the committee and stayed through winter"
).split()


@dataclass(frozen=True, slots=True)
class Speed:
    """What reading one file cost, in a process of its own."""

    name: str
    """Of the file."""
    format: str
    """What it was read as."""
    pages: float
    """How many it has; where the format has none, its words by 500."""
    ours: float
    """Pages per second from the file to the stored text, median."""
    dump: float | None
    """Pages per second of a plain pypdf dump, median, in the same run; None where the file is no PDF."""
    megabytes: float
    """Peak memory of the process that reads, its imports included."""

    @property
    def ratio(self) -> float | None:
        """Ours over the dump's; above 1 is faster."""
        return self.ours / self.dump if self.dump else None


@dataclass(frozen=True, slots=True)
class Growth:
    """What reading a made document of some length cost, in a process of its own."""

    pages: int
    """Its length."""
    seconds: float
    """To read it, the start of the opening process left out."""
    megabytes: float
    """Peak memory of the process that reads, its imports included."""
    opener_megabytes: float
    """Peak memory of the process that opens the file."""


def speed(path: Path) -> Speed:
    """Reads ``path`` in a fresh process; a PDF both ways in turn."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (path,))


def _timed(path: Path) -> Speed:
    from assistant.readers.registry import read_study

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    study = read_study(path)
    pages = len(study.pages) or len(study.text.split()) / _PAGE_WORDS
    is_pdf = study.source.format == "PDF"
    ours, dump = [], []
    for _ in range(ROUNDS):
        ours.append(pages / _seconds(lambda: read_study(path)))
        if is_pdf:
            dump.append(pages / _seconds(lambda: _dump(path.read_bytes())))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Speed(path.name, study.source.format, pages, median(ours), median(dump) if dump else None, peak)


def growth(lengths: Sequence[int]) -> list[Growth]:
    """Reads made documents of ``lengths`` pages, each in a fresh process."""
    results = []
    for pages in lengths:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            results.append(pool.apply(_grown, (pages,)))
    return results


def _grown(pages: int) -> Growth:
    from assistant.readers.pdf import service

    data = made_document(pages)
    _read(made_document(1))
    seconds = _seconds(lambda: _read(data))
    service.close()
    own, opener = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return Growth(pages, seconds, own.ru_maxrss / 1024, opener.ru_maxrss / 1024)


def made_document(pages: int) -> bytes:
    """A PDF of ``pages`` pages in two columns, about 800 words each, with running heads and page numbers."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), pageCompression=1)
    word = 0
    for page in range(1, pages + 1):
        canvas.setFont("Times-Roman", 9.5)
        canvas.drawString(56, 800, "Garden studies quarterly")
        canvas.drawCentredString(297, 40, str(page))
        for left in (56, 306):
            for row in range(60):
                line = " ".join(_WORDS[(word + offset) % len(_WORDS)] for offset in range(8))
                word += 7
                canvas.drawString(left, 770 - 11.8 * row, f"{line.capitalize()}." if row % 6 == 5 else line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _read(data: bytes) -> None:
    from assistant.readers.pdf import read_pdf

    read_pdf(data)


def _dump(data: bytes) -> None:
    from pypdf import PdfReader

    for page in PdfReader(io.BytesIO(data)).pages:
        page.extract_text()


def _seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and reports; 3 when reading grows faster than its pages."""
    parser = argparse.ArgumentParser(prog="evals.bench.reading", description=__doc__.partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--pages", type=int, nargs="*", default=[10, 100, 1000], help="lengths of made documents")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    speeds, grown = [speed(path) for path in chosen.files], growth(chosen.pages)
    if chosen.json:
        print(json.dumps({"speed": [asdict(row) for row in speeds], "growth": [asdict(row) for row in grown]}))
    else:
        _report(speeds, grown)
    per_page = [row.seconds / row.pages for row in grown]
    return _GATE_FAILED if len(per_page) > 1 and per_page[-1] > _GROWTH * per_page[0] else 0


def _report(speeds: Sequence[Speed], grown: Sequence[Growth]) -> None:
    for row in speeds:
        beside = f", pypdf dump {row.dump:7.1f}/s, {row.ratio:.2f} times it" if row.dump and row.ratio else ""
        print(
            f"{row.name:32} {row.format:16} {row.pages:6.1f} pages {row.ours:7.1f}/s, "
            f"peak {row.megabytes:.0f} MB{beside}"
        )
    for made in grown:
        print(
            f"{made.pages:5} pages {made.seconds:7.2f} s, {made.pages / made.seconds:6.1f}/s, "
            f"peak {made.megabytes:.0f} MB reading, {made.opener_megabytes:.0f} MB opening"
        )


if __name__ == "__main__":
    sys.exit(main())
