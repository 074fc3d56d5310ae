"""The evaluation suite: what makes the claims about `assistant` believable; imported by nothing below it."""
