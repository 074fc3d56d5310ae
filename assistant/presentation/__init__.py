"""What a person or a program sees: terminal rendering and the JSON contracts."""
