"""Training of the reranker of the extractive engine."""
