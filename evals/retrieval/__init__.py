"""Retrieval: is the evidence among the passages that are found?"""
