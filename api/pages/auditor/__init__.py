"""The auditor's pages: what was known, decided and done, and nothing that changes anything."""

from api.pages.auditor import journey, network, seal

ROUTES = (*network.ROUTES, *journey.ROUTES, *seal.ROUTES)
