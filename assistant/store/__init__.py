"""The local store of studies, passages and vectors; the only package that knows Chroma and SQLite."""
