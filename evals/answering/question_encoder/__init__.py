"""Training of the layers that embed questions."""
