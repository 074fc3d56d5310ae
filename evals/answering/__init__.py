"""Questions for developing retrieval and answering, and the script that fits and measures on them."""
