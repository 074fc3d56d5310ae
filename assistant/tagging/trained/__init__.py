"""The trained tagger: marks from a fine-tuned encoder's token states, and a scored linker that joins them.

Training (`evals.extraction.train`) cuts windows, names tags and builds features with these same modules.
"""
