# The server's image: the same bootstrap as everywhere, from the hash-locked requirements, without trials and tests.
FROM python:3.13-slim AS build
WORKDIR /app
COPY bootstrap.py pyproject.toml requirements.lock ./
COPY assets assets
COPY api/pages/templates api/pages/templates
RUN python bootstrap.py install

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin approdo \
 && install -d -o approdo -g approdo -m 0700 /var/lib/approdo
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY LICENSE ./
COPY domain domain
COPY ledger ledger
COPY projections projections
COPY api api
COPY --from=build /app/api/pages/vendor api/pages/vendor
RUN .venv/bin/python -m compileall -q domain ledger projections api
ENV PATH=/app/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8000
CMD ["approdo", "serve", "--host", "0.0.0.0", "--port", "8000"]
