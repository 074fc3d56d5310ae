"""The jobs: ingesting, asking, extracting."""
