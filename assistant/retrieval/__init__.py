"""From a question to the passages that may answer it: dense and lexical results fused, reranked, without repeats."""
