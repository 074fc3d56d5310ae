"""Marks around the text of studies, which no study can contain.

A mark is a hash of the very text that it encloses. To write its own mark, a text would have to hold its own hash;
so nobody can close the enclosure from inside, and yet the same text has the same mark, so that equal requests stay
equal and are answered from the cache.
"""

from __future__ import annotations

import hashlib

_DIGITS = 16


def mark_for(*texts: str) -> str:
    """The line that stands before and after ``texts``; occurs in none of them."""
    content = "\0".join(texts)
    turn = 0
    while True:
        mark = f"====={hashlib.sha256(f'{turn}:{content}'.encode()).hexdigest()[:_DIGITS]}====="
        if mark not in content:
            return mark
        turn += 1
