"""Which lines of running text open a list item or a reference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.readers.layout.lines import TAB_COLUMNS, Geometry, Line
from assistant.readers.layout.markers import bullet_length, is_dash_bullet, is_lone_number, item_number
from assistant.readers.layout.sentence_ends import is_finished

_LABELLED_ITEM = re.compile(r"^[A-Z][\w’'-]+(?: [\w’'/&-]+){0,2}: \S")
_LABELLED_ITEMS = 3
"""Lines of a run that have to open with a label for the run to be a labelled list."""
_LONGEST_ITEM = 40
"""Lines that an item may fill before the next number comes."""


class ItemFinder:
    """Tells the openings of items among the lines of running text, which it names by position."""

    def __init__(self, lines: Sequence[Line], geometry: Geometry) -> None:
        self._lines = lines
        self._geometry = geometry
        self._labelled = self._labelled_items() if geometry.wrapped else set()

    def opens(self, position: int) -> bool:
        """Whether an item opens at ``position``."""
        line = self._lines[position]
        if bullet_length(line.text):
            return not is_dash_bullet(line.text) or self._dash_opens(position)
        if position in self._labelled:
            return True
        if is_lone_number(line.text):
            return bool(line.gap or line.tabbed or line.glued)
        number = item_number(line.text)
        if number is not None and not number.lone:
            return self._number_opens(position, number.value)
        return line.indent == TAB_COLUMNS and not self._geometry.wrapped and len(line.text.split()) > 2

    def is_marked(self, position: int) -> bool:
        """Whether a bullet, number or label, and not indentation alone, makes the line at ``position`` an item."""
        text = self._lines[position].text
        return position in self._labelled or bool(bullet_length(text)) or item_number(text) is not None

    def _dash_opens(self, position: int) -> bool:
        line = self._lines[position]
        return bool(line.gap or line.glued) or position == 0 or is_finished(self._lines[position - 1].text)

    def _number_opens(self, position: int, value: int) -> bool:
        """Whether the number is the first of a list, or the one after the last."""
        line = self._lines[position]
        last = next((number for number in self._numbers_before(position)), None)
        if value != 1 and (last is None or last + 1 != value):
            return False
        if position == 0 or line.gap or line.glued or line.opens_page or not self._geometry.wrapped:
            return True
        before = self._lines[position - 1].text
        return is_finished(before) or before.endswith((";", ","))

    def _numbers_before(self, position: int) -> Iterator[int]:
        for earlier in range(position - 1, max(-1, position - _LONGEST_ITEM), -1):
            number = item_number(self._lines[earlier].text)
            if number is not None:
                yield number.value

    def _labelled_items(self) -> set[int]:
        """Positions of lines that open the items of a list whose items begin with a label and a colon."""
        found: set[int] = set()
        run: list[int] = []
        for position, line in enumerate(self._lines):
            if line.gap or line.opens_page:
                found.update(self._labelled_in(run))
                run = []
            run.append(position)
        return found | self._labelled_in(run)

    def _labelled_in(self, run: Sequence[int]) -> set[int]:
        opening = [position for position in run if _LABELLED_ITEM.match(self._lines[position].text)]
        return set(opening) if len(opening) >= _LABELLED_ITEMS and opening[0] == run[0] else set()
