"""How faithfully documents are read: whole sentences, sections found and typed."""
