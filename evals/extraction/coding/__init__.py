"""Codings of studies by hand: standoff, so that no sentence of a study is kept with them."""
