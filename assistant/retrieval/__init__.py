"""Finding passages: dense and lexical ranks, fused, with an evidence score."""
