"""Safety: is the text of a study nothing but text?"""
