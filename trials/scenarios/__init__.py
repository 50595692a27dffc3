"""Nights to play: the network they happen in (a TOML file) and, one module each, who does what and when.

A night is a function of `trials.demo.night.Night`; its seed chooses households and minutes. All of it is
fictitious.
"""
