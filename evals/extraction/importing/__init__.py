"""Codings made elsewhere, brought to the project's format.

A reader for each format yields marks: a quote and the part that it plays (`tables`, `objects`, `brat`, `qdpx`, with
what codes mean in `vocabulary`). The quotes are looked for in the studies' stored texts (`studies`, `placing`), put
together to configurations (`grouping`) and written as codings (`codings`).
"""
