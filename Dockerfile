# The image of web, workers and beat. Built in stages, so that neither Node.js nor any tool is in what runs.
ARG PYTHON=3.11-slim-bookworm

FROM node:22-bookworm-slim AS design-system
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts

FROM python:${PYTHON} AS build
WORKDIR /src
COPY requirements requirements
# Tools in an environment of their own, uv first, as in the Makefile; then what the portal itself needs, by hash.
RUN python -m venv /tools \
 && sed -n '/^uv==/,/^    # via/p' requirements/dev.txt > /tmp/uv.txt \
 && /tools/bin/pip install --no-cache-dir --require-hashes -r /tmp/uv.txt \
 && /tools/bin/uv pip sync --no-cache --python /tools/bin/python requirements/dev.txt \
 && python -m venv --without-pip /venv \
 && /tools/bin/uv pip sync --no-cache --compile-bytecode --python /venv/bin/python requirements/base.txt
COPY . .
COPY --from=design-system /src/node_modules node_modules
RUN /tools/bin/python -m adgang.lib.catalogue compile \
 && ADGANG_VAR_DIR=/tmp/var ADGANG_STATIC_ROOT=/src/static /tools/bin/python manage.py collectstatic --noinput

FROM python:${PYTHON}
# pg_dump, pg_restore and psql, for `manage.py backup` and `restore`.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client-15 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/adgang --create-home adgang
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /src/manage.py ./
COPY --from=build /src/adgang adgang
COPY --from=build /src/organisations organisations
COPY --from=build /src/certificates certificates
COPY --from=build /src/systems systems
COPY --from=build /src/contacts contacts
COPY --from=build /src/memo memo
COPY --from=build /src/templates templates
COPY --from=build /src/static static
# The file system is read-only where this runs: without bytecode every process would compile all of it at every start.
RUN python -m compileall --quiet adgang organisations certificates systems contacts memo
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ADGANG_ENVIRONMENT=production \
    ADGANG_BIND=0.0.0.0 \
    ADGANG_VAR_DIR=/var/lib/adgang \
    ADGANG_STATIC_ROOT=/app/static
USER adgang
VOLUME /var/lib/adgang
EXPOSE 8000
CMD ["gunicorn", "--config", "python:adgang.serve.gunicorn_config", "adgang.wsgi"]
