"""What identifies a study, as far as its first page and its running heads print it; nothing is guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.domain.study import Bibliography
from assistant.readers.pdf.glyphs import DocumentInfo
from assistant.readers.pdf.lines import Line
from assistant.readers.pdf.setting import Setting
from assistant.text.headings import is_known_heading

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"'<>\[\]{},]+")
_CITATION = re.compile(
    r"^(?:.{0,60}?\bet al\.?,?\s+)?(?P<journal>[A-Z][A-Za-z&:’' -]{2,80}?),?\s+"
    r"\(?(?P<year>(?:19|20)\d\d)\)?[,;:]?\s*(?:vol\.?\s*)?\d+\s*[:(,]"
)
_YEARS = (
    re.compile(r"(?:©|\(c\)|copyright)\s*(?:the authors?(?:\(s\))?\.?,?\s*)?((?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(
        r"\bpublished(?:\s+online)?\s*:?\s*(?:\d{1,2}\s+)?(?:[A-Z][a-z]+\.?\s+)?(?:\d{1,2},\s*)?((?:19|20)\d\d)\b",
        re.IGNORECASE,
    ),
)
_MARKS = re.compile(
    r"\s*\[[^\[\]]{0,40}\]|\s?\d+[*†‡]*(?:,\d+[*†‡]*)*|[*†‡§¶⁰¹²³⁴-⁹]+|\b(?:PhD|MD|MSc|MPH|RN|BSc|MA|DPhil|Prof|Dr)\b\.?"
)
_NAME = re.compile(
    r"^(?:[A-ZÀ-Ž][\w’'.-]*|[a-zà-ž]{1,3}|d[’']\w+|v[ao]n|de[nrl]?)(?:\s+(?:[A-ZÀ-Ž][\w’'.-]*|v[ao]n|d[aeiou][nrls]?|la|le|ter|ten|el|al|bin|y|und)){1,5}$"
)
_PARTICLES = frozenset("van von de der den del della di da du dos das la le ter ten el al bin".split())
_FILE_NAME = re.compile(
    r"\.(?:docx?|pdf|indd|tex|qxd|rtf|dvi|fm)\b|^microsoft word|untitled|^\W*\d*\W*$", re.IGNORECASE
)
_TITLE_SHARE = 0.82
"""Share of the largest size from which a line right after the title's belongs to it."""


def find_title(first_page: Sequence[Line], setting: Setting) -> tuple[int, ...]:
    """Indices of the lines of the title: those in the largest type of the page, if it is larger than text."""
    sizes = [line.face.size for line in first_page if len(line.text) > 2 and any(map(str.isalpha, line.text))]
    for size in sorted(set(sizes), reverse=True):
        if size < 1.12 * setting.body.size:
            break
        numbers = [number for number, line in enumerate(first_page) if line.face.size >= 0.97 * size]
        run = _run_from(numbers[0], first_page, size)
        words = " ".join(first_page[number].text for number in run).split()
        if len(words) >= 3 and not is_known_heading(" ".join(words)):
            return tuple(run)
    return ()


def _run_from(start: int, lines: Sequence[Line], size: float) -> list[int]:
    run = [start]
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if (
            line.face.size < _TITLE_SHARE * size
            or line.y - lines[run[-1]].y > 3.2 * size
            or is_known_heading(line.text)
        ):
            break
        run.append(number)
    return run


def bibliography(
    title: str,
    first_page: Sequence[Line],
    furniture: Iterable[str],
    authors: Sequence[str],
    last_page: Sequence[str],
    info: DocumentInfo,
) -> Bibliography:
    """What the first page and the running heads say.

    Args:
        title: As it is set on the first page; empty where that does not tell.
        first_page: All its lines.
        furniture: Running heads and feet.
        authors: The lines after the title.
        last_page: The texts of its last lines.
        info: What the file says of itself.
    """
    heads = list(furniture)
    texts = [line.text for line in first_page]
    cited = next((match for text in [*heads, *texts[:4]] if (match := _CITATION.match(text))), None)
    return Bibliography(
        title=title or plausible_title(info.title),
        authors=tuple(_authors(authors)),
        year=_year(texts, int(cited["year"]) if cited else None),
        journal=cited["journal"].strip() if cited else "",
        doi=_doi([*texts, *heads]) or _own_doi(last_page),
    )


def plausible_title(said: str) -> str:
    """The title that a file states, unless it is a file name or a program's leaving."""
    return said.strip() if len(said.split()) >= 3 and not _FILE_NAME.search(said.strip()) else ""


def _doi(texts: Sequence[str]) -> str:
    """The one identifier that the page prints; the commonest where it prints several, nothing where that ties."""
    found = Counter(match[0].rstrip(".;:)").lower() for text in texts for match in _DOI.finditer(text))
    ranked = found.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]


def _own_doi(lines: Sequence[str]) -> str:
    """The identifier that a journal prints on the last page above or below ``Cite this article as``."""
    for number, line in enumerate(lines):
        if line.lower().startswith("cite this article"):
            near = [
                other
                for other in lines[max(0, number - 1) : number + 4]
                if other.lower().startswith(("doi", "https://doi", "cite"))
            ]
            return _doi(near)
    return ""


def _year(texts: Sequence[str], cited: int | None) -> int | None:
    if cited:
        return cited
    joined = "\n".join(texts)
    for pattern in _YEARS:
        if years := {int(year) for year in pattern.findall(joined)}:
            return min(years) if len(years) == 1 else None
    return None


def _authors(lines: Sequence[str]) -> list[str]:
    """Names from the lines after the title, if they read as a list of names throughout."""
    names: list[str] = []
    for line in lines:
        parts = [part.strip(" .;") for part in re.split(r",|;|\band\b|&", _MARKS.sub(" ", line))]
        parts = [" ".join(part.split()) for part in parts if part.strip()]
        if not parts or not all(_NAME.match(part) for part in parts):
            break
        names.extend(parts)
    return [_family_first(name) for name in names]


def _family_first(name: str) -> str:
    words = name.split()
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}"
