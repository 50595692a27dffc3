"""Installs what the pages borrow: a stylesheet, a font, a script. Standard library only; for `bootstrap.py`.

Not part of the product, and the product does not need what it installs.
"""
