"""Pure work on words: sentences, passages, quote location, section headings, hyphens, speakers."""
