"""Pages of who asks for a place from outside the coordination: social services, emergency rooms, police, a
neighbouring network.
"""

from __future__ import annotations

from api.pages.requester import form, own

ROUTES = (*own.ROUTES, *form.ROUTES)
