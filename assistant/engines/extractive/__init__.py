"""The engine that needs no chat model: verbatim sentences, and configurations from a tagger."""
