"""What the tool speaks about: studies, passages, citations, CMO configurations and answers.

Everything here is frozen, checks itself when made, and knows nothing of files, stores or terminals.
"""
