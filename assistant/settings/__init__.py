"""Settings: their schema, where each value came from, and the project folder."""
