"""The coordination's pages: the shift, a request, a placement on its way, what is entered late."""
