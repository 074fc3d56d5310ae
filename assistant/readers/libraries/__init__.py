"""Reference libraries beside the studies: RIS, BibTeX and CSV files, and which entry belongs to which study."""

from assistant.readers.libraries.matching import Library, LibraryEntry, Match, MatchedBy
from assistant.readers.libraries.parsing import load_library

__all__ = ["Library", "LibraryEntry", "Match", "MatchedBy", "load_library"]
