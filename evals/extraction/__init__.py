"""Extraction of configurations: gold, training data, scores."""
