"""What a user would pick instead of the tool, as systems that the suite can measure: see the modules.

All stand on the tool's own stored texts and its encoder, so that what differs is the method. A user's own script
would begin with rougher text than that.
"""
