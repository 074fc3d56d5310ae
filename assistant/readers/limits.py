"""How much a reader takes before it refuses, so that a broken or hostile file leaves the machine usable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Bounds on one study file; generous for real studies, of which the largest are books of some megabytes."""

    max_bytes: int = 256 * 1024 * 1024
    """Size of the file, in bytes."""
    max_characters: int = 5_000_000
    """Length of the stored text, in Unicode code points; a long book has about one million."""
    max_xml_depth: int = 256
    """How deeply the elements of an XML file may nest; articles reach about thirty."""
    max_xml_elements: int = 2_000_000
    """Number of tags in an XML file; articles reach about twenty thousand."""
    max_parts: int = 10_000
    """Number of files in a zipped format; an e-book has some hundreds."""
    max_part_bytes: int = 64 * 1024 * 1024
    """What one file in a zipped format may unfold to, in bytes; text of a long book takes some megabytes."""
    max_unpacked_bytes: int = 512 * 1024 * 1024
    """What a zipped format may unfold to in all, pictures and all, in bytes."""
