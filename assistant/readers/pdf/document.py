"""The one module that knows pdfium: opens a file and takes words and rules off its pages."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.readers.pdf.glyphs import DocumentInfo, Face, PageContent, PageFault, Rule, Word
from assistant.readers.pdf.wire import ENCRYPTED, MALFORMED, TOO_LARGE

if TYPE_CHECKING:
    import pypdfium2

_BROKEN = "￾\x02"
"""What pdfium puts for a hyphen that ends a line."""
_TOKEN = re.compile(rf"[^\s\x00{_BROKEN}]+[{_BROKEN}]?|[{_BROKEN}]")
_MOST_CHARACTERS = 100_000
"""Characters on one page beyond which it is no page of a study; the densest print has about 15,000."""
_NOTHING = frozenset("\ufffd\x00")
"""What stands for a sign of which the file gives no character; private characters are the other way."""
_MOST_PAGES = 20_000
_MOST_OBJECTS = 4_000
"""Drawn objects that are looked at for rules on one page; charts may have a hundred thousand."""
_PATH, _IMAGE = 2, 3
_THIN = 3.0
"""Points up to which something drawn is a rule, not an area."""
_SHORTEST_RULE = 20.0
_PICTURE = 0.6
"""Share of a page's area from which an image is the page."""
_PASSWORD_ERROR = 4


