"""A terminal assistant for realist evaluation and synthesis."""

__version__ = "0.1.0"
