"""Engines: what answers from passages and drafts configurations."""
