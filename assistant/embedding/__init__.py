"""Adapters from sentences to unit vectors; it alone knows onnxruntime, OpenVINO and sentence-transformers."""
