"""Marking contexts, mechanisms and outcomes in sentences, and linking them into configurations."""
