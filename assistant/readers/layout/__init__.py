"""Layout of documents that come as lines: what a line is part of, and which lines belong together.

Nothing here knows a study's words. Lines are judged by geometry (length, indentation, gaps), repetition,
punctuation and a small vocabulary, so that any reader that has lines can use it.
"""
