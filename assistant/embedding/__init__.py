"""Adapters from sentences to unit vectors; the only package that knows onnxruntime and sentence-transformers."""
