"""How we know: nights played as a person would, drills with their controls, figures against peers.

May import every room; no room imports it. Nothing here touches a REAL log (`trials.stage.exercise`).
"""
