"""Reading order: where the gutter between columns runs, and which lines come first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.readers.pdf.lines import Line

_LEAST_LINES = 4
"""Lines that each of two columns has at the least."""
_NARROWEST = 6.0
"""Points that a gutter is wide at the least."""
_SAME_PLACE = 8.0
"""Points within which gutters of different pages count as one."""
_STRAY = 2.5
"""Heights of its type up to which a line, such as a page number, says nothing of columns."""
_FLUSH = 2.5
"""Points from its edge within which a line counts as set against a gutter."""
_MIDDLE = (0.25, 0.75)
"""Share of the width of the text between which a gutter is looked for."""
_CROSSED = 0.5
"""Lines that may cross the gutter, as a share of the lines of the shorter column."""


@dataclass(frozen=True, slots=True)
class Gutter:
    """An empty strip from top to bottom between two columns."""

    x0: float
    """Its left edge, in points."""
    x1: float
    """Its right edge."""

    @property
    def middle(self) -> float:
        """Half way between the columns."""
        return (self.x0 + self.x1) / 2


def find_gutter(lines: Sequence[Line]) -> Gutter | None:
    """The gutter that parts most of ``lines``; None where they stand in one column."""
    lines = [line for line in lines if line.width > _STRAY * line.face.size]
    if len(lines) < 2 * _LEAST_LINES:
        return None
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    width = right - left
    first, last = int(left + _MIDDLE[0] * width), int(left + _MIDDLE[1] * width)
    best: tuple[float, Gutter] | None = None
    for strip in _strips(lines, first, last):
        score = _score(lines, strip, width)
        if score > 0 and (best is None or score > best[0]):
            best = score, strip
    return best[1] if best else None


def _strips(lines: Sequence[Line], first: int, last: int) -> Iterable[Gutter]:
    """Runs of points that fewer lines cross than anywhere near."""
    changes: Counter[int] = Counter()
    for line in lines:
        changes[round(line.x0)] += 1
        changes[round(line.x1)] -= 1
    depth = [0] * (last + 2)
    level = sum(change for x, change in changes.items() if x < first)
    for x in range(first, last + 1):
        level += changes[x]
        depth[x] = level
    for limit in sorted({min(depth[first : last + 1], default=0), *_quantiles(depth[first : last + 1])}):
        start: int | None = None
        for x in range(first, last + 2):
            low = x <= last and depth[x] <= limit
            if low and start is None:
                start = x
            elif not low and start is not None:
                if x - start >= _NARROWEST:
                    yield Gutter(start, x)
                start = None


def _quantiles(depth: Sequence[int]) -> list[int]:
    ordered = sorted(depth)
    return [ordered[len(ordered) * share // 100] for share in (2, 5, 10)] if ordered else []


def _score(lines: Sequence[Line], strip: Gutter, width: float) -> float:
    """How many lines the strip parts; 0 or less if it is no gutter."""
    middle = strip.middle
    left = [line for line in lines if line.x1 <= middle + 1]
    right = [line for line in lines if line.x0 >= middle - 1]
    crossing = len(lines) - len(left) - len(right)
    shorter = min(_full(left, strip.x0, right=True), _full(right, strip.x1, right=False))
    if shorter < _LEAST_LINES or crossing > _CROSSED * (len(left) + len(right)):
        return 0.0
    return shorter - 0.25 * crossing + min(strip.x1 - strip.x0, 30.0) / 100


def _full(lines: Sequence[Line], edge: float, *, right: bool) -> int:
    """How many of the lines look like running text that is set against the gutter."""
    count = 0
    for line in lines:
        against = abs((line.x1 if right else line.x0) - edge) < 3 * line.face.size
        count += against and line.width > 8 * line.face.size
    return count


def common_gutter(gutters: Iterable[Gutter | None]) -> Gutter | None:
    """The gutter that most pages of a document have; None where fewer than two agree."""
    places: dict[int, list[Gutter]] = {}
    for gutter in gutters:
        if gutter is not None:
            places.setdefault(round(gutter.middle / _SAME_PLACE), []).append(gutter)
    best = max(places.values(), key=len, default=[])
    if len(best) < 2:
        return None
    return Gutter(max(gutter.x0 for gutter in best), min(gutter.x1 for gutter in best))


def has_columns(lines: Sequence[Line], gutter: Gutter) -> bool:
    """Whether, somewhere on a page, lines are set flush against ``gutter`` with others on its far side."""
    left: list[Line] = []
    right: list[Line] = []
    for line in sorted(lines, key=lambda line: line.y):
        if crosses(line, gutter):
            left, right = [], []
            continue
        (left if line.x1 <= gutter.middle + 2 else right).append(line)
        flush = max(
            sum(abs(other.x1 - gutter.x0) < _FLUSH and other.width > 8 * other.face.size for other in left),
            sum(abs(other.x0 - gutter.x1) < _FLUSH and other.width > 8 * other.face.size for other in right),
        )
        if flush >= _LEAST_LINES and min(len(left), len(right)) >= 2:
            return True
    return False


def in_order(lines: Sequence[Line], gutter: Gutter | None) -> list[Line]:
    """``lines`` as they are read: in bands between the lines that cross the gutter, each band column by column."""
    ordered = sorted(lines, key=lambda line: (round(line.y, 0), line.x0))
    if gutter is None:
        return ordered
    result: list[Line] = []
    band: list[Line] = []
    for line in ordered:
        if crosses(line, gutter):
            result.extend(_by_column(band, gutter))
            band = []
            result.append(line)
        else:
            band.append(line)
    return result + _by_column(band, gutter)


def crosses(line: Line, gutter: Gutter) -> bool:
    """Whether ``line`` runs over the gutter."""
    return line.x0 < gutter.middle - 2 and line.x1 > gutter.middle + 2


def _by_column(band: Sequence[Line], gutter: Gutter) -> list[Line]:
    left = [line for line in band if line.x0 < gutter.middle - 2]
    right = [replace(line, column=1) for line in band if line.x0 >= gutter.middle - 2]
    return left + right
