"""The engine that drafts with a chat model; every word of evidence still stands in its source."""
