"""What a line opens with: a bullet, an item's number, a caption's label, a placeholder."""

from __future__ import annotations

import re
from dataclasses import dataclass

BULLET = "• "
"""What any bullet is written as."""

_BULLET = re.compile(r"^(?:[•◦▪▫‣⁃●○■□◆◇►▶➢➤✓✔❖\uf0b7\uf0a7\uf02d\uf0d8\ufffd·∙]+\s*|o\s(?=[A-Z])|\*\s+)(?=\S)")
_DASH = re.compile(r"^[-–—]\s+(?=[^\s\d])")
_NUMBER = re.compile(
    r"^(?:\((?P<b>\d{1,3}|[a-z]|[ivx]{1,4})\)|(?P<n>\d{1,3}|[a-z]|[ivx]{1,4})[.)])(?P<gap>\s*)(?=\S|$)"
)
_LONE = re.compile(r"^(?:\(?\d{1,3}[.)]|\[\d{1,3}\]|[a-z]\))$")
_CAPTION = re.compile(
    r"^(?P<label>(?:(?:supplementary|additional|appendix)\s+)?(?:table|figure|fig\.?|box|chart|scheme|exhibit|panel)s?)\s+"
    r"(?P<number>[A-Z]?\d{1,3}(?:\.\d{1,2})?[a-z]?|[IVX]{1,5})\b(?P<stop>\s?[.:|–—]\s*|\s*)(?P<title>.*)$",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"^[\[(<]?\s*(?:insert|place|put)\s+(?:table|figure|fig\.?|box|appendix)\s+\w+.{0,40}$"
    r"|^[\[(<]?\s*(?:table|figure|fig\.?|box)\s+\w+\s+(?:about )?(?:near )?here\s*[\])>]?\.?$",
    re.IGNORECASE,
)
_VERBS = re.compile(
    r"^(?:and|or|to|shows?|presents?|summari[sz]es?|lists?|gives?|provides?|illustrates?|describes?|depicts?|"
    r"outlines?|displays?|reports?|is|are|was|were|below|above|in|of|for|on|that|which|has|have|indicates?|"
    r"demonstrates?|compares?|sets?|details?|represents?|contains?|captures?)\b"
)
_IMAGE = re.compile(r"^\[image:[^\]]*\]$", re.IGNORECASE)
_PACKAGE_FILE = re.compile(r"^[\w.-]+(?:/[\w.-]+)+\.(?:xhtml|html?|css|png|gif|jpe?g|svg|opf|ncx|js)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ItemNumber:
    """The number that opens a list item or a reference."""

    value: int
    """Its place in the list, letters and roman numerals counted too."""
    length: int
    """Characters that it takes, white space after it included."""
    lone: bool
    """Whether nothing follows it on its line."""
    spaced: bool
    """Whether white space follows it."""


def bullet_length(text: str) -> int:
    """Characters of the bullet that opens ``text``; 0 if none does. A dash counts when a space follows."""
    match = _BULLET.match(text) or _DASH.match(text)
    return match.end() if match else 0


def is_dash_bullet(text: str) -> bool:
    """Whether the bullet is a dash, which may also be a dash of the sentence."""
    return bool(_DASH.match(text))


def item_number(text: str) -> ItemNumber | None:
    """The item number that opens ``text``, as in ``2. Next``, ``(b) next`` or ``3)``."""
    match = _NUMBER.match(text)
    if match is None or (match["n"] and not match["n"].isdigit() and not match["gap"] and match.end() < len(text)):
        return None
    mark = match["b"] or match["n"]
    return ItemNumber(_value(mark), match.end(), match.end() == len(text), bool(match["gap"]))


def is_lone_number(text: str) -> bool:
    """Whether a line is an item's number alone, its words on the next line."""
    return bool(_LONE.match(text))


def _value(mark: str) -> int:
    if mark.isdigit():
        return int(mark)
    romans = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
    return romans.get(mark, ord(mark[0]) - ord("a") + 1)


def is_caption(text: str) -> bool:
    """Whether a line opens a caption, and not a sentence on a figure or table."""
    match = _CAPTION.match(text[:400])
    if match is None:
        return False
    title = match["title"].strip()
    if not title or match["stop"].strip():
        return True
    return not _VERBS.match(title) and (
        title[0].isupper() or title[0] in "‘“\"'(" or (len(text) < 60 and title[-1] not in ".;,:")
    )


def is_caption_label(text: str) -> bool:
    """Whether a line is a caption's label and number alone, its title on the next line."""
    match = _CAPTION.match(text[:400])
    return match is not None and not match["title"].strip()


def caption_is_table(text: str) -> bool:
    """Whether the caption belongs to a table or box, whose words follow it."""
    match = _CAPTION.match(text[:400])
    return match is not None and not match["label"].lower().startswith("fig")


def is_placeholder(text: str) -> bool:
    """Whether a line only marks where a figure or table was to be set."""
    return len(text) < 100 and bool(_PLACEHOLDER.match(text))


def is_image(text: str) -> bool:
    """Whether a line stands for an image that a conversion left out."""
    return bool(_IMAGE.match(text[:300]))


def is_package_file(text: str) -> bool:
    """Whether a line names a file of the web page or e-book that a text was converted from."""
    return len(text) < 200 and bool(_PACKAGE_FILE.match(text))
