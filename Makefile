# Every target works from a clean checkout, without root. `make help` lists them.
#
# HOLDFAST_PORT, HOLDFAST_DATA and the other settings of api/settings.py are read from the
# environment by holdfast itself; make only passes them on.

PYTHON  ?= python3
# Tests wait for servers and browsers besides reckoning: four keep two processors busy.
WORKERS ?= 4
PYTEST  ?=
MUTATION ?=

# Whoever asked Python to keep no compiled files would have every process of the tests, and there are
# scores, compile Holdfast anew, and pytest rewrite every assertion: a tenth of a run. git ignores them.
unexport PYTHONDONTWRITEBYTECODE

# A worker that has nothing left takes half of what the other has, so none waits for a long file.
XDIST := -n $(WORKERS) --dist worksteal

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo install install-dev test test-long mutation coverage rules checks lint fmt types contracts collected bench lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.project ## start with the demonstration authority; Ctrl-C stops everything
	@# exec: no shell is left between make and holdfast, so Ctrl-C reaches holdfast and it alone stops
	@# its database. The leading @ and the absence of a pipe are part of that.
	@exec $(BIN)/holdfast demo

install: $(VENV)/.project ## make .venv from requirements.lock, with the `holdfast` command

install-dev: $(VENV)/.dev ## the same, with the tools for tests and style

test: checks ## style, types, contracts and every test that is quick
	$(BIN)/python -m pytest $(XDIST) -m "not long" $(PYTEST)

test-long: checks ## every test, the long ones too, then mutation
	HOLDFAST_TESTS_ON_DISK=1 $(BIN)/python -m pytest $(XDIST) $(PYTEST)
	$(MAKE) mutation

mutation: install-dev ## break the rules one place at a time: does a test notice? (MUTATION="--only rules")
	$(BIN)/python -m benchmarks.mutation --workers $(WORKERS) $(MUTATION)

coverage: install-dev ## the quick tests, and which lines of the domain and the views none of them reached
	$(BIN)/python -m pytest $(XDIST) -m "not long" --cov --cov-report=term-missing:skip-covered $(PYTEST)

rules: install-dev ## RULEBOOK.md anew, and which tests prove which rule of the source documents, as JSON
	@$(BIN)/python -m tests.rulebook --write
	@$(BIN)/python -m tests.rulebook

checks: install-dev ## style, types and contracts
	@$(MAKE) --no-print-directory --jobs 2 types lint contracts collected

lint: install-dev ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

fmt: install-dev ## ruff: repair what it can and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: install-dev ## mypy, strict
	$(BIN)/mypy

contracts: install-dev ## who may import whom
	$(BIN)/lint-imports --no-logo

# Types keep one processor busy. The other meanwhile compiles the tests, assertions and all, which every
# worker would else do for itself. What is wrong in a test is said by the run that follows.
collected: install-dev ## the tests, compiled and not run
	@$(BIN)/python -m pytest --collect-only -qq -m "not long" >/dev/null 2>&1 || true

bench: install-dev ## run the benchmarks and print their table
	$(BIN)/python -m benchmarks

lock: $(VENV)/.made ## resolve both lock files anew from pyproject.toml (UPGRADE=--upgrade for newer ones)
	$(PIP) install 'uv>=0.13,<0.14'
	$(BIN)/uv pip compile $(LOCKING) --output-file requirements.lock pyproject.toml requirements.in
	$(BIN)/uv pip compile $(LOCKING) --output-file requirements-dev.lock \
	  --constraints requirements.lock --group dev pyproject.toml requirements.in

# Versions and hashes for every platform, and no address: whoever installs chooses the registry.
LOCKING := --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
  --python-version 3.11 --no-strip-extras --custom-compile-command "make lock" $(UPGRADE)

clean: ## remove the environment and every cache; never a data folder
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage \
	  htmlcov build dist *.egg-info

# --------------------------------------------------------------------------------------------------
# Each stamp is newer than what it was made from, so a second start installs nothing.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Holdfast needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements.lock | $(VENV)/.made
	@echo "Installing what requirements.lock names (first start only)"
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

# The backend comes from the lock (no isolation) and the dependencies are there already (no deps):
# this step asks no registry for anything.
$(VENV)/.project: pyproject.toml $(VENV)/.run
	$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# The longer lock holds the shorter one, so one install does for both: pip asks the registry once. Of what
# it installs tests import a fifth; the rest is not compiled.
$(VENV)/.dev: requirements-dev.lock requirements.lock pyproject.toml | $(VENV)/.made
	@echo "Installing what requirements-dev.lock names"
	$(PIP) install --no-compile --require-hashes -r requirements-dev.lock
	$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.run $(VENV)/.project $@
