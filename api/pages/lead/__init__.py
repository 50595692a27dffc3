"""The lead body's pages: figures as they were released, bands, reviews to do, notices."""

from api.pages.lead import desk, numbers, reviewing

ROUTES = (*desk.ROUTES, *numbers.ROUTES, *reviewing.ROUTES)
