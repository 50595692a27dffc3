"""How a placement follows its events, one module for each family of `domain.placement.events`. Put together
by `domain.placement.state`, its only reader.
"""
