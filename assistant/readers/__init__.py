"""Readers: each turns the bytes of one format into blocks, from which `builder` makes a study."""

READER_VERSION = 2
"""Changes when the same file gives another stored text, blocks or sections; part of the store's fingerprint."""
