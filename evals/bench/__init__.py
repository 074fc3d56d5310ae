"""Speed and memory, beside what users would do instead, in the same run."""
