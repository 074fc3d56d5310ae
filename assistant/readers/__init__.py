"""Readers: each turns the bytes of one format into blocks, from which `builder` makes a study."""
