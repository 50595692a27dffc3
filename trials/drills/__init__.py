"""Faults and attacks on real processes, each with a control that must fail, substituted here and nowhere
else.
"""
