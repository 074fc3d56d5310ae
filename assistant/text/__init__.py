"""Pure work on words: sentences, passages, quote location, section headings, prompt files."""
