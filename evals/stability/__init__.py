"""Stability: does the same question get the same evidence, however it is put?"""