class Refused(Exception):
    """A file that can't be opened.

    Args:
        kind: One of the kinds that `wire` knows.
        reason: Why, without a full stop.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


@dataclass
class PdfDocument:
    """An open file."""

    info: DocumentInfo
    """What the file says of itself."""
    pages: int
    """How many it has."""
    _document: pypdfium2.PdfDocument = field(repr=False)

    @classmethod
    def open(cls, data: bytes) -> PdfDocument:
        """Opens ``data``, with the empty password if it has one.

        Raises:
            Refused: If it is encrypted, or damaged beyond reading.
        """
        import pypdfium2

        try:
            document = pypdfium2.PdfDocument(data)
            said = document.get_metadata_dict()
            pages = len(document)
        except pypdfium2.PdfiumError as error:
            if error.err_code == _PASSWORD_ERROR:
                raise Refused(ENCRYPTED, "the PDF is encrypted and opens only with a password") from error
            raise Refused(MALFORMED, f"the PDF is damaged ({str(error).rstrip('.')})") from error
        if pages > _MOST_PAGES:
            raise Refused(TOO_LARGE, f"the PDF claims {pages:,} pages, over the limit of {_MOST_PAGES:,}")
        return cls(DocumentInfo(said.get("Title", ""), said.get("Author", "")), pages, document)

    def page(self, number: int) -> PageContent | PageFault:
        """What stands on page ``number``, from 1."""
        import pypdfium2

        try:
            page = self._document[number - 1]
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            return PageFault(number, "it is damaged")
        try:
            characters = textpage.count_chars()
            if characters > _MOST_CHARACTERS:
                return PageFault(number, f"it holds {characters:,} characters, more than any page of a study")
            return _PageReader(page, textpage, number).read()
        finally:
            textpage.close()
            page.close()

    def __iter__(self) -> Iterator[PageContent | PageFault]:
        for number in range(1, self.pages + 1):
            yield self.page(number)

    def close(self) -> None:
        """Gives the memory back."""
        self._document.close()


class _PageReader:
    """Takes one page apart."""

    def __init__(self, page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage, number: int) -> None:
        import pypdfium2.raw as raw

        self._raw: Any = raw
        self._page, self._text, self._number = page, textpage.raw, number
        self._characters: int = textpage.count_chars()
        self._rotation = page.get_rotation()
        self._box = page.get_cropbox()
        self._faces: dict[int, tuple[Face, tuple[float, float]]] = {}
        self._rect, self._matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def read(self) -> PageContent:
        width, height = self._page.get_size()
        upright: list[Word] = []
        turned: list[tuple[Word, tuple[float, float]]] = []
        for word, direction in self._words():
            if direction[0] > abs(direction[1]):
                upright.append(word)
            else:
                turned.append((word, direction))
        rules, pictured = self._drawn(width * height)
        inside = [word for word in upright if -5 <= word.x0 <= width + 5 and -5 <= word.y <= height + 5]
        unknown = sum(char in _NOTHING or 0xE000 <= ord(char) <= 0xF8FF for word in inside for char in word.text)
        sideways = tuple(word for word, _ in turned)
        return PageContent(self._number, width, height, tuple(inside), rules, sideways, pictured, unknown)

    def _words(self) -> Iterator[tuple[Word, tuple[float, float]]]:
        """Words with the direction that they run in."""
        text = self._all_text()
        end = 0
        for match in _TOKEN.finditer(text):
            spaced = " " in text[end : match.start()] or "\xa0" in text[end : match.start()]
            end = match.end()
            yield from self._token(match[0], match.start(), spaced)

    def _all_text(self) -> str:
        """The page's characters, one a code point, at the indices by which pdfium knows them."""
        count = self._characters
        if not count:
            return ""
        buffer = (ctypes.c_ushort * (count + 1))()
        written = self._raw.FPDFText_GetText(self._text, 0, count, buffer) - 1
        text = bytes(buffer)[: 2 * max(written, 0)].decode("utf-16-le", errors="replace")
        if len(text) == count:
            return text
        return "".join(chr(self._raw.FPDFText_GetUnicode(self._text, index) or 0) for index in range(count))

    def _token(self, text: str, start: int, spaced: bool) -> Iterator[tuple[Word, tuple[float, float]]]:
        last = start + len(text) - 1
        first_object, last_object = self._object(start), self._object(last)
        if first_object == last_object:
            yield self._word(text, start, last, first_object, spaced)
            return
        begin, owner = start, first_object
        for index in range(start + 1, last + 2):
            other = self._object(index) if index <= last else -1
            if other == owner:
                continue
            yield self._word(text[begin - start : index - start], begin, index - 1, owner, spaced and begin == start)
            begin, owner = index, other

    def _object(self, index: int) -> int:
        """Which text object of the page the character belongs to, as a number."""
        found = self._raw.FPDFText_GetTextObject(self._text, index)
        return ctypes.cast(found, ctypes.c_void_p).value or 0 if found else 0

    def _word(self, text: str, first: int, last: int, owner: int, spaced: bool) -> tuple[Word, tuple[float, float]]:
        face, direction = self._face(first, owner)
        raw = self._raw
        raw.FPDFText_GetLooseCharBox(self._text, first, self._rect)
        x0, _ = self._shown(self._rect.left, self._rect.bottom)
        corner = self._shown(self._rect.right, self._rect.top)
        if last != first:
            raw.FPDFText_GetLooseCharBox(self._text, last, self._rect)
            corner = self._shown(self._rect.right, self._rect.top)
        raw.FPDFText_GetCharOrigin(self._text, first, self._x, self._y)
        _, y = self._shown(self._x.value, self._y.value)
        text = text[:-1] + "-" if text[-1] in _BROKEN else text
        return Word(text, min(x0, corner[0]), max(x0, corner[0]), y, face, spaced), direction

    def _face(self, index: int, owner: int) -> tuple[Face, tuple[float, float]]:
        """Face, and direction as shown, of the text object ``owner``, which character ``index`` belongs to."""
        known = self._faces.get(owner)
        if known is not None and owner:
            return known
        raw, matrix = self._raw, self._matrix
        size = float(raw.FPDFText_GetFontSize(self._text, index))
        right, up = (1.0, 0.0), 1.0
        if raw.FPDFText_GetMatrix(self._text, index, matrix):
            right, up = (matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
        buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        raw.FPDFText_GetFontInfo(self._text, index, buffer, 128, flags)
        name = buffer.value.decode("utf-8", errors="replace")
        face = Face.of(name, size * up, int(raw.FPDFText_GetFontWeight(self._text, index)), flags.value)
        known = face, self._turned(*right)
        self._faces[owner] = known
        return known

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        """A direction in the file's space as it is shown."""
        return {0: (x, -y), 90: (y, x), 180: (-x, y), 270: (-y, -x)}[self._rotation]

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        """A point in the file's space as it is shown."""
        left, bottom, right, top = self._box
        match self._rotation:
            case 90:
                return y - bottom, x - left
            case 180:
                return right - x, y - bottom
            case 270:
                return top - y, right - x
            case _:
                return x - left, top - y

    def _drawn(self, area: float) -> tuple[tuple[Rule, ...], bool]:
        """The rules on the page, and whether an image covers it."""
        raw, rules, pictured = self._raw, [], False
        edges = [ctypes.c_float() for _ in range(4)]
        for index in range(min(raw.FPDFPage_CountObjects(self._page.raw), _MOST_OBJECTS)):
            found = raw.FPDFPage_GetObject(self._page.raw, index)
            kind = raw.FPDFPageObj_GetType(found)
            if kind not in (_PATH, _IMAGE) or not raw.FPDFPageObj_GetBounds(found, *edges):
                continue
            x0, y0 = self._shown(edges[0].value, edges[1].value)
            x1, y1 = self._shown(edges[2].value, edges[3].value)
            x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
            if kind == _IMAGE:
                pictured = pictured or (x1 - x0) * (y1 - y0) >= _PICTURE * area
            elif y1 - y0 <= _THIN and x1 - x0 >= _SHORTEST_RULE:
                rules.append(Rule(x0, x1, (y0 + y1) / 2))
        return tuple(sorted(rules, key=lambda rule: rule.y)), pictured
