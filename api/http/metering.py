"""What the doors count for operations: requests by route and status, their time, and how searches end.

Labels are route templates, statuses and closed codes: never a house, a district, a person or an id.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """One registry for one application, so that two in one process do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "approdo_http_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "approdo_http_request_seconds",
            "Time to answer a request",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._results = Counter(
            "approdo_placement_results",
            "How requests for a place and later searches ended",
            ("result",),
            registry=self._registry,
        )
        self._problems = Counter(
            "approdo_problems", "Problems answered, by code", ("code",), registry=self._registry
        )

        self._sealed_size = Gauge(
            "approdo_sealed_size", "Events under the last signed head of the log", registry=self._registry
        )
        self._unsealed_seconds = Gauge(
            "approdo_unsealed_seconds",
            "For how long the oldest event that is not sealed has waited",
            registry=self._registry,
        )
        self._disagreements = Gauge(
            "approdo_sealing_disagreements",
            "How often this process's sealer has stopped because the database is not the one it had sealed",
            registry=self._registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        counted = self._known.get((method, route, status))
        if counted is None:
            counted = self._requests.labels(method, route, status), self._seconds.labels(method, route)
            self._known[method, route, status] = counted
        requests, times = counted
        requests.inc()
        times.observe(seconds)

    def searched(self, result: str) -> None:
        self._results.labels(result).inc()

    def problem(self, code: str) -> None:
        self._problems.labels(code).inc()

    def sealed(self, size: int, unsealed_seconds: float, disagreements: int) -> None:
        self._sealed_size.set(size)
        self._unsealed_seconds.set(unsealed_seconds)
        self._disagreements.set(disagreements)

    def page(self) -> bytes:
        return generate_latest(self._registry)
