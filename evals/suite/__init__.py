"""The core of the evaluation suite: samples, scores, metrics, runs, records, gates, and how they are shown."""
