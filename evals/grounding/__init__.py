"""Grounding: does every quote stand where it is said to stand, and is no other quote let through?"""
