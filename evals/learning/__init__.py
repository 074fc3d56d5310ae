"""How the trained parts are made, whatever they learn: the encoder, its batches, the descent, the tensors that ship."""
