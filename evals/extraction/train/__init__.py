"""Training of the tagger that ships."""
