"""How the four packages are held to their word. Mirrors them; `support` is what several tests share."""
