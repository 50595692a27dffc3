"""What the engine does by itself because the log grew or time passed. Each loop is a step that a simulator
can call.

An automatic command's id derives from the event that caused it, so that a second owner of the same loop
changes nothing.
"""
