"""The pages: server-rendered, Italian first, over the doors of `api.http`, which each page asks as any client
does. Nothing here reads the engine or decides anything.
"""
