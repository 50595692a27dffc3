"""The lead body's pages: figures as they were released, bands, reviews to do, notices, the day's page."""

from api.pages.lead import daily, desk, numbers, reviewing

ROUTES = (*desk.ROUTES, *numbers.ROUTES, *reviewing.ROUTES, *daily.ROUTES)
