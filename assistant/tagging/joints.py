"""Where a sentence comes apart: statements, opening phrases, and what follows the thought."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.tagging.phrases import words_in

_JOINT = re.compile(
    r";\s|\s[–—]\s|:\s|,\s(?=[“‘\"])|,?\s(?:but|whereas)\s(?!also\b|not\b|rather\b)|,\s(?:while|although|"
    r"though|yet|however,|even though|despite the fact)\s"
    r"|,?\sand\s(?=(?:when|where|if|because|as a result)\s)|,\sand\s(?=(?:the|their|they|it|there|he|she|we|"
    r"some|many|most|others|participants|staff|patients|women|men)\s)",
    re.IGNORECASE,
)
_CUT = re.compile(
    r",\s(?:which|who|whom|whose|although|though|while|whereas|but|however|yet|rather than|as (?:it|they|the|"
    r"this|there|we|well)|"
    r"so|and (?:this|that|these|they|it|he|she|we|i|there|so|thus|therefore|also)|including|such as|"
    r"particularly|especially|"
    r"for (?:example|instance)|e\.g|i\.e|with (?:one|some|many|most|others|few)|namely|even if|regardless|compared)\b"
    r"|\s\((?=[^()]{25,}\))|\s(?:although|whereas|rather than|compared (?:to|with)|while (?:also|the|others|"
    r"some))\b|;\s",
    re.IGNORECASE,
)
_CONCESSION = re.compile(r"(?:although|though|even though|while|whilst|whereas)\s", re.IGNORECASE)
_IN_LIST = re.compile(r"(?:and|or|which|who|such as|including|for example|e\.g|whether|not)\b", re.IGNORECASE)
_LIST_GOES_ON = re.compile(r"\s*(?:and|or)\b|[^,]*,?\s*(?:and|or)\s[\w\s-]{2,30},", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_THEN = re.compile(r",?\sthen,?(?=\s)", re.IGNORECASE)
_MIN_STATEMENT, _MAX_ITEM, _MAX_OPENING = 3, 4, 45
"""Words: of a statement at least, of a list's item and of an opening phrase at most."""


def statements(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The runs between hard joints from ``start`` on; a joint inside brackets is none."""
    masked = _BRACKETED.sub(lambda match: "x" * len(match[0]), text)
    for match in _JOINT.finditer(masked, start):
        if words_in(text[start : match.start()]) >= _MIN_STATEMENT:
            yield start, match.start()
        elif match[0].strip() not in {":", ","}:
            continue
        start = match.end()
    yield start, len(text)


def is_concession(text: str, start: int) -> bool:
    """Whether a clause that opens with "although" or the like starts here."""
    return _CONCESSION.match(text, start) is not None


def closing_comma(text: str, start: int, end: int) -> int | None:
    """The comma that closes an opening phrase; commas of a list do not. None if there is none."""
    masked = _BRACKETED.sub(lambda match: "x" * len(match[0]), text[start:end])
    commas = [match.start() for match in re.finditer(r",(?=\s)", masked)]
    for place, comma in enumerate(commas):
        until = commas[place + 1] if place + 1 < len(commas) else None
        if _IN_LIST.match(text[start + comma + 1 : end].lstrip()):
            continue
        if until is not None and _is_item(text[start + comma + 1 : start + until], text[start + until + 1 : end]):
            continue
        return start + comma if words_in(text[start : start + comma]) <= _MAX_OPENING else None
    return None


def then_after(text: str, start: int, end: int) -> re.Match[str] | None:
    """The "then" that closes an opening "if"."""
    return _THEN.search(text, start, end)


def thought_end(text: str, start: int, end: int) -> int:
    """Where another thought begins after ``start``; ``end`` if none does."""
    cut = _CUT.search(text, start, end)
    return cut.start() if cut else end


def _is_item(item: str, following: str) -> bool:
    return words_in(item) <= _MAX_ITEM and _LIST_GOES_ON.match(following) is not None
