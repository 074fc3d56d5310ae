"""How a document is set: the type and leading of its running text, and what differs from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.readers.pdf.glyphs import Face
from assistant.readers.pdf.lines import Line

_SAME = 0.04
"""Share by which sizes may differ and still count as one."""
_LARGER = 1.06
"""Times the size of running text from which type is that of a heading."""
_USUAL_LEADING = 1.2
"""Leading over size where a document does not tell."""
_INDENTED = (0.6, 4.0)
"""Heights of the type that the first line of a paragraph may be set in by."""
_FONT_SHARE = 0.03
"""Share of a document's characters from which a font is one of running text."""
_MANY = 0.15
"""Share of lines that open paragraphs by indentation from which a document is taken to do so."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The type of a document's running text."""

    body: Face
    """The commonest face."""
    leading: float
    """From baseline to baseline, in points."""
    indents: bool
    """Whether paragraphs open with an indented line."""
    names: frozenset[str] = frozenset()
    """Fonts that running text is set in, lists and small print included."""

    def is_body(self, line: Line) -> bool:
        """Whether ``line`` is set as running text is."""
        face = line.face
        return self.same_size(face) and face.bold == self.body.bold and (not face.italic or self.body.italic)

    def same_size(self, face: Face) -> bool:
        """Whether ``face`` has the size of running text."""
        return abs(face.size - self.body.size) <= _SAME * self.body.size

    def is_small(self, line: Line) -> bool:
        """Whether ``line`` is set smaller than running text."""
        return line.face.size < (1 - _SAME) * self.body.size

    def is_large(self, line: Line) -> bool:
        """Whether ``line`` is set larger than running text."""
        return line.face.size > _LARGER * self.body.size

    def leading_of(self, face: Face) -> float:
        """The leading to expect of lines in ``face``."""
        return self.leading * max(face.size, 1.0) / max(self.body.size, 1.0)


def find_setting(pages: Sequence[Sequence[Line]]) -> Setting:
    """How the lines of ``pages``, each page's in order of the file, are set."""
    sizes: Counter[tuple[float, bool, bool]] = Counter()
    names: Counter[Face] = Counter()
    for lines in pages:
        for line in lines:
            sizes[line.face.size, line.face.bold, line.face.italic] += len(line.text)
            names[line.face] += len(line.text)
    if not sizes:
        return Setting(Face("", 10.0), 12.0, False)
    size, bold, italic = max(sizes, key=lambda key: (sizes[key], key))
    body = max((face for face in names if face[1:] == (size, bold, italic)), key=lambda face: (names[face], face.name))
    rough = Setting(body, _USUAL_LEADING * size, False)
    steps = Counter(_steps(pages, rough))
    leading = max(steps, key=lambda step: (steps[step], -step)) if steps else rough.leading
    return Setting(body, leading, _indents(pages, Setting(body, leading, False)), _running_names(names))


def _running_names(faces: Counter[Face]) -> frozenset[str]:
    fonts: Counter[str] = Counter()
    for face, count in faces.items():
        fonts[face.name] += count
    total = sum(fonts.values())
    return frozenset(name for name, count in fonts.items() if count >= _FONT_SHARE * total)


def _steps(pages: Iterable[Sequence[Line]], rough: Setting) -> Iterable[float]:
    """Distances between the baselines of running lines that follow each other."""
    for lines in pages:
        for before, line in pairwise(lines):
            step = line.y - before.y
            if rough.is_body(line) and rough.is_body(before) and 0.9 < step / rough.body.size < 3.2:
                yield round(step * 2) / 2


def _indents(pages: Iterable[Sequence[Line]], setting: Setting) -> bool:
    indented = full = 0
    for lines in pages:
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
            if not all(map(setting.is_body, (before, line, after))) or before.y >= line.y or line.y >= after.y:
                continue
            full += 1
            step = (line.x0 - after.x0) / setting.body.size
            indented += _INDENTED[0] <= step <= _INDENTED[1] and abs(before.x0 - after.x0) < 1.5
    return full > 0 and indented >= max(2, _MANY * full / 6)
